//! The shelf of canned replies, and their variables: what is known of a case, its contact and the agent is put in as
//! text, once, and never read again. What is not known stays as a gap that nothing is sent with.

use super::{Focus, State, bulk, fuzzy, screen};
use crate::model::canned::template::{Piece, pieces};
use crate::model::text::is_harmful;
use crate::model::{Actor, Canned, Case, CaseId, Channel, Contact, Draft, Object, Timestamp};
use serde_json::Value;

/// No value is longer.
const LONGEST: usize = 200;
/// So few letters stand in every text.
const SHORTEST: usize = 3;

/// What there is to pick from, and what was found out since the picker was opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shelf {
    pub replies: Vec<Canned>,
    /// What is wrong with those that are not there, as far as it was said; and whether the agent asks for it.
    pub flaws: Vec<String>,
    pub reload: bool,
    /// The case the picker was opened on: it acts on no other.
    pub about: Option<CaseId>,
    /// What is to be run on it once it was read.
    pub again: Option<String>,
    /// What the agent wrote there and did not send.
    pub draft: Option<Draft>,
    /// The draft that was asked about already: it is asked about once.
    pub asked: Option<CaseId>,
    /// The state a text that was opened to be completed closes with.
    pub meant: Option<(CaseId, String)>,
}

/// What the variables are filled from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    pub case: Option<&'a Case>,
    pub me: Option<&'a Actor>,
    /// Seconds east of UTC.
    pub utc_offset: i32,
    pub now: Timestamp,
}

/// A text whose variables were filled, and those that were not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    pub text: String,
    /// `{{case.order}}`, as it stands in the text.
    pub gaps: Vec<String>,
}

/// What is known of a case on the screen.
pub fn facts(state: &State, case: CaseId) -> Facts<'_> {
    let chain = state.reader.as_ref().map(|reader| &reader.conversation);
    Facts { case: chain.and_then(|chain| chain.case(case)), me: state.me.as_ref(), utc_offset: state.settings.utc_offset, now: state.wall() }
}

/// The case of the pane below the picker.
pub fn about(state: &State) -> Option<CaseId> {
    match screen::place(state) {
        Focus::Compose => state.compose.as_ref().map(|compose| compose.case),
        Focus::Reader => state.reader.as_ref().map(|reader| reader.case),
        _ => state.list.selected,
    }
}

fn channel(state: &State, case: CaseId) -> Option<&Channel> {
    let row = || state.list.window.rows.iter().find(|row| row.id == case).map(|row| &row.channel);
    facts(state, case).case.map(|case| &case.channel).or_else(row)
}

/// What fits a case and what was typed, best first; those with a key first where nothing was typed.
pub fn fitting<'s>(state: &'s State, typed: &str, spoken: bool) -> Vec<&'s Canned> {
    let channel = about(state).filter(|_| !bulk::any_channel(state)).and_then(|case| channel(state, case));
    let offered = state.canned.replies.iter().filter(|reply| reply.fits(channel) && (reply.speaks() || !spoken));
    let mut found: Vec<(i32, u8, &Canned)> = offered.filter_map(|reply| Some((-fit(reply, typed)?, reply.key.unwrap_or(u8::MAX), reply))).collect();
    found.sort_by_key(|(score, key, _)| (*score, *key));
    found.into_iter().map(|(_, _, reply)| reply).collect()
}

/// By its name; else by words of its text.
fn fit(reply: &Canned, typed: &str) -> Option<i32> {
    if typed.trim().is_empty() {
        return Some(0);
    }
    let words = typed.trim().to_lowercase();
    let said = || Some(i32::MIN / 2).filter(|_| words.chars().count() >= SHORTEST && reply.text.to_lowercase().contains(&words));
    fuzzy::score(typed, &reply.name).or_else(said)
}

/// Puts in what is known.
pub fn fill(text: &str, facts: &Facts) -> Filled {
    let mut filled = Filled::default();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.text.push_str(text),
            Piece::Braces => filled.text.push_str("{{"),
            Piece::Variable(variable) => {
                let known = value(variable.name, facts).or_else(|| variable.default.map(str::to_owned));
                filled.text.push_str(known.as_deref().unwrap_or(variable.whole));
                filled.gaps.extend(known.is_none().then(|| variable.whole.to_owned()));
            }
        }
    }
    filled
}

/// The value of a variable, cleaned; none where nothing is known.
fn value(name: &str, facts: &Facts) -> Option<String> {
    let contact = || facts.case.and_then(|case| case.contact.as_ref());
    let raw = match name {
        "date" => {
            let local = facts.now.naive_utc().checked_add_signed(chrono::Duration::seconds(facts.utc_offset.into()))?;
            local.format("%Y-%m-%d").to_string()
        }
        "agent.name" => facts.me?.name.raw().to_owned(),
        "agent.first" => first(facts.me?.name.raw())?,
        "contact.first" => first_of(contact()?)?,
        "case.id" => facts.case?.id.to_string(),
        "case.title" => facts.case?.title.raw().to_owned(),
        "case.channel" => facts.case?.channel.as_str().to_owned(),
        _ => match name.split_once('.')? {
            ("contact", key) => field(&contact()?.fields, key)?,
            ("case", key) => field(&facts.case?.fields, key)?,
            _ => return None,
        },
    };
    Some(clean(&raw)).filter(|value| !value.is_empty())
}

/// A field by its key, in any case of letters where none is spelled exactly so.
fn field(fields: &Object, key: &str) -> Option<String> {
    let folded = || fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    match fields.get(key).or_else(folded)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => inner.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

fn first_of(contact: &Contact) -> Option<String> {
    let own = ["firstName", "first_name", "first"].iter().find_map(|key| field(&contact.fields, key)).filter(|name| !name.trim().is_empty());
    own.or_else(|| first(&field(&contact.fields, "name")?))
}

/// The first name in a name. A title, an address or a number is none.
fn first(name: &str) -> Option<String> {
    let name = name.split_once(',').map_or(name, |(_, given)| given);
    let is_title =
        |word: &str| matches!(word.trim_end_matches('.').to_lowercase().as_str(), "mr" | "mrs" | "ms" | "dr" | "prof" | "herr" | "frau" | "m" | "mme");
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|word| is_title(word)).count();
    let words = &words[titles..];
    let given = words.first().filter(|_| titles == 0 || words.len() > 1)?;
    Some((*given).to_owned()).filter(|given| given.chars().any(char::is_alphabetic) && !given.contains(['@', '#']))
}

/// On one line, nothing that a terminal obeys, and no braces that could be taken for a variable.
fn clean(raw: &str) -> String {
    let plain = raw.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control() && !is_harmful(*c));
    let words = plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("{{", "{ {").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::{Facts, fill, first};
    use crate::model::{Actor, Case, CaseId, Contact, Timestamp, UserId};
    use serde_json::{Value, json};

    fn case(contact: &Value, fields: &Value) -> Case {
        let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let contact = Contact { fields: object(contact), ..Contact::default() };
        Case { id: CaseId(4410), title: "Parcel".into(), contact: Some(contact), fields: object(fields), ..Case::default() }
    }

    fn filled(text: &str, case: &Case) -> (String, Vec<String>) {
        let me = Actor { id: UserId(17), name: "Ola Nordmann".into() };
        let now = Timestamp::from_timestamp(1_795_476_600, 0).unwrap();
        let filled = fill(text, &Facts { case: Some(case), me: Some(&me), utc_offset: 3600, now });
        (filled.text, filled.gaps)
    }

    #[test]
    fn what_is_known_is_put_in_and_the_rest_is_a_gap() {
        let case = case(&json!({"name": "Mina Sato", "email": "mina@example.com", "country": {"name": "JP"}, "Plan": ""}), &json!({"order": 881}));
        let text = "Hi {{contact.first|there}} ({{contact.email}}, {{contact.COUNTRY}}), order {{case.order}} of {{case.id}} '{{case.title}}'. {{agent.first}}, {{date}}";
        let (text, gaps) = filled(text, &case);
        assert!(text.starts_with("Hi Mina (mina@example.com, JP), order 881 of 4410 'Parcel'. Ola, 20"), "{text}");
        assert!(gaps.is_empty());
        let (text, gaps) = filled("{{contact.phone}} {{contact.plan|}}{{case.sum|0}} \\{{date}}", &case);
        assert_eq!((text.as_str(), gaps), ("{{contact.phone}} 0 {{date}}", vec!["{{contact.phone}}".to_owned()]));
    }

    #[test]
    fn a_value_is_text_and_nothing_else() {
        let case = case(&json!({"name": "{{agent.name}}\u{1b}[31m\r\nMina\u{202e}\u{7}", "email": "x".repeat(900)}), &json!({"list": [1], "yes": true}));
        assert_eq!(filled("{{contact.name}}", &case), ("{ {agent.name}}[31m Mina".to_owned(), Vec::new()));
        assert_eq!(filled("{{contact.email}}", &case).0.len(), 200);
        assert_eq!(filled("{{case.list}}{{case.yes|no}}", &case).1, ["{{case.list}}"]);
        let nobody = fill("{{contact.name|you}} {{agent.name}}", &Facts::default());
        assert_eq!((nobody.text.as_str(), nobody.gaps.len()), ("you {{agent.name}}", 1));
    }

    #[test]
    fn a_first_name_is_a_name() {
        for (name, wanted) in [
            ("Mina Sato", Some("Mina")),
            ("  Zoë ", Some("Zoë")),
            ("Sato, Mina", Some("Mina")),
            ("Dr. Mina Sato", Some("Mina")),
            ("Mr Sato", None),
            ("mina@example.com", None),
            ("+47 555 0101", None),
            ("#9", None),
            ("", None),
            ("田中", Some("田中")),
        ] {
            assert_eq!(first(name).as_deref(), wanted, "{name}");
        }
    }
}

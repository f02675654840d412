//! The people of the demo: the agents of the account, and customers invented from lists of names.
//! Every address is in a domain kept for examples, every number in a range kept for fiction where there is one.

use super::book::book;
use super::dice::Dice;
use super::lang::Lang;
use crate::model::{Contact, ContactId, Object, Person, SenderType};
use serde_json::json;

/// An agent of the account: id, name, and the language they are called for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Agent {
    pub id: i64,
    pub name: &'static str,
    lang: Option<Lang>,
}

/// The one the demo's key acts as.
pub const VIEWER: i64 = 17;

pub const AGENTS: [Agent; 8] = [
    Agent { id: 17, name: "Robin Hale", lang: None },
    Agent { id: 11, name: "Maya Lindqvist", lang: None },
    Agent { id: 12, name: "Tom Okafor", lang: None },
    Agent { id: 14, name: "Yuki Tanaka", lang: Some(Lang::Ja) },
    Agent { id: 19, name: "Priya Nair", lang: Some(Lang::Hi) },
    Agent { id: 21, name: "Lukas Brandt", lang: Some(Lang::De) },
    Agent { id: 23, name: "Sofía Reyes", lang: Some(Lang::Es) },
    Agent { id: 26, name: "Élodie Martin", lang: Some(Lang::Fr) },
];

impl Agent {
    pub fn named(id: i64) -> Self {
        AGENTS.into_iter().find(|agent| agent.id == id).unwrap_or(AGENTS[0])
    }

    /// Who would take a case in this language.
    pub fn speaking(lang: Lang, dice: &mut Dice) -> Self {
        AGENTS.into_iter().find(|agent| agent.lang == Some(lang)).unwrap_or_else(|| dice.pick(&AGENTS))
    }

    /// Another one.
    pub fn colleague(self, dice: &mut Dice) -> Self {
        let at = dice.below(AGENTS.len());
        if AGENTS[at].id == self.id { AGENTS[(at + 1) % AGENTS.len()] } else { AGENTS[at] }
    }

    pub fn first(self) -> &'static str {
        self.name.split(' ').next().unwrap_or(self.name)
    }

    pub fn person(self) -> Person {
        let email = format!("{}@tidewell.example", plain(self.first()));
        Person { id: self.id, name: self.name.into(), email: Some(email.into()), kind: Some(SenderType::User) }
    }
}

/// As it stands in an address: the diacritics of the lists' names left out.
fn plain(name: &str) -> String {
    let bare = |c: char| match c {
        'é' | 'è' | 'ë' => 'e',
        'í' | 'ï' => 'i',
        'ø' | 'ö' | 'ó' => 'o',
        'ü' | 'ú' => 'u',
        'å' | 'ä' | 'á' | 'à' | 'ã' => 'a',
        'ñ' => 'n',
        _ => c,
    };
    name.to_lowercase().chars().map(bare).collect()
}

/// A customer, and what an agent calls them.
pub fn invent(lang: Lang, id: i64, dice: &mut Dice) -> (Contact, String) {
    let culture = book().culture(lang);
    // Neighbours have different names, whatever the dice say.
    let turn = usize::try_from(id).unwrap_or(0);
    let mut given = split(at(&culture.given, turn * 31));
    let mut family = split(at(&culture.family, turn * 7 + dice.below(7) * 10));
    if lang == Lang::En && dice.chance(8) {
        given = split(dice.pick(book().list("other.given")));
        family = split(dice.pick(book().list("other.family")));
    }
    let (name, first) = match lang {
        Lang::Ja => (format!("{} {}", family.0, given.0), family.0.to_owned()),
        _ if lang.family_first() => (format!("{}{}", family.0, given.0), format!("{}{}", family.0, given.0)),
        _ => (format!("{} {}", given.0, family.0), given.0.to_owned()),
    };
    let address = address(&given.1, &family.1, dice);
    let mut place = dice.pick(&culture.cities).split('/');
    let mut next = || place.next().unwrap_or_default();
    let (city, state, country, code) = (next(), next(), next(), next());
    let mut fields = Object::new();
    fields.insert("name".into(), json!(name));
    fields.insert("email".into(), json!(address));
    fields.insert("phone".into(), json!(phone(code, dice)));
    fields.insert("city".into(), json!(city));
    fields.insert("state".into(), json!(state));
    fields.insert("country".into(), json!({"name": country, "code": code}));
    fields.insert("ip".into(), json!(format!("203.0.113.{}", dice.between(1, 254))));
    fields.insert("language".into(), json!(lang.code()));
    fields.insert("plan".into(), json!(dice.pick(&["Starter", "Starter", "Plus", "Plus", "Team", "Studio"])));
    fields.insert("customerSince".into(), json!(dice.between(2017, 2026)));
    (Contact { id: ContactId(id), fields, extra: Object::new() }, first)
}

fn at(names: &[&'static str], index: usize) -> &'static str {
    names.get(index % names.len().max(1)).copied().unwrap_or_default()
}

/// `native/roman`, or one that is both.
fn split(name: &'static str) -> (&'static str, String) {
    name.split_once('/').map_or_else(|| (name, plain(name)), |(native, roman)| (native, roman.to_owned()))
}

fn address(given: &str, family: &str, dice: &mut Dice) -> String {
    let family: String = family.chars().filter(char::is_ascii_alphanumeric).collect();
    let given: String = given.chars().filter(char::is_ascii_alphanumeric).collect();
    let host = dice.pick(&["example.com", "example.org", "example.net", "mail.example", "post.example"]);
    match dice.below(4) {
        0 => format!("{given}{}@{host}", dice.between(2, 99)),
        1 => format!("{}{family}@{host}", given.chars().next().unwrap_or('x')),
        _ => format!("{given}.{family}@{host}"),
    }
}

fn phone(country: &str, dice: &mut Dice) -> String {
    let three = dice.between(100, 999);
    match country {
        "GB" => format!("+44 7700 900{three}"),
        "DE" => format!("+49 30 23125 {three}"),
        "FR" => format!("+33 1 99 00 {:02} {:02}", three % 90 + 10, three / 10),
        "US" | "CA" => format!("+1 202 555 01{:02}", three % 100),
        "AU" => format!("+61 491 570 {three}"),
        _ => format!("+00 555 0{three}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{AGENTS, Agent, VIEWER, invent};
    use crate::server::demo::dice::Dice;
    use crate::server::demo::lang::Lang;

    #[test]
    fn the_viewer_is_an_agent_and_nobody_is_their_own_colleague() {
        let mut dice = Dice::new(1, 1);
        assert_eq!(Agent::named(VIEWER).first(), "Robin");
        assert!(AGENTS.iter().all(|agent| (0..50).all(|_| agent.colleague(&mut dice).id != agent.id)));
    }

    #[test]
    fn contacts_have_a_name_and_an_address_in_ascii() {
        let mut dice = Dice::new(3, 3);
        for lang in Lang::ALL {
            let (contact, first) = invent(lang, 5, &mut dice);
            let email = contact.field("email").unwrap();
            assert!(email.raw().is_ascii() && !email.raw().starts_with('@') && !email.raw().contains(".@"), "{}", email.raw());
            assert!(contact.name().raw().contains(&first));
            assert!(contact.field("country").is_some() && contact.field("phone").is_some());
        }
    }
}

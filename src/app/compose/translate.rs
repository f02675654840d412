//! `Ctrl-x t`: the language the server puts a reply into. Offered only where a server does it; it says so itself, or the
//! config does of one that says nothing. What is chosen stands in the title, and goes with the draft and the operation.

use super::super::prompt::{self, Prompt, PromptKind};
use super::super::update::say;
use super::super::{Action, Effect, Level, State, bulk, habits};
use super::keep;
use crate::model::lang::OFFERED;
use crate::model::{Case, Channel, DraftKind, Habit, Lang};
use serde_json::Value;

/// The row that switches it off.
const OFF: &str = "not translated";
/// Where accounts keep what a customer speaks.
const FIELDS: [&str; 5] = ["language", "lang", "locale", "preferredLanguage", "preferred_language"];

/// Why a reply can't be translated, in words.
pub fn refused(state: &State) -> Option<String> {
    let compose = state.compose.as_ref()?;
    let words = match (compose.kind, compose.channel(state)) {
        (DraftKind::Note, _) => return Some(format!("a note is for colleagues and never translated; {} makes it a reply", state.key(Action::SwitchKind))),
        _ if compose.case == bulk::MANY => "a text to many cases goes out as it is written: translate a reply to one",
        _ if compose.edits.is_some() => "an edit goes out as it is written: only a new reply is translated",
        (_, Some(Channel::Email)) => "a mail goes out as it is written: the server translates chat replies only",
        (_, Some(Channel::Voip)) => "a text message goes out as it is written: the server translates chat replies only",
        _ => return unable(state.habits.translates, state.settings.translate).map(str::to_owned),
    };
    Some(words.to_owned())
}

/// The same of the server alone: what it said of itself counts, else what the config says of it.
pub fn unable(said: Option<bool>, config: bool) -> Option<&'static str> {
    match said {
        Some(true) => None,
        Some(false) => Some("this server does not translate replies: it says so itself"),
        None if config => None,
        None => Some("the server does not say that it translates replies; if yours does: translate = true in the config"),
    }
}

/// Asks for the language. What was chosen elsewhere can always be switched off.
pub fn open(state: &mut State) -> Vec<Effect> {
    let chosen = state.compose.as_ref().is_some_and(|compose| compose.translate.is_some());
    match refused(state) {
        Some(_) if chosen => {
            let effects = choose(state, None);
            let _notice = say(state, Level::Done, "not translated any more: it goes out as it is written".to_owned());
            effects
        }
        Some(why) => say(state, Level::Warning, why),
        None => prompt::open(state, PromptKind::Translate),
    }
}

/// `German  de`: the customer's own first, then what was used lately, then the rest; a key that was typed whole before all.
pub fn rows(state: &State, typed: &str) -> Vec<String> {
    let wanted = typed.trim().to_lowercase();
    let off = state.compose.as_ref().is_some_and(|compose| compose.translate.is_some()).then(|| OFF.to_owned());
    let own = customers(state).into_iter().map(|lang| (lang, " · the customer's"));
    let lately = state.habits.languages.iter().filter_map(|key| Lang::parse(key).ok()).map(|lang| (lang, " · used lately"));
    let rest = OFFERED.iter().filter_map(|(key, _)| Lang::parse(key).ok()).map(|lang| (lang, ""));
    let mut seen = Vec::new();
    let mut fresh = |lang: &Lang| {
        !seen.contains(lang) && {
            seen.push(lang.clone());
            true
        }
    };
    let all = own.chain(lately).chain(rest).filter(|(lang, _)| fresh(lang));
    let fits = |lang: &Lang| lang.name().to_lowercase().contains(&wanted) || lang.key().to_lowercase().starts_with(&wanted);
    let mut rows: Vec<(Lang, &str)> = all.filter(|(lang, _)| fits(lang)).collect();
    let mut last = None;
    if let Ok(exact) = Lang::parse(typed) {
        let known = rows.iter().position(|(lang, _)| *lang == exact).map_or((exact, ""), |at| rows.remove(at));
        // Three letters are the beginning of a name, more often than a key.
        if wanted.len() == 3 { last = Some(known) } else { rows.insert(0, known) }
    }
    let row = |(lang, why): (Lang, &str)| format!("{}  {}{why}", lang.name(), lang.key());
    let off = off.filter(|row| row.contains(&wanted));
    rows.into_iter().map(row).chain(off).chain(last.map(row)).collect()
}

/// What the customer speaks, as far as the fields of the contact or the case say it.
fn customers(state: &State) -> Option<Lang> {
    let case = state.compose.as_ref().map(|compose| compose.case)?;
    let case: &Case = state.reader.as_ref()?.conversation.case(case)?;
    let fields = case.contact.as_ref().map(|contact| &contact.fields).into_iter().chain([&case.fields]);
    let words = fields.flat_map(|fields| FIELDS.iter().filter_map(|name| fields.get(*name)));
    words.filter_map(|value| value.as_str().or_else(|| value.get("name").and_then(Value::as_str))).find_map(|word| Lang::parse(word).ok())
}

pub fn accept(state: &mut State, prompt: Prompt, picked: Option<&str>) -> Vec<Effect> {
    let lang = match picked {
        Some(OFF) => None,
        // The key is what stands between the name and the reason.
        Some(row) => row.split("  ").nth(1).and_then(|rest| Lang::parse(rest.split(' ').next()?).ok()),
        None => match Lang::parse(&prompt.text) {
            Ok(lang) => Some(lang),
            Err(error) => return prompt::again(state, prompt, error),
        },
    };
    choose(state, lang)
}

fn choose(state: &mut State, lang: Option<Lang>) -> Vec<Effect> {
    let now = state.now;
    if let Some(compose) = state.compose.as_mut().filter(|compose| compose.translate != lang) {
        compose.translate.clone_from(&lang);
        compose.touch(now);
    }
    let mut effects = keep::autosave(state);
    effects.extend(lang.into_iter().flat_map(|lang| habits::learn(state, Habit::Translated { to: lang.key().to_owned() })));
    effects
}

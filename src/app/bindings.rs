//! The keys in force: the table, what a preset changes of it, and the agent's own keys over both. Built once at the start;
//! what does not fit together is refused then, in words. Looking a key up costs the same however many there are.

use super::keymap::{self, KEYS};
use super::presets::Preset;
use super::{Action, Focus, chord};
use std::collections::BTreeMap;

/// See the room's first lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Bindings {
    /// By place and sequence.
    bound: BTreeMap<(Focus, String), Bound>,
    /// The same by place and action: the agent's own key first.
    keys: BTreeMap<(Focus, Action), Vec<(String, Origin)>>,
}

/// What a sequence does, and who said so.
#[derive(Debug, Clone, PartialEq)]
struct Bound {
    action: Action,
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Of the config file: `config.toml:7`.
    Config(String),
    Preset(&'static str),
    Default,
}

impl Origin {
    pub fn words(&self) -> &str {
        match self {
            Self::Config(place) => place,
            Self::Preset(name) => name,
            Self::Default => "default",
        }
    }
}

/// What a sequence of keys means in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Action(Action),
    /// The beginning of a longer sequence.
    Begun,
    Nothing,
}

/// A key as the agent wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Nothing: wherever the action works, but for the compose box and the sheet.
    pub place: Option<Focus>,
    pub key: String,
    /// The name of an action, or `none`.
    pub action: String,
    /// Where it is written.
    pub place_in_file: String,
}

/// Why a key can't be had, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which of the wanted ones.
    pub at: usize,
    pub what: String,
    pub hint: String,
}

const EVERYWHERE: [Focus; 4] = [Focus::List, Focus::Reader, Focus::Outbox, Focus::Log];

impl Default for Bindings {
    fn default() -> Self {
        Self::of(Preset::Default)
    }
}

impl Bindings {
    /// The keys of a preset.
    pub fn of(preset: Preset) -> Self {
        let mut bindings = Self { bound: BTreeMap::new(), keys: BTreeMap::new() };
        for row in KEYS {
            for (place, key) in row.places.iter().flat_map(|place| row.keys.iter().map(move |key| (place, key))) {
                bindings.put(*place, key, Some(row.action), Origin::Default);
            }
        }
        for (places, key, action) in preset.changes() {
            places.iter().for_each(|place| bindings.put(*place, key, *action, Origin::Preset(preset.name())));
        }
        bindings.index();
        bindings
    }

    fn put(&mut self, place: Focus, key: &str, action: Option<Action>, origin: Origin) {
        let Ok(sequence) = chord::parse(key) else { return };
        match action {
            Some(action) => drop(self.bound.insert((place, sequence), Bound { action, origin })),
            None => drop(self.bound.remove(&(place, sequence))),
        }
    }

    /// The agent's own keys over these. All of them fit together, or the first that does not is named.
    pub fn with(mut self, wanted: &[Wanted]) -> Result<Self, Refused> {
        let mut own: BTreeMap<(Focus, String), (usize, Action)> = BTreeMap::new();
        for (at, one) in wanted.iter().enumerate() {
            let refused = |(what, hint): (String, String)| Refused { at, what, hint };
            let sequence =
                chord::parse(&one.key).map_err(|what| refused((what, "keys are written like 'x', 'gx', 'Ctrl-x', 'Space', 'PgDn', 'F5'".to_owned())))?;
            let Some(action) = named(&one.action).map_err(refused)? else {
                one.places(None).map_err(refused)?.into_iter().for_each(|place| drop(self.bound.remove(&(place, sequence.clone()))));
                continue;
            };
            for place in one.places(Some(action)).map_err(refused)? {
                fits(place, &sequence, action).map_err(refused)?;
                if let Some((other, before)) = own.insert((place, sequence.clone()), (at, action)).filter(|(_, before)| *before != action) {
                    let what = format!("'{}' is '{}' and '{}' in the {}", one.key, before.name(), action.name(), place.title());
                    return Err(refused((what, format!("keep one of them; the other is at {}", wanted[other].place_in_file))));
                }
                let origin = Origin::Config(one.place_in_file.clone());
                self.bound.insert((place, sequence.clone()), Bound { action, origin });
            }
        }
        if let Some((place, short, long)) = self.clashes().into_iter().next() {
            let of = |key: &str| own.get(&(place, key.to_owned())).map(|(at, _)| *at);
            let at = of(&short).max(of(&long)).unwrap_or(0);
            let (name, other) = if of(&long) == Some(at) { (&long, &short) } else { (&short, &long) };
            let what = format!("'{}' and '{}' can't both be keys of the {}: one begins the other", chord::written(name), chord::written(other), place.title());
            return Err(Refused { at, what, hint: format!("choose another key, or free the other one: \"{}\" = \"none\"", chord::written(other)) });
        }
        let kept = |action: Action| self.bound.iter().any(|((place, _), bound)| *place == Focus::Sheet && bound.action == action);
        if let Some(lost) = [Action::DoAll, Action::Back].into_iter().find(|action| !kept(*action)) {
            let at = wanted.iter().rposition(|one| one.place == Some(Focus::Sheet)).unwrap_or(0);
            let what = format!("'{}' would have no key before many cases", lost.name());
            return Err(Refused { at, what, hint: "give it another one there, or leave it the one it has".to_owned() });
        }
        self.index();
        Ok(self)
    }

    /// Where one key is the beginning of another, so that the longer one could never be reached.
    pub fn clashes(&self) -> Vec<(Focus, String, String)> {
        let longer = |place: Focus, short: &str| self.following(place, short).next().map(|(long, _)| long.to_owned());
        self.bound.keys().filter_map(|(place, short)| Some((*place, short.clone(), longer(*place, short)?))).collect()
    }

    fn index(&mut self) {
        self.keys.clear();
        // In the order of the table, which says the one to be shown first.
        for row in KEYS {
            for place in row.places {
                let ranked = |sequence: &str| row.keys.iter().position(|key| chord::parse(key).as_deref() == Ok(sequence)).unwrap_or(usize::MAX);
                let here = self.bound.iter().filter(|((at, _), bound)| at == place && bound.action == row.action);
                let mut keys: Vec<_> = here.map(|((_, sequence), bound)| (sequence.clone(), bound.origin.clone())).collect();
                keys.sort_by(|a, b| (&a.1, ranked(&a.0), &a.0).cmp(&(&b.1, ranked(&b.0), &b.0)));
                let keys = keys.into_iter().map(|(sequence, origin)| (chord::written(&sequence), origin)).collect();
                self.keys.insert((*place, row.action), keys);
            }
        }
    }

    /// Looks up what was typed so far.
    pub fn find(&self, place: Focus, typed: &str) -> Found {
        match self.bound.get(&(place, typed.to_owned())) {
            Some(bound) => Found::Action(bound.action),
            None if self.following(place, typed).next().is_some() => Found::Begun,
            None => Found::Nothing,
        }
    }

    /// The longer sequences that begin so, and what they do.
    pub fn following<'b>(&'b self, place: Focus, typed: &str) -> impl Iterator<Item = (&'b str, Action)> + use<'b> {
        let begin = format!("{typed} ");
        let from = (place, begin.clone());
        let rest = self.bound.range(from..).take_while(move |((at, sequence), _)| *at == place && sequence.starts_with(&begin));
        rest.map(|((_, sequence), bound)| (sequence.as_str(), bound.action))
    }

    /// The keys of an action in a place as they are written, the one to be shown first; and where each comes from.
    pub fn keys(&self, place: Focus, action: Action) -> &[(String, Origin)] {
        self.keys.get(&(place, action)).map_or(&[], Vec::as_slice)
    }

    /// The one to be shown, else the name for the command line.
    pub fn shown(&self, place: Focus, action: Action) -> String {
        self.keys(place, action).first().map_or_else(|| format!(":{}", action.name()), |(key, _)| key.clone())
    }
}

impl Wanted {
    /// Where it is to work.
    fn places(&self, action: Option<Action>) -> Result<Vec<Focus>, (String, String)> {
        let works = |place: &Focus| action.is_none_or(|action| keymap::row(*place, action).is_some());
        let asked: Vec<Focus> = self.place.map_or_else(|| EVERYWHERE.to_vec(), |place| vec![place]);
        let places: Vec<Focus> = asked.into_iter().filter(works).collect();
        match (places.is_empty(), action) {
            (true, Some(action)) => Err((format!("'{}' works {}", action.name(), keymap::places(action)), "say it in the table of that place".to_owned())),
            _ => Ok(places),
        }
    }
}

/// Nothing: the key is to be free.
fn named(name: &str) -> Result<Option<Action>, (String, String)> {
    if name == "none" {
        return Ok(None);
    }
    let unknown = || (format!("no action is called '{name}'"), super::words::nearest(name, Action::all().map(Action::name)));
    Action::parse(name).map(Some).ok_or_else(unknown)
}

/// What a place keeps for itself.
fn fits(place: Focus, sequence: &str, action: Action) -> Result<(), (String, String)> {
    match place {
        Focus::Compose => text_first(sequence, action),
        Focus::Sheet => rows_first(sequence),
        _ => Ok(()),
    }
}

/// In the compose box a letter is text; only what picks a canned reply may be one, and is it in an empty line only.
fn text_first(sequence: &str, action: Action) -> Result<(), (String, String)> {
    let first = sequence.split(' ').next().unwrap_or_default();
    let text = first.chars().count() == 1 || first == "Space";
    if text && (action != Action::Canned || sequence != first) {
        return Err((format!("'{}' is text in the composer", chord::written(sequence)), "begin with Ctrl there, or take a key like F5".to_owned()));
    }
    Ok(())
}

/// Before many cases a letter is a row, and each key is looked up alone.
fn rows_first(sequence: &str) -> Result<(), (String, String)> {
    let what = match sequence.as_bytes() {
        [b'a'..=b'z'] => "leaves a row of many cases out",
        _ if sequence.contains(' ') => "is more than one key",
        _ => return Ok(()),
    };
    Err((format!("'{}' {what}", chord::written(sequence)), "before many cases take one key like F5 or Ctrl-s".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Bindings, Found, Origin, Refused, Wanted};
    use crate::app::keymap::KEYS;
    use crate::app::presets::Preset;
    use crate::app::{Action, Focus, chord};
    use Focus::{Compose, List, Outbox, Reader};

    fn with(wanted: &[(Option<Focus>, &str, &str)]) -> Result<Bindings, Refused> {
        let line = |at: usize| format!("config.toml:{}", at + 1);
        let wanted = wanted.iter().enumerate();
        let wanted = wanted.map(|(at, (place, key, action))| Wanted { place: *place, key: (*key).into(), action: (*action).into(), place_in_file: line(at) });
        Bindings::default().with(&wanted.collect::<Vec<_>>())
    }

    #[test]
    fn every_row_of_the_table_is_found_and_begins_no_other() {
        let bindings = Bindings::default();
        for row in KEYS {
            for (place, key) in row.places.iter().flat_map(|place| row.keys.iter().map(move |key| (place, key))) {
                let sequence = chord::parse(key).unwrap();
                assert_eq!(bindings.find(*place, &sequence), Found::Action(row.action), "{key}");
            }
        }
        assert_eq!(bindings.find(List, "g"), Found::Begun);
        assert_eq!(bindings.find(List, "g q"), Found::Nothing);
        assert_eq!(bindings.shown(List, Action::First), "gg");
    }

    #[test]
    fn presets_have_no_conflicts_and_take_no_action_away() {
        for preset in Preset::EVERY {
            let bindings = Bindings::of(preset);
            assert_eq!(bindings.clashes(), [], "{}", preset.name());
            for (places, key, action) in preset.changes() {
                chord::parse(key).unwrap();
                let works = |place: &&Focus| action.is_none_or(|action| crate::app::keymap::row(**place, action).is_some());
                assert!(places.iter().all(|place| works(&place)), "{} {key}", preset.name());
            }
            for row in KEYS.iter().filter(|row| !row.keys.is_empty()) {
                let lost: Vec<_> = row.places.iter().filter(|place| bindings.keys(**place, row.action).is_empty()).collect();
                assert!(lost.is_empty(), "{}: {} has no key in {lost:?}", preset.name(), row.action.name());
            }
        }
        assert_eq!(Bindings::of(Preset::Vim).find(List, "d d"), Found::Action(Action::Close));
        assert_eq!(Bindings::of(Preset::Gmail).find(Reader, "u"), Found::Action(Action::Back));
    }

    #[test]
    fn own_keys_go_before_the_table_and_are_shown_first() {
        let bindings = with(&[(Some(List), "x", "close"), (Some(List), "e", "none"), (None, "Q", "queue"), (Some(Compose), "Enter", "send")]).unwrap();
        assert_eq!(bindings.find(List, "x"), Found::Action(Action::Close));
        assert_eq!((bindings.find(List, "e"), bindings.find(Reader, "e")), (Found::Nothing, Found::Action(Action::Close)));
        assert_eq!(bindings.keys(List, Action::Close), [("x".to_owned(), Origin::Config("config.toml:1".to_owned()))]);
        for place in [List, Reader, Outbox] {
            assert_eq!(bindings.shown(place, Action::View(0)), "Q");
        }
        assert_eq!(bindings.find(Compose, "Enter"), Found::Action(Action::Send));
        let taken = with(&[(Some(List), "e", "snooze")]).unwrap();
        assert_eq!((taken.find(List, "e"), taken.shown(List, Action::Close)), (Found::Action(Action::Snooze), ":close".to_owned()));
    }

    #[test]
    fn what_does_not_fit_together_is_refused_with_its_line() {
        for (wanted, at, words) in [
            (&[(Some(List), "x", "close"), (None, "x", "snooze")][..], 1, "'x' is 'close' and 'snooze' in the list"),
            (&[(Some(List), "Ctrl-x", "close"), (Some(List), "ctrl-X", "claim")], 1, "'ctrl-X' is 'close' and 'claim'"),
            (&[(Some(List), "x", "close"), (Some(List), "g", "claim")], 1, "'g' and 'g"),
            (&[(Some(List), "ex", "close")], 0, "'ex' and 'e' can't both be keys of the list"),
            (&[(Some(List), "x", "cloze")], 0, "no action is called 'cloze'"),
            (&[(Some(List), "Entr", "close")], 0, "no key is called 'Entr'"),
            (&[(None, "Ctrl-z", "close")], 0, "Ctrl-z can't be bound"),
            (&[(None, "Ctrl-c", "none")], 0, "Ctrl-c can't be bound"),
            (&[(Some(List), "x", "send")], 0, "'send' works in the composer"),
            (&[(Some(Compose), "x", "send")], 0, "'x' is text in the composer"),
            (&[(Some(Compose), "g Enter", "send")], 0, "'g Enter' is text in the composer"),
        ] {
            let refused = with(wanted).unwrap_err();
            assert!(refused.at == at && refused.what.contains(words) && !refused.hint.is_empty(), "{refused:?}");
        }
        assert_eq!(with(&[(Some(List), "x", "cloze")]).unwrap_err().hint, "did you mean 'close'?");
        assert!(with(&[(Some(List), "e", "none"), (Some(List), "ex", "close"), (None, "x", "close"), (Some(List), "x", "close")]).is_ok());
    }
}

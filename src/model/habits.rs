//! What is learned from use and from the server and must survive a restart, also without a network. Small, and kept beside the
//! outbox: its form may only grow.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that was learned of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// Can tags and fields of a case be changed at the server? `None`: it never said.
    pub case_update: Option<bool>,
    /// The state a close used last, by channel; under the empty name of any channel.
    pub states: BTreeMap<String, String>,
    /// Whom cases were given to: how often, and the letter that does it.
    pub receivers: BTreeMap<String, Receiver>,
    /// Does the server translate replies? `None`: it never said.
    pub translates: Option<bool>,
    /// The keys of the languages replies were last put into, newest first.
    pub languages: Vec<String>,
    /// How many cells the list is wider than the terminal suggests, or narrower.
    pub wider: i16,
    /// The contact card is hidden where there is room for it.
    pub card_hidden: bool,
}

/// An agent (`u17`) or a department (`d3`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receiver {
    pub count: u32,
    pub letter: Option<char>,
}

/// One thing that was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Habit {
    CaseUpdate(bool),
    Closed { channel: String, state: String },
    Given { to: String, letter: Option<char> },
    Translates(bool),
    Translated { to: String },
    Panes { wider: i16, card_hidden: bool },
}

/// Longer words and more names than these are no habits.
const LONGEST: usize = 200;
const MOST: usize = 500;
/// So many languages are "used lately".
const LATELY: usize = 6;

impl Habits {
    /// Takes one in. A letter, once learned, stays.
    pub fn learn(&mut self, habit: &Habit) {
        match habit {
            Habit::CaseUpdate(offered) => self.case_update = Some(*offered),
            Habit::Closed { channel, state } if state.len() <= LONGEST && channel.len() <= LONGEST && self.states.len() < MOST => {
                self.states.insert(channel.clone(), state.clone());
                self.states.insert(String::new(), state.clone());
            }
            Habit::Given { to, letter } if self.receivers.len() < MOST || self.receivers.contains_key(to) => {
                let receiver = self.receivers.entry(to.clone()).or_default();
                receiver.count = receiver.count.saturating_add(1);
                receiver.letter = receiver.letter.or(*letter);
            }
            Habit::Translates(offered) => self.translates = Some(*offered),
            Habit::Translated { to } if to.len() <= LONGEST => {
                self.languages.retain(|key| key != to);
                self.languages.insert(0, to.clone());
                self.languages.truncate(LATELY);
            }
            Habit::Panes { wider, card_hidden } => (self.wider, self.card_hidden) = (*wider, *card_hidden),
            Habit::Closed { .. } | Habit::Given { .. } | Habit::Translated { .. } => {}
        }
    }

    /// The state a close of this channel used last, else the last one of all.
    pub fn closing(&self, channel: &str) -> Option<&str> {
        self.states.get(channel).or_else(|| self.states.get("")).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::{Habit, Habits};

    #[test]
    fn what_was_learned_is_kept_by_channel_and_a_letter_stays() {
        let mut habits = Habits::default();
        assert_eq!(habits.closing("chat"), None);
        let closed = |channel: &str, state: &str| Habit::Closed { channel: channel.into(), state: state.into() };
        habits.learn(&closed("chat", "refunded"));
        assert_eq!((habits.closing("chat"), habits.closing("email")), (Some("refunded"), Some("refunded")));
        habits.learn(&closed("email", "handled"));
        assert_eq!((habits.closing("chat"), habits.closing("voip")), (Some("refunded"), Some("handled")));
        for letter in ['a', 'b'] {
            habits.learn(&Habit::Given { to: "u18".into(), letter: Some(letter) });
        }
        let ada = &habits.receivers["u18"];
        assert_eq!((ada.count, ada.letter), (2, Some('a')));
        for key in ["de", "fr", "es", "it", "pt", "nl", "pl", "fr"] {
            habits.learn(&Habit::Translated { to: key.into() });
        }
        habits.learn(&Habit::Translates(true));
        assert_eq!((habits.languages.join(" ").as_str(), habits.translates), ("fr pl nl pt it es", Some(true)));
        habits.learn(&Habit::Panes { wider: -4, card_hidden: true });
        assert_eq!((habits.wider, habits.card_hidden), (-4, true));
        let written = serde_json::to_string(&habits).unwrap();
        assert_eq!(serde_json::from_str::<Habits>(&written).unwrap(), habits);
        assert_eq!(serde_json::from_str::<Habits>("{\"novel\": 1}").unwrap(), Habits::default());
    }
}

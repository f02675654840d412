//! What a conversation is about: order, product, amount, dates, names. Said once, so that every turn of it agrees.
//! Strings ready to be put into a template; nothing is decided after the conversation began but who answers it.

use super::book::{Good, book};
use super::dice::Dice;
use super::story::Story;
use crate::model::{Contact, Timestamp};
use chrono::TimeDelta;

/// The gaps that a template may have.
pub const NAMES: [&str; 22] = [
    "first",
    "name",
    "email",
    "phone",
    "city",
    "agent",
    "colleague",
    "order",
    "invoice",
    "tracking",
    "product",
    "other",
    "amount",
    "part",
    "date",
    "later",
    "code",
    "plan",
    "version",
    "size",
    "number",
    "time",
];

/// The facts of one conversation.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    values: [String; NAMES.len()],
}

impl Facts {
    pub fn index(name: &str) -> Option<usize> {
        NAMES.iter().position(|known| *known == name)
    }

    pub fn at(&self, index: usize) -> &str {
        self.values.get(index).map_or("", String::as_str)
    }

    pub fn get(&self, name: &str) -> &str {
        Self::index(name).map_or("", |at| self.at(at))
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        if let Some(slot) = Self::index(name).and_then(|at| self.values.get_mut(at)) {
            *slot = value.into();
        }
    }

    /// What the customer could be writing about at `start`.
    pub fn invent(story: &Story, contact: &Contact, first: &str, start: Timestamp, dice: &mut Dice) -> Self {
        let lang = story.lang;
        let mut facts = Self::default();
        facts.set("first", first);
        for key in ["name", "email", "phone", "city"] {
            facts.set(key, contact.field(key).map(|text| text.raw().to_owned()).unwrap_or_default());
        }
        facts.goods(story, dice);
        facts.set("order", format!("{}-{}", dice.pick(&["A", "B", "K", "T"]), dice.between(20_100, 98_999)));
        facts.set("invoice", format!("INV-{}", dice.between(301_000, 399_999)));
        facts.set("tracking", format!("TW{}{}", dice.between(1_000_000, 9_999_999), dice.pick(&["GB", "DE", "NL", "FR"])));
        facts.set("date", lang.day(start - TimeDelta::days(dice.between(3, 12))));
        facts.set("later", lang.day(start + TimeDelta::days(dice.between(2, 6))));
        facts.set("code", format!("{}{}", dice.pick(&["AUTUMN", "HELLO", "THANKS", "WELCOME"]), "20"));
        facts.set("plan", dice.pick(&["Plus", "Team", "Starter", "Studio"]));
        facts.set("version", format!("{}.{}.{}", dice.between(3, 5), dice.between(0, 14), dice.between(0, 9)));
        facts.set("number", dice.between(2, 9).to_string());
        facts.set("time", format!("{}:{:02}", dice.between(9, 17), dice.between(0, 3) * 15));
        facts
    }

    /// Two goods that fit the story, and the price of the first.
    fn goods(&mut self, story: &Story, dice: &mut Dice) {
        let fits = |item: &&Good| story.goods.is_empty() || story.goods.contains(&item.kind);
        let fitting: Vec<&Good> = book().culture(story.lang).goods.iter().filter(fits).collect();
        let at = dice.below(fitting.len());
        let Some((item, other)) = fitting.get(at).zip(fitting.get((at + 1) % fitting.len().max(1))) else { return };
        self.set("product", item.name);
        self.set("other", other.name);
        self.set("amount", story.lang.money(item.price));
        self.set("part", story.lang.money(item.price / 5));
        self.set("size", dice.pick(&["S", "M", "L", "XL"]));
    }
}

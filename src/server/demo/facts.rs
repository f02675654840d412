//! What a conversation is about: order, product, amount, dates, names. Said once, so that every turn of it agrees.
//! Strings ready to be put into a template; nothing is decided after the conversation began but who answers it.

use super::book::{Culture, book};
use super::dice::Dice;
use super::lang::Lang;
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
    pub fn invent(lang: Lang, contact: &Contact, first: &str, start: Timestamp, dice: &mut Dice) -> Self {
        let culture = book().culture(lang);
        let mut facts = Self::default();
        facts.set("first", first);
        for key in ["name", "email", "phone", "city"] {
            facts.set(key, contact.field(key).map(|text| text.raw().to_owned()).unwrap_or_default());
        }
        facts.goods(culture, lang, dice);
        facts.set("order", format!("{}-{}", dice.pick(&["A", "B", "K", "T"]), dice.between(20_100, 98_999)));
        facts.set("invoice", format!("INV-{}", dice.between(301_000, 399_999)));
        facts.set("tracking", format!("TW{}{}", dice.between(1_000_000, 9_999_999), dice.pick(&["GB", "DE", "NL", "FR"])));
        facts.set("date", lang.day(start - TimeDelta::days(dice.between(3, 12))));
        facts.set("later", lang.day(start + TimeDelta::days(dice.between(2, 6))));
        facts.set("code", format!("{}{}", dice.pick(&["AUTUMN", "HELLO", "THANKS", "WELCOME"]), dice.pick(&["10", "15", "20"])));
        facts.set("plan", dice.pick(&["Plus", "Team", "Starter", "Studio"]));
        facts.set("version", format!("{}.{}.{}", dice.between(3, 5), dice.between(0, 14), dice.between(0, 9)));
        facts.set("size", dice.pick(&["S", "M", "L", "XL", "38", "40", "42"]));
        facts.set("number", dice.between(2, 9).to_string());
        facts.set("time", format!("{}:{:02}", dice.between(9, 17), dice.between(0, 3) * 15));
        facts
    }

    /// Goods are written as `name / price in hundredths`.
    fn goods(&mut self, culture: &Culture, lang: Lang, dice: &mut Dice) {
        let split = |line: &'static str| line.rsplit_once('/').map_or((line, 4900), |(name, price)| (name.trim(), price.trim().parse().unwrap_or(4900)));
        let at = dice.below(culture.goods.len());
        let (name, price) = split(culture.goods.get(at).copied().unwrap_or_default());
        let (other, _) = split(culture.goods.get((at + 1) % culture.goods.len().max(1)).copied().unwrap_or_default());
        self.set("product", name);
        self.set("other", other);
        self.set("amount", lang.money(price));
        self.set("part", lang.money(price / 5));
    }
}

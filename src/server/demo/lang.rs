//! The languages that the demo's customers write, and how dates and money look in them.
//! Only spelling; no word of a conversation stands here.

use crate::model::Timestamp;
use chrono::Datelike;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    En,
    De,
    Fr,
    Es,
    Ja,
    Zh,
    Ko,
    Ar,
    He,
    Th,
    Hi,
}

impl Lang {
    pub const ALL: [Self; 11] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Ja, Self::Zh, Self::Ko, Self::Ar, Self::He, Self::Th, Self::Hi];
    /// How many of a thousand conversations are in each, in the order of [`Lang::ALL`]: 6 % in Chinese characters, kana or hangul.
    pub const SHARES: [u64; 11] = [811, 45, 35, 35, 38, 12, 10, 4, 3, 3, 4];
    const CODES: [&'static str; 11] = ["en", "de", "fr", "es", "ja", "zh", "ko", "ar", "he", "th", "hi"];

    pub fn at(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or_default()
    }

    pub fn index(self) -> usize {
        Self::ALL.iter().position(|lang| *lang == self).unwrap_or(0)
    }

    pub fn code(self) -> &'static str {
        Self::CODES[self.index()]
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::CODES.iter().position(|known| *known == code).map(Self::at)
    }

    /// What stands between two sentences.
    pub fn space(self) -> &'static str {
        if matches!(self, Self::Ja | Self::Zh) { "" } else { " " }
    }

    /// Family name first?
    pub fn family_first(self) -> bool {
        matches!(self, Self::Ja | Self::Zh | Self::Ko)
    }

    /// A day as people write it in a letter.
    pub fn day(self, date: Timestamp) -> String {
        let (day, month) = (date.day(), date.month());
        match self {
            Self::En => format!("{day} {}", name(&EN, month)),
            Self::De => format!("{day}. {}", name(&DE, month)),
            Self::Fr => format!("{day} {}", name(&FR, month)),
            Self::Es => format!("{day} de {}", name(&ES, month)),
            Self::Ja | Self::Zh => format!("{month}月{day}日"),
            Self::Ko => format!("{month}월 {day}일"),
            Self::Ar | Self::He | Self::Th | Self::Hi => format!("{day}/{month}"),
        }
    }

    /// A price given in hundredths of a euro, roughly in the money of the language.
    pub fn money(self, cents: i64) -> String {
        let (whole, rest) = (cents / 100, cents % 100);
        match self {
            Self::En => format!("£{whole}.{rest:02}"),
            Self::De | Self::Fr | Self::Es => format!("{whole},{rest:02} €"),
            Self::Ja => format!("{}円", thousands(whole * 160)),
            Self::Zh => format!("{}元", whole * 8),
            Self::Ko => format!("{}원", thousands(whole * 1500)),
            Self::Ar => format!("{whole} يورو"),
            Self::He => format!("₪{}", whole * 4),
            Self::Th => format!("{} บาท", thousands(whole * 38)),
            Self::Hi => format!("₹{}", thousands(whole * 90)),
        }
    }
}

const EN: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DE: [&str; 12] = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
const FR: [&str; 12] = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
const ES: [&str; 12] = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];

fn name(months: &[&'static str; 12], month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|month| months.get(month.checked_sub(1)?)).copied().unwrap_or("")
}

fn thousands(number: i64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", thousands(number / 1000), number % 1000) }
}

#[cfg(test)]
mod tests {
    use super::Lang;
    use crate::model::date;

    #[test]
    fn dates_and_money_look_at_home() {
        let day = date::parse("2026-11-03T09:00:00Z").unwrap();
        assert_eq!((Lang::En.day(day), Lang::De.day(day), Lang::Ja.day(day)), ("3 November".into(), "3. November".into(), "11月3日".into()));
        assert_eq!((Lang::De.money(4905), Lang::Ja.money(12_000)), ("49,05 €".into(), "19,200円".into()));
        assert!(Lang::ALL.into_iter().all(|lang| Lang::parse(lang.code()) == Some(lang)));
        assert_eq!(Lang::SHARES.iter().sum::<u64>(), 1000);
    }
}

//! Languages by the keys the server knows them by (`de`, `pt-BR`), and what they are called. What an agent types becomes a key
//! here or nowhere: a key that is none would leave the customer with a text nobody translated.

use super::Untrusted;
use serde::{Deserialize, Serialize};

/// A language by its key. Serialised into the outbox: as the key alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(String);

/// What is offered, with the names agents know; any other key can be typed.
pub const OFFERED: [(&str, &str); 36] = [
    ("en", "English"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("pt", "Portuguese"),
    ("pt-BR", "Brazilian Portuguese"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("sv", "Swedish"),
    ("no", "Norwegian"),
    ("da", "Danish"),
    ("fi", "Finnish"),
    ("cs", "Czech"),
    ("sk", "Slovak"),
    ("hu", "Hungarian"),
    ("ro", "Romanian"),
    ("bg", "Bulgarian"),
    ("el", "Greek"),
    ("hr", "Croatian"),
    ("sr", "Serbian"),
    ("uk", "Ukrainian"),
    ("ru", "Russian"),
    ("tr", "Turkish"),
    ("ar", "Arabic"),
    ("he", "Hebrew"),
    ("fa", "Persian"),
    ("hi", "Hindi"),
    ("th", "Thai"),
    ("vi", "Vietnamese"),
    ("id", "Indonesian"),
    ("ms", "Malay"),
    ("zh", "Chinese"),
    ("zh-TW", "Traditional Chinese"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
];

/// The two-letter keys of ISO 639-1: another pair of letters is a slip. Of three letters there are thousands.
const PAIRS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff \
    fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg \
    li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk \
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

impl Lang {
    /// A key as it is typed in whatever case, or an English name.
    pub fn parse(word: &str) -> Result<Self, String> {
        let word = word.trim();
        let named = || OFFERED.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(key, _)| Self((*key).to_owned()));
        let wrong = || format!("\"{}\" is no language: type a code like de or pt-BR", Untrusted::from(word).brief(40));
        key(word).map(Self).or_else(named).ok_or_else(wrong)
    }

    pub fn key(&self) -> &str {
        &self.0
    }

    /// `German`, `German (CH)`; the key itself where no name is known.
    pub fn name(&self) -> String {
        let known = |key: &str| OFFERED.iter().find(|(offered, _)| *offered == key).map(|(_, name)| *name);
        let of_part = || self.0.split_once('-').and_then(|(base, rest)| Some(format!("{} ({})", known(base)?, Untrusted::from(rest).brief(12))));
        known(&self.0).map(str::to_owned).or_else(of_part).unwrap_or_else(|| Untrusted::from(self.0.as_str()).brief(20))
    }
}

/// Language, script and region, written as BCP 47 writes them.
fn key(word: &str) -> Option<String> {
    let mut parts = word.split(['-', '_']).peekable();
    let letters = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    let mut key = parts.next().filter(|part| letters(part) && matches!(part.len(), 2 | 3))?.to_ascii_lowercase();
    if key.len() == 2 && !PAIRS.split(' ').any(|pair| pair == key) {
        return None;
    }
    if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
        key.extend(['-', script.as_bytes()[0].to_ascii_uppercase().into()]);
        key.push_str(&script[1..].to_ascii_lowercase());
    }
    let region = |part: &&str| part.len() == 2 && letters(part) || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(region) = parts.next_if(region) {
        key.push('-');
        key.push_str(&region.to_ascii_uppercase());
    }
    parts.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::{Lang, OFFERED, PAIRS, key};

    #[test]
    fn a_key_is_typed_in_any_case_and_a_name_is_a_key() {
        let keys = [("de", "de"), (" DE ", "de"), ("pt_br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("gsw", "gsw"), ("german", "de")];
        for (typed, wanted) in keys {
            assert_eq!(Lang::parse(typed).unwrap().key(), wanted, "{typed}");
        }
        for wrong in ["", "d", "xq", "deutsch!", "de-", "de-DE-x", "de DE", "pt-BRA", "\u{1b}[31m", "дe", "é"] {
            let error = Lang::parse(wrong).unwrap_err();
            assert!(error.contains("a code like de or pt-BR") && !error.contains('\u{1b}'), "{wrong}: {error}");
        }
    }

    #[test]
    fn what_is_offered_is_a_key_and_has_a_name() {
        for (offered, name) in OFFERED {
            assert_eq!((key(offered).as_deref(), Lang(offered.to_owned()).name().as_str()), (Some(offered), name));
        }
        assert_eq!(PAIRS.split(' ').filter(|pair| pair.len() == 2).count(), PAIRS.split(' ').count());
        let name = |key: &str| Lang::parse(key).unwrap().name();
        assert_eq!((name("de-CH").as_str(), name("gsw").as_str(), name("pt-br").as_str()), ("German (CH)", "gsw", "Brazilian Portuguese"));
        assert_eq!(Lang("\u{1b}[31m".into()).name(), crate::model::Untrusted::from("\u{1b}[31m").brief(20), "a disk may say anything");
    }
}

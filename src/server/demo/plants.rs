//! Words whose share of all messages is known, so that a search can be measured; and the long lines and smileys of real inboxes.
//! A word is planted where its share has fallen behind. Nothing here depends on how many cases there will be but `zephyrlock`.

use super::book::book;
use super::dice::Dice;
use super::lang::Lang;
use super::story::Voice;

/// In exactly this many messages, whatever the number of cases.
pub const RARE: u64 = 12;
const RARE_WORD: &str = "zephyrlock";
/// Columns of a line that somebody pasted.
const LONG: usize = 1500;

/// What was said so far.
#[derive(Debug, Clone, Default)]
pub struct Plants {
    messages: u64,
    refund: u64,
    chargeback: u64,
    returned: u64,
    long: u64,
}

impl Plants {
    /// Adds to the text of a turn what is missing.
    pub fn sow(&mut self, text: &mut String, lang: Lang, voice: Voice, dice: &mut Dice) {
        if lang == Lang::En || voice.is_note() {
            if self.refund * 100 < self.messages * 30 && !has(text, "refund") && dice.chance(850) {
                let list = book().list(key("refund", voice));
                let turn = usize::try_from(self.refund).unwrap_or(0);
                append(text, list.get(turn % list.len().max(1)).copied().unwrap_or_default(), Lang::En);
            }
            if self.chargeback * 1000 < self.messages * 10 && !has(text, "chargeback") && dice.chance(500) {
                append(text, dice.pick(book().list(key("chargeback", voice))), Lang::En);
            }
        }
        if lang == Lang::Ja && !voice.is_note() && self.returned * 100 < self.messages * 2 && !text.contains("返金") {
            append(text, dice.pick(book().list(key("返金", voice))), Lang::Ja);
        }
        if voice == Voice::Customer && self.messages / 300 > self.long {
            self.long += 1;
            text.push_str("\n\n");
            text.push_str(&long_line(dice));
        }
    }

    /// Notes what a finished message says.
    pub fn count(&mut self, text: &str) {
        self.messages += 1;
        self.refund += u64::from(has(text, "refund"));
        self.chargeback += u64::from(has(text, "chargeback"));
        self.returned += u64::from(text.contains("返金"));
    }
}

/// The rare word, in a sentence that could follow anything.
pub fn rare(text: &mut String, dice: &mut Dice) {
    append(text, dice.pick(book().list("plant.rare")), Lang::En);
    if !holds_rare(text) {
        append(text, RARE_WORD, Lang::En);
    }
}

pub fn holds_rare(text: &str) -> bool {
    text.contains(RARE_WORD)
}

/// Is the `index`th of `cases` one that holds the rare word?
pub fn is_rare(index: u64, cases: u64) -> bool {
    let before = |index: u64| (index * RARE).div_ceil(cases.max(1));
    index < cases && before(index) != before(index + 1)
}

/// A smiley, now and then, after what a customer wrote in a chat.
pub fn smile(text: &mut String, dice: &mut Dice) {
    let already = text.chars().any(|c| c >= '\u{1f000}' || ('\u{2600}'..='\u{27bf}').contains(&c));
    if !already && text.len() > 24 && dice.chance(70) {
        text.push(' ');
        text.push_str(dice.pick(&["🙏", "😊", "😕", "👍", "🙂", "😅", "❤️", "🤷‍♀️", "🎉", "😬"]));
    }
}

fn key(word: &str, voice: Voice) -> &'static str {
    match (word, voice) {
        ("refund", Voice::Customer) => "plant.refund.customer",
        ("refund", Voice::Note | Voice::Colleague) => "plant.refund.note",
        ("refund", _) => "plant.refund.agent",
        ("chargeback", Voice::Customer) => "plant.chargeback.customer",
        ("chargeback", _) => "plant.chargeback.agent",
        (_, Voice::Customer) => "plant.ja.customer",
        _ => "plant.ja.agent",
    }
}

fn append(text: &mut String, sentence: &str, lang: Lang) {
    if text.ends_with(char::is_alphanumeric) {
        text.push('.');
    }
    text.push_str(lang.space());
    text.push_str(sentence);
}

fn has(text: &str, word: &str) -> bool {
    let first = word.as_bytes().first().copied().unwrap_or_default();
    let mut begins = text.bytes().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first);
    begins.any(|(at, _)| text.as_bytes()[at..].get(..word.len()).is_some_and(|window| window.eq_ignore_ascii_case(word.as_bytes())))
}

fn long_line(dice: &mut Dice) -> String {
    let mut line = String::with_capacity(LONG + 80);
    line.push_str("{\"level\":\"error\",\"trace\":[");
    while line.len() < LONG {
        let module = dice.pick(&["sync.queue", "ui.basket", "net.session", "store.cache", "auth.token"]);
        line.push_str(&format_frame(module, dice));
    }
    line.truncate(LONG);
    line
}

fn format_frame(module: &str, dice: &mut Dice) -> String {
    format!("{{\"at\":\"{module}\",\"line\":{},\"id\":\"{:016x}\"}},", dice.between(10, 990), dice.roll())
}

#[cfg(test)]
mod tests {
    use super::{Plants, RARE, has, is_rare};
    use crate::server::demo::dice::Dice;
    use crate::server::demo::lang::Lang;
    use crate::server::demo::story::Voice;

    #[test]
    fn twelve_cases_of_any_number_hold_the_rare_word() {
        for cases in [12, 13, 40, 50, 999, 2000] {
            assert_eq!((0..cases).filter(|index| is_rare(*index, cases)).count() as u64, RARE, "{cases}");
        }
    }

    #[test]
    fn words_are_found_without_regard_to_case() {
        assert!(has("Refunds", "refund") && !has("fund", "refund") && has("a ReFund", "refund"));
    }

    #[test]
    fn shares_are_held() {
        let (mut plants, mut dice) = (Plants::default(), Dice::new(1, 1));
        let mut lines = 0;
        for _ in 0..1000 {
            let mut text = String::from("Hello.");
            plants.sow(&mut text, Lang::En, Voice::Customer, &mut dice);
            plants.count(&text);
            lines += usize::from(text.lines().any(|line| line.len() == super::LONG));
        }
        assert!((290..=310).contains(&plants.refund) && (8..=12).contains(&plants.chargeback), "{plants:?}");
        assert_eq!(lines, 3);
    }
}

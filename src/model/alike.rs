//! Is one case like another? By its subject, by nearly the same words, or by rare words that both have. Pure, over the
//! beginnings of texts that the lists have anyway; numbers count as one sign, since every customer has another order.

use std::collections::{BTreeMap, BTreeSet};

/// Shorter texts are alike by chance: `hello`.
const SHORTEST: usize = 12;
/// So much of the letters of both has to be the same.
const NEARLY: f64 = 0.5;
/// Rare is what one in so many has, or a handful; two of them are needed, and so much of what the shorter one says that is rare.
const RARE: usize = 50;
const HANDFUL: usize = 8;
const SHARED: usize = 2;
const WEIGHT: f64 = 0.6;

/// What a case says, without what differs from customer to customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    subject: String,
    text: String,
    trigrams: Vec<[char; 3]>,
    words: BTreeSet<String>,
}

/// What two cases have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Subject,
    Words,
    Rare(Vec<String>),
}

impl Said {
    pub fn new(subject: &str, text: &str) -> Self {
        let text = plain(text);
        let words = text.split(' ').filter(|word| word.chars().count() >= 4).map(str::to_owned).collect();
        // A number of its own is no part of what it is about.
        let subject = plain(bare(subject)).split(' ').filter(|word| *word != "#").collect::<Vec<_>>().join(" ");
        Self { subject, trigrams: trigrams(&text), words, text }
    }
}

/// What each of the others has in common with the one.
pub fn alike(one: &Said, others: &[Said]) -> Vec<Option<Why>> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for word in others.iter().flat_map(|other| &other.words) {
        *known.entry(word).or_default() += 1;
    }
    let most = (others.len() / RARE).max(HANDFUL);
    let rare = |said: &'_ Said| said.words.iter().filter(|word| known.get(word.as_str()).is_none_or(|count| *count <= most)).cloned().collect::<BTreeSet<_>>();
    let ours = rare(one);
    others.iter().map(|other| compare(one, other, &ours, &rare(other))).collect()
}

fn compare(one: &Said, other: &Said, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> Option<Why> {
    if one.subject.chars().count() > 3 && one.subject == other.subject {
        return Some(Why::Subject);
    }
    let long = |said: &Said| said.text.chars().count() >= SHORTEST;
    if !(long(one) && long(other)) {
        return None;
    }
    if overlap(&one.trigrams, &other.trigrams) >= NEARLY {
        return Some(Why::Words);
    }
    let both: Vec<String> = ours.intersection(theirs).cloned().collect();
    let fewer = ours.len().min(theirs.len());
    (both.len() >= SHARED && share(both.len(), fewer) >= WEIGHT).then_some(Why::Rare(both))
}

/// How much of two sorted sets is in both.
fn overlap(one: &[[char; 3]], other: &[[char; 3]]) -> f64 {
    let both = one.iter().filter(|three| other.binary_search(three).is_ok()).count();
    share(both, one.len() + other.len() - both)
}

#[expect(clippy::cast_precision_loss, reason = "counts of letters are exact in a float")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Small letters and single blanks; digits are `#`, other signs are nothing.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            _ if c.is_numeric() && plain.ends_with('#') => {}
            _ if c.is_numeric() => plain.push('#'),
            _ if c.is_alphabetic() => plain.push(c),
            _ if !plain.ends_with(' ') => plain.push(' '),
            _ => {}
        }
    }
    plain.trim().to_owned()
}

/// A subject without `Re:`, `Fwd:` and what stands in brackets before it.
fn bare(subject: &str) -> &str {
    let subject = subject.trim_start();
    let bracketed = subject.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, rest)| rest);
    let answered = || {
        let (word, rest) = subject.split_once([':', '：'])?;
        let known = ["re", "fw", "fwd", "aw", "wg", "sv", "vs", "tr", "rv", "antw", "回复", "转发"];
        known.iter().any(|known| word.trim().eq_ignore_ascii_case(known)).then_some(rest)
    };
    bracketed.or_else(answered).map_or(subject, bare)
}

fn trigrams(text: &str) -> Vec<[char; 3]> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<[char; 3]> = chars.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::{Said, Why, alike};

    fn why(one: (&str, &str), other: (&str, &str)) -> Option<Why> {
        alike(&Said::new(one.0, one.1), &[Said::new(other.0, other.1)]).remove(0)
    }

    #[test]
    fn a_subject_is_the_same_whoever_answered_it_and_whatever_its_number() {
        assert_eq!(why(("Tracking stuck", ""), ("Re: FWD: [#4410] tracking  stuck!", "x")), Some(Why::Subject));
        assert_eq!(why(("Order 881 is late", ""), ("AW: order 12 is late", "")), Some(Why::Subject));
        assert_eq!(why(("Tracking stuck", ""), ("Tracking", "")), None);
        assert_eq!(why(("", "hi"), ("", "hi")), None, "what says nothing is like nothing");
        assert_eq!(why(("Re:", "hi"), ("Re:", "hi")), None);
    }

    #[test]
    fn nearly_the_same_words_are_alike_and_others_are_not() {
        let first = "Hello, where is my parcel? The tracking has not moved since Friday.";
        assert_eq!(why(("", first), ("a", "hello where is my parcel?? the tracking hasn't moved since friday 12:40")), Some(Why::Words));
        assert_eq!(why(("", first), ("", "I would like to return the lamp, it came with a crack in the shade.")), None);
        assert_eq!(why(("", "荷物はどこですか？返金してください。お願いします"), ("", "荷物はどこですか？返金してください。お願いします！")), Some(Why::Words));
    }

    #[test]
    fn rare_words_that_both_have_tie_two_texts_together() {
        let one = ("", "the app says zephyrlock whenever the thermostat restarts");
        let other = ("", "zephyrlock shown by my thermostat");
        let noise: Vec<Said> = (0..40).map(|at| Said::new("", &format!("the app shown whenever it says restarts or says nothing {at}"))).collect();
        let mut others = vec![Said::new(other.0, other.1)];
        others.extend(noise);
        let found = alike(&Said::new(one.0, one.1), &others);
        assert_eq!(found[0], Some(Why::Rare(vec!["thermostat".into(), "zephyrlock".into()])));
        assert_eq!(found.iter().flatten().count(), 1);
    }

    proptest::proptest! {
        #[test]
        fn a_case_that_says_something_is_like_itself(subject in "\\PC{0,30}", text in "\\PC{0,80}") {
            let said = Said::new(&subject, &text);
            let found = alike(&said, std::slice::from_ref(&said)).remove(0);
            let says = said.subject.chars().count() > 3 || said.text.chars().count() >= super::SHORTEST;
            proptest::prop_assert_eq!(found.is_some(), says);
        }
    }
}

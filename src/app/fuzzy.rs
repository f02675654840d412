//! How well a few letters fit a name: all of them in their order, better where words begin and where they stand together.
//! Pure and small; spaces and case don't count.

/// For every letter found, one more where it follows the one before, one more where a word begins.
const FOUND: i32 = 1;
const TOGETHER: i32 = 8;
const BEGINS: i32 = 6;
/// For a gap between two letters, and for what the name has besides.
const GAP: i32 = -1;
/// Longer ones are looked at no further.
const LONGEST: usize = 120;

/// None: a letter is missing. Of two names the one with the higher score comes first.
pub fn score(letters: &str, name: &str) -> Option<i32> {
    let letters: Vec<char> = letters.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).take(LONGEST).collect();
    let name: Vec<char> = name.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let begins = |at: usize| at == 0 || !name[at - 1].is_alphanumeric();
    // The best score so far with the letter at hand standing exactly there.
    let mut row: Vec<Option<i32>> = Vec::new();
    for (nth, letter) in letters.iter().enumerate() {
        let mut next = vec![None; name.len()];
        let mut before: Option<i32> = None;
        for at in 0..name.len() {
            let apart = if nth == 0 { Some(0) } else { before.map(|best| best + GAP) };
            let joined = at.checked_sub(1).and_then(|last| *row.get(last)?).map(|best| best + TOGETHER);
            if name[at] == *letter {
                let here = FOUND + if begins(at) { BEGINS } else { 0 };
                next[at] = apart.max(joined).map(|best| best + here);
            }
            before = before.max(row.get(at).copied().flatten());
        }
        row = next;
    }
    let best = if letters.is_empty() { Some(0) } else { row.into_iter().flatten().max() };
    // Of two that fit alike the shorter one was meant.
    best.map(|best| best * 100 - i32::try_from(name.len()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::score;

    fn ranked<'n>(letters: &str, names: &[&'n str]) -> Vec<&'n str> {
        let mut found: Vec<_> = names.iter().filter_map(|name| score(letters, name).map(|score| (-score, *name))).collect();
        found.sort_by_key(|(score, _)| *score);
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn the_name_that_was_meant_comes_first() {
        for (letters, names, wanted) in [
            ("ref", &["Prefer not", "Care for", "Refund on its way", "Fir"][..], &["Refund on its way", "Prefer not", "Care for"][..]),
            ("RD", &["Reminder", "Refund delayed", "Odd"], &["Refund delayed", "Reminder"]),
            ("refdel", &["Refund delayed", "Refer a friend, details later"], &["Refund delayed", "Refer a friend, details later"]),
            ("ref del", &["Refund delayed"], &["Refund delayed"]),
            ("thanks", &["Thanks, and more", "Thanks"], &["Thanks", "Thanks, and more"]),
            ("öß", &["ÖSSE", "Öß"], &["Öß"]),
            ("xyz", &["Thanks"], &[]),
            ("aa", &["a"], &[]),
            ("", &["b", "a"], &["b", "a"]),
        ] {
            assert_eq!(ranked(letters, names), wanted, "{letters}");
        }
    }

    #[test]
    fn any_text_is_scored() {
        for odd in ["", " ", "\u{0}", "İ", "👩‍👩‍👧", &"x".repeat(10_000)] {
            for name in ["", "x", "İ", &"x".repeat(10_000)] {
                let _any = score(odd, name);
            }
        }
    }
}

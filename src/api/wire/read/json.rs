//! Bytes to JSON. Strict first; then once more with what JavaScript servers get wrong mended: halves of surrogate pairs
//! (a cut emoji), broken UTF-8, a byte order mark. A body that was cut off stays unreadable: mending adds no bracket.
//! Depth is bounded by the parser, the number of values here: a value in memory is many times its bytes.

use serde_json::Value;

/// Several times the largest honest page.
const MOST_VALUES: usize = 500_000;

/// The one JSON value of a body, or nothing.
pub fn json(body: &[u8]) -> Option<Value> {
    if values(body) > MOST_VALUES {
        return None;
    }
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice(body).ok().or_else(|| serde_json::from_str(&mended(&String::from_utf8_lossy(body))).ok())
}

/// At most how many values a body holds: each but the first of its list begins after a comma, the first after a bracket.
fn values(body: &[u8]) -> usize {
    let (mut inside, mut escaped, mut count) = (false, false, 0);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => count += 1,
            _ => {}
        }
    }
    count
}

/// Replaces `\ud83d` without its other half by `\ufffd`.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (taken, written) = escape(rest);
        out.push_str(written);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

/// One escape at the start of `text`: how many bytes it takes, and what to write for it.
fn escape(text: &str) -> (usize, &str) {
    match unit(text) {
        Some(0xd800..=0xdbff) if matches!(text.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => (12, &text[..12]),
        Some(0xd800..=0xdfff) => (6, "\\ufffd"),
        _ => {
            let taken = text.char_indices().nth(2).map_or(text.len(), |(at, _)| at);
            (taken, &text[..taken])
        }
    }
}

/// The number of a `\uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::json;
    use serde_json::json;

    #[test]
    fn a_cut_emoji_a_mark_and_broken_utf8_do_not_hide_a_message() {
        assert_eq!(json(br#"{"a":"x\ud83d"}"#), Some(json!({"a": "x\u{fffd}"})));
        assert_eq!(json(br#"{"a":"\ud83d\ude00 \\ud83d \ude00"}"#), Some(json!({"a": "\u{1f600} \\ud83d \u{fffd}"})));
        assert_eq!(json(b"\xef\xbb\xbf[1]"), Some(json!([1])));
        assert_eq!(json(b"{\"a\":\"\xff\"}"), Some(json!({"a": "\u{fffd}"})));
    }

    #[test]
    fn what_is_not_one_json_value_is_nothing() {
        for body in ["", "{", "{\"a\":1", "[1] [2]", "<html></html>", "NaN", "// x\n{}", "\\", "\\u", "\"\\ud83", "1e400"] {
            assert_eq!(json(body.as_bytes()), None, "{body}");
        }
        assert_eq!(json("[".repeat(1_000_000).as_bytes()), None);
    }

    #[test]
    fn many_values_in_few_bytes_are_not_taken_into_memory_and_commas_in_texts_are_no_values() {
        let list = |count: usize| format!("[{}{{}}]", "{},".repeat(count));
        assert!(json(list(1_000).as_bytes()).is_some());
        assert_eq!(json(list(500_000).as_bytes()), None);
        let text = json!([format!("\"{}", ",[{".repeat(500_000))]);
        assert_eq!(json(text.to_string().as_bytes()), Some(text));
    }
}

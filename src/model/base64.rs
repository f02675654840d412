//! Bytes as the 64 letters of RFC 4648: the server's cursors, and files that stand in a message.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let six = usize::try_from(word >> (18 - 6 * at) & 63).unwrap_or(0);
            out.push(if at <= chunk.len() { char::from(ALPHABET[six]) } else { '=' });
        }
    }
    out
}

/// The bytes again; white space counts for nothing, the signs at the end may be missing, and the letters of addresses
/// (`-` and `_`) are taken too. None when something else stands in it.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0_u32, 0_u32);
    let mut ended = false;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if byte == b'=' {
            ended = true;
            continue;
        }
        word = word << 6 | u32::from(six(byte).filter(|_| !ended)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(word >> bits & 0xFF).ok()?);
            word &= 0xFF;
        }
    }
    // One letter alone is no byte.
    (bits < 6).then_some(out)
}

fn six(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// How many bytes it stands for.
pub fn length(text: &str) -> Option<u64> {
    let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    u64::try_from(letters).ok().map(|letters| letters * 3 / 4)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, length};
    use proptest::prelude::*;

    #[test]
    fn odd_spellings_are_read_and_nonsense_is_not() {
        for (plain, coded) in [("+1", "KzE="), ("-991", "LTk5MQ=="), ("+12", "KzEy"), ("", "")] {
            assert_eq!(encode(plain.as_bytes()), coded);
            assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(decode("aGVs\r\nbG8").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode("_-8="), Some(vec![0xFF, 0xEF]));
        for wrong in ["!", "a", "aGVsbG8=x", "a\u{e9}b="] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..90)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(length(&encode(&bytes)), u64::try_from(bytes.len()).ok());
        }
    }
}

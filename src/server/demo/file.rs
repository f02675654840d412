//! The files that demo mails carry: real ones, that a viewer opens, made when somebody asks for them and the same each time.
//! As long as the mail says they are, to the byte.

use crate::model::Attachment;
use std::fmt::Write as _;

/// Mails of the demo say no more.
const LARGEST: usize = 4 << 20;

/// The bytes of a file that a demo mail only speaks of; `number` is the mail's.
pub fn file(about: &Attachment, number: i64) -> Option<Vec<u8>> {
    let length = usize::try_from(about.size?).ok().filter(|length| *length <= LARGEST)?;
    let bytes = match about.kind.as_ref().map(crate::model::Untrusted::raw) {
        Some("image/jpeg") => photo(length, number),
        Some("application/pdf") => document(length, number),
        _ => None,
    };
    bytes.filter(|bytes| bytes.len() == length)
}

/// A photograph of nothing much: a grey picture of 64 by 48, whose comments fill it up.
fn photo(length: usize, number: i64) -> Option<Vec<u8>> {
    const WIDE: usize = 64;
    const HIGH: usize = 48;
    let mut head = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    head.extend(b"JFIF\0\x01\x01\x01\x00\x48\x00\x48\x00\x00");
    let mut rest = vec![0xFF, 0xDB, 0, 67, 0];
    rest.extend([16; 64]);
    rest.extend([0xFF, 0xC0, 0, 11, 8, 0, u8::try_from(HIGH).ok()?, 0, u8::try_from(WIDE).ok()?, 1, 1, 0x11, 0]);
    // Brightness: `0` is as before, `10` five bits brighter or darker; the rest of a block: `0`, nothing.
    rest.extend([0xFF, 0xC4, 0, 21, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
    rest.extend([0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    rest.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    rest.extend(blocks(WIDE / 8 * (HIGH / 8), number));
    rest.extend([0xFF, 0xD9]);
    let room = length.checked_sub(head.len() + rest.len())?;
    head.extend(comments(room)?);
    head.extend(rest);
    Some(head)
}

/// The bits of so many squares, by turns brighter and darker.
fn blocks(count: usize, number: i64) -> Vec<u8> {
    let mut bits = String::new();
    for at in 0..count {
        let turn = (at as u64).wrapping_mul(7).wrapping_add(number.unsigned_abs()) % 6;
        bits.push_str(match turn {
            0 => "10110000",
            3 => "10001110",
            _ => "00",
        });
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    // A byte of ones would begin a marker, and is followed by an empty one.
    let bytes = bits.as_bytes().chunks(8).map(|eight| eight.iter().fold(0_u8, |byte, bit| byte << 1 | (bit - b'0')));
    bytes.flat_map(|byte| if byte == 0xFF { vec![0xFF, 0] } else { vec![byte] }).collect()
}

/// Segments of so many bytes that every viewer passes over.
fn comments(mut room: usize) -> Option<Vec<u8>> {
    const MOST: usize = 60_000;
    let mut out = Vec::with_capacity(room);
    while room > 0 {
        // What is left has to hold the head of another segment.
        let size = if room <= MOST { room } else { MOST.min(room - 4) };
        let inside = u16::try_from(size.checked_sub(2)?).ok().filter(|inside| *inside >= 2)?;
        out.extend([0xFF, 0xFE]);
        out.extend(inside.to_be_bytes());
        out.extend(std::iter::repeat_n(b' ', usize::from(inside) - 2));
        room -= size;
    }
    Some(out)
}

/// A page that says what it is.
fn document(length: usize, number: i64) -> Option<Vec<u8>> {
    let mut filling = length.checked_sub(paper(0, number).len())?;
    // The place of the table is written in digits, whose number changes with it.
    for _ in 0..4 {
        let made = paper(filling, number);
        if made.len() == length {
            return Some(made);
        }
        filling = (filling + length).checked_sub(made.len())?;
    }
    None
}

fn paper(filling: usize, number: i64) -> Vec<u8> {
    let words = format!("BT /F1 18 Tf 72 720 Td (Tidewell, demo document of mail {number}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{words}\nendstream", words.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = format!("%PDF-1.4\n%{}\n", "-".repeat(filling));
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table = out.len();
    let _ = write!(out, "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::file;
    use crate::model::Attachment;

    #[test]
    fn files_are_as_long_as_their_mail_says_and_the_same_each_time() {
        for (kind, begins, ends) in [("image/jpeg", &b"\xFF\xD8\xFF"[..], &b"\xFF\xD9"[..]), ("application/pdf", b"%PDF-1.4", b"%%EOF\n")] {
            for size in (48_000..48_600).step_by(37).chain([59_999, 60_001, 99_999, 100_003, 999_998, 1_000_001, 2_400_000]) {
                let about = Attachment { kind: Some(kind.into()), size: Some(size), ..Attachment::default() };
                let bytes = file(&about, 4_410).unwrap();
                assert_eq!(bytes.len() as u64, size, "{kind}");
                assert!(bytes.starts_with(begins) && bytes.ends_with(ends), "{kind} {size}");
                assert_eq!(file(&about, 4_410), Some(bytes));
            }
        }
    }

    #[test]
    fn what_no_demo_has_is_not_made() {
        let about = |kind: &str, size: Option<u64>| file(&Attachment { kind: Some(kind.into()), size, ..Attachment::default() }, 1);
        assert_eq!(about("image/jpeg", None), None);
        assert_eq!(about("image/jpeg", Some(10)), None);
        assert_eq!(about("image/jpeg", Some(1 << 40)), None);
        assert_eq!(about("text/html", Some(50_000)), None);
    }
}

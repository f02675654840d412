//! Rows out of the bytes of a database file, without `SQLite`: for a file whose header, schema or inner pages are gone. Every
//! leaf that looks like one is read, also those that are free by now, so what comes out may be old.

use std::collections::HashMap;

/// A column that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Other,
}

/// The pages have this size in every outbox.
const PAGE: usize = 4096;
/// A longer document is no document of ours.
const LONGEST: usize = 64 << 20;
const COLUMNS: usize = 16;

/// The database and its log as bytes.
pub(super) struct Pages<'b> {
    file: &'b [u8],
    /// The newest frame of the log for a page.
    newest: HashMap<u32, &'b [u8]>,
    frames: Vec<&'b [u8]>,
}

impl<'b> Pages<'b> {
    pub fn new(file: &'b [u8], log: &'b [u8]) -> Self {
        let mut pages = Self { file, newest: HashMap::new(), frames: Vec::new() };
        for frame in log.get(32..).unwrap_or_default().chunks_exact(24 + PAGE) {
            let (head, page) = frame.split_at(24);
            pages.newest.insert(number(head).unwrap_or(0), page);
            pages.frames.push(page);
        }
        pages
    }

    /// Hands over the columns of every row that can be read.
    pub fn rows(&self, mut take: impl FnMut(&[Value])) {
        for page in self.file.chunks(PAGE) {
            self.leaf(page, false, &mut take);
        }
        for page in &self.frames {
            self.leaf(page, true, &mut take);
        }
    }

    fn leaf(&self, page: &[u8], logged: bool, take: &mut impl FnMut(&[Value])) {
        // The first page begins with the header of the file.
        let from = if page.starts_with(b"SQLite format 3") { 100 } else { 0 };
        let Some((kind, cells)) = page.get(from).copied().zip(page.get(from + 3..from + 5).map(|count| usize::from(short(count)))) else { return };
        // Leaf of a table; leaf and inner page of a table that is kept by its key.
        let head = match kind {
            0x0d | 0x0a => 8,
            0x02 => 12,
            _ => return,
        };
        for cell in 0..cells.min(PAGE / 4) {
            let at = from + head + 2 * cell;
            let Some(at) = page.get(at..at + 2).map(|place| usize::from(short(place))) else { return };
            if let Some(payload) = self.payload(page, at, kind, logged) {
                take(&columns(&payload).unwrap_or_default());
            }
        }
    }

    /// What a cell holds, with the pages it flows over into.
    fn payload(&self, page: &[u8], at: usize, kind: u8, logged: bool) -> Option<Vec<u8>> {
        let mut rest = page.get(if kind == 0x02 { at + 4 } else { at }..)?;
        let length = usize::try_from(varint(&mut rest)?).ok().filter(|length| *length <= LONGEST)?;
        if kind == 0x0d {
            varint(&mut rest)?;
        }
        let most = if kind == 0x0d { PAGE - 35 } else { (PAGE - 12) * 64 / 255 - 23 };
        if length <= most {
            return rest.get(..length).map(<[u8]>::to_vec);
        }
        let least = (PAGE - 12) * 32 / 255 - 23;
        let here = least + (length - least) % (PAGE - 4);
        let here = if here <= most { here } else { least };
        let mut payload = rest.get(..here)?.to_vec();
        let mut next = number(rest.get(here..)?)?;
        // Each step takes a page's worth, so a ring of pages ends too.
        while payload.len() < length {
            let page = self.page(next, logged)?;
            let more = (length - payload.len()).min(PAGE - 4);
            payload.extend(page.get(4..4 + more)?);
            next = number(page)?;
        }
        Some(payload)
    }

    fn page(&self, number: u32, logged: bool) -> Option<&'b [u8]> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?.checked_mul(PAGE)?;
        self.newest.get(&number).copied().filter(|_| logged).or_else(|| self.file.get(at..at + PAGE))
    }
}

/// The columns of a record.
fn columns(payload: &[u8]) -> Option<Vec<Value>> {
    let mut head = payload;
    let length = usize::try_from(varint(&mut head)?).ok()?;
    let mut body = payload.get(length..)?;
    let mut head = head.get(..length.checked_sub(payload.len() - head.len())?)?;
    let mut values = Vec::new();
    while !head.is_empty() && values.len() < COLUMNS {
        let kind = varint(&mut head)?;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            _ => kind.checked_sub(12)? / 2,
        };
        let (value, rest) = body.split_at_checked(usize::try_from(size).ok()?)?;
        body = rest;
        let is_text = kind >= 13 && kind % 2 == 1;
        values.push(if is_text { Value::Text(std::str::from_utf8(value).ok()?.to_owned()) } else { Value::Other });
    }
    Some(values)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for at in 0..9 {
        let byte = *bytes.get(at)?;
        let (bits, part) = if at == 8 { (8, byte) } else { (7, byte & 0x7f) };
        value = value << bits | u64::from(part);
        if byte < 0x80 || at == 8 {
            *bytes = &bytes[at + 1..];
            return Some(value);
        }
    }
    None
}

fn short(bytes: &[u8]) -> u16 {
    bytes.first_chunk().map_or(0, |bytes| u16::from_be_bytes(*bytes))
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

//! The wrapper: no line is wider than asked, no grapheme is torn, none is lost.
#![no_main]

use caseload::app::lines::wrap::{cells, wrap};
use caseload::model::text::harmless;
use libfuzzer_sys::fuzz_target;
use unicode_segmentation::UnicodeSegmentation;

/// The graphemes of a line, as they are told in so much room.
fn told(line: &str, room: usize) -> Vec<String> {
    let seen = line.graphemes(true).filter(|one| !one.trim().is_empty());
    seen.map(|one| if cells(one) > room { "\u{FFFD}" } else { one }.to_owned()).collect()
}

/// A sign that takes the white space after it into its grapheme: the end of a line may part them.
fn joins_space(text: &str) -> bool {
    text.graphemes(true).any(|one| one.trim_end() != one && !one.trim().is_empty())
}

fuzz_target!(|input: (u8, &str)| {
    let (room, text) = (usize::from(input.0 % 90).max(1), harmless(input.1));
    let lines = wrap(&text, room);
    assert!(lines.iter().all(|line| cells(line) <= room), "wider than {room}: {lines:?}");
    if joins_space(&text) {
        return;
    }
    let wanted: Vec<String> = text.split('\n').flat_map(|line| told(line, room)).collect();
    let got: Vec<String> = lines.iter().flat_map(|line| told(line, room)).collect();
    assert_eq!(got, wanted, "torn or lost at {room}");
});

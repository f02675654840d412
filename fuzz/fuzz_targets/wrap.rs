//! The wrapper: no line is wider than asked, no grapheme is torn, none is lost.
#![no_main]

use caseload::app::lines::wrap::{cells, wrap};
use caseload::model::text::harmless;
use libfuzzer_sys::fuzz_target;
use unicode_segmentation::UnicodeSegmentation;

fuzz_target!(|input: (u8, &str)| {
    let (room, text) = (usize::from(input.0 % 90).max(1), harmless(input.1));
    let lines = wrap(&text, room);
    assert!(lines.iter().all(|line| cells(line) <= room), "wider than {room}: {lines:?}");
    // White space at the end of a line is left out, also where it belongs to a sign before it.
    let told = |text: &str| text.graphemes(true).filter(|one| !one.trim().is_empty()).map(|one| if cells(one) > room { "\u{FFFD}" } else { one.trim_end() }.to_owned()).collect::<Vec<_>>();
    let wanted: Vec<String> = text.split('\n').flat_map(|line| told(line)).collect();
    let got: Vec<String> = lines.iter().flat_map(|line| told(line)).collect();
    assert_eq!(got, wanted, "torn or lost at {room}");
});

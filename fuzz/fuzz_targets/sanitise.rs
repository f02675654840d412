//! The sanitiser: nothing harmful stays, twice is once, a line and a grapheme have an end, a label is one line.
#![no_main]

use caseload::app::lines::wrap::{cells, clip, tail};
use caseload::model::Untrusted;
use caseload::model::text::{harmless, is_harmful};
use libfuzzer_sys::fuzz_target;
use unicode_segmentation::UnicodeSegmentation;

fuzz_target!(|raw: &str| {
    let once = harmless(raw);
    assert!(once.chars().all(|c| !is_harmful(c) && (c == '\n' || !c.is_control())));
    assert_eq!(harmless(&once), once, "twice is not once");
    assert!(once.split('\n').all(|line| line.len() <= 64 * 1024));
    assert!(once.graphemes(true).all(|grapheme| grapheme.len() <= 160), "a grapheme without an end");
    let label = Untrusted::from(raw).brief(20);
    assert!(!label.contains('\n') && !label.chars().any(is_harmful));
    for room in [0, 1, 7, 40] {
        assert!(cells(&clip(&label, room)) <= room && cells(tail(&label, room)) <= room);
    }
});

//! Marked cases, without colour as well: a letter at the row, a count in the title, and what Esc does.

use super::screen;
use super::world::listed;
use caseload::app::State;
use caseload::model::CaseId;
use insta::assert_snapshot;

fn marked(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    state.list.marks.cases = [4410, 4412, 4399].map(CaseId).into();
    state
}

#[test]
fn marked_rows_at_three_sizes() {
    assert_snapshot!("marked_120", screen(&marked(120, 40)));
    assert_snapshot!("marked_80", screen(&marked(80, 24)));
    assert_snapshot!("marked_40", screen(&marked(40, 12)));
}

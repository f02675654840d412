//! shown = confirmed + pending, replayed.

use crate::model::{Case, Op};
use std::borrow::Cow;

/// The case with its shown operations applied in order; what it refuses leaves it as it was.
pub fn replay<'c>(confirmed: &'c Case, ops: &[Op]) -> Cow<'c, Case> {
    let mut case = Cow::Borrowed(confirmed);
    for op in ops.iter().filter(|op| op.case() == confirmed.id && op.is_laid_over()) {
        // A refusal is the server's to say; until then the change is simply not visible.
        let _refused = op.mutation.apply(case.to_mut());
    }
    case
}

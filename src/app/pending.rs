//! shown = confirmed + pending, replayed.

use crate::model::{Case, Op};

/// The case with its shown operations applied in order; what it refuses leaves it as it was.
pub fn replay(confirmed: &Case, ops: &[Op]) -> Case {
    let mut case = confirmed.clone();
    for op in ops.iter().filter(|op| op.case() == confirmed.id && op.state.is_shown()) {
        // A refusal is the server's to say; until then the change is simply not visible.
        let _refused = op.mutation.apply(&mut case);
    }
    case
}

//! Faults on order, in debug builds only: `CASELOAD_FAULT=panic-main` or `panic-worker` breaks the program once its screen is
//! up, so that the tests see what is left of the terminal. A release build has none of this.

use std::panic::panic_any;

/// Breaks what the environment asks for; called with every frame.
pub fn on_frame() {
    match std::env::var("CASELOAD_FAULT").as_deref() {
        Ok("panic-main") => panic_any("a fault on order, in the loop"),
        Ok("panic-worker") => worker(),
        _ => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "the fault of a thread needs a thread")]
fn worker() {
    let broken = std::thread::spawn(|| panic_any("a fault on order, beside the loop"));
    let _never = broken.join();
}

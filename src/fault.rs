//! GROUND FLOOR: faults on order, in debug builds only, so that tests see what a crash leaves behind. A release build has empty
//! functions in their place. Uses nothing of ours.
//!
//! `CASELOAD_CRASH=N` aborts the process at the N-th crash point it passes, whichever it is, with nothing flushed, and
//! `CASELOAD_CRASH=NAME` at the first one of that name;
//! `CASELOAD_CRASH_LOG=FILE` appends the name of every point passed, so that a clean run counts and names them;
//! `CASELOAD_FAULT=panic-main` or `panic-worker` breaks the inbox once its screen is up.

#[cfg(debug_assertions)]
pub use on_order::{on_frame, point, point_at};

/// A place where the process may die.
#[cfg(not(debug_assertions))]
#[inline]
pub const fn point(_name: &'static str) {}

/// The same, told apart by what passes it.
#[cfg(not(debug_assertions))]
#[inline]
pub const fn point_at(_name: &'static str, _which: &'static str) {}

/// Called with every frame.
#[cfg(not(debug_assertions))]
#[inline]
pub const fn on_frame() {}

#[cfg(debug_assertions)]
mod on_order {
    use std::ffi::OsString;
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::panic::panic_any;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// What the environment asks for, read once.
    struct Order {
        crash: Option<At>,
        log: Option<OsString>,
    }

    enum At {
        Number(u64),
        Name(String),
    }

    fn order() -> &'static Order {
        static ORDER: OnceLock<Order> = OnceLock::new();
        ORDER.get_or_init(|| {
            let crash = std::env::var("CASELOAD_CRASH").ok().map(|at| at.parse().map_or(At::Name(at), At::Number));
            Order { crash, log: std::env::var_os("CASELOAD_CRASH_LOG") }
        })
    }

    /// A place where the process may die.
    pub fn point(name: &'static str) {
        point_at(name, "");
    }

    /// The same, told apart by what passes it.
    pub fn point_at(name: &'static str, which: &'static str) {
        static PASSED: AtomicU64 = AtomicU64::new(0);
        let Order { crash, log } = order();
        if crash.is_none() && log.is_none() {
            return;
        }
        let passed = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
        let here = format!("{name} {which}").trim_end().to_owned();
        let dies = match crash {
            Some(At::Number(number)) => *number == passed,
            Some(At::Name(name)) => *name == here,
            None => false,
        };
        if let Some(log) = log {
            // One write, so that two threads do not mix; a log that cannot be written is missed by the test that reads it.
            let line = here + "\n";
            let _unwritten = OpenOptions::new().append(true).create(true).open(log).and_then(|mut log| log.write_all(line.as_bytes()));
        }
        if dies {
            std::process::abort();
        }
    }

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
}

//! A time for a reply, in plain words.

use clap::Args as Group;

#[derive(Debug, Clone, Default, Group)]
pub struct Later {
    /// Send it then: 2h, "tomorrow 9", mon, "2026-11-23 09:00". Some caseload has to run at that time, or later
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// With --at: only if the customer has not written by then; else it waits for you
    #[arg(long, requires = "at")]
    pub unless_they_write: bool,
}

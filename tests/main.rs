//! Every test that needs the whole program, as one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may stop where it fails, and owns its files, clocks and tasks"
)]

mod assisted;
mod cli;
mod contract;
mod crash;
mod desk;
mod desktop;
mod drafts;
mod faults;
mod hostile;
mod house;
mod linear;
mod meanwhile;
mod mix;
mod mutants;
mod offline;
mod screens;
mod server;
mod session;
mod store;
mod sync;
mod terminal;
mod together;
mod wire;

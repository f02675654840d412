//! The real program, ended at every moment there is, on a network that does everything networks do: no reply may be lost or
//! sent twice in silence. `CASELOAD_SCHEDULES=N` runs N seeded schedules, `CASELOAD_SEED=S` the one that failed.

pub mod bench;
pub mod dice;
pub mod http;
pub mod proxy;

mod calm;
mod points;
mod schedules;

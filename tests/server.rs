//! The embedded case API over real HTTP on port 0: every end point, every refusal, the limits, the query language.

mod asked;
mod changed;
mod doors;
pub mod house;
mod large;
mod oracle;
mod others;
mod vendor;

//! From the vendor's JSON to the model, tolerantly: every form that documentation and samples show is taken,
//! a member that is missing is missing, and what this version does not know is kept in `extra`.
//! Nothing here fails or panics: a value that makes no sense is `None`, a row without an id is no row.

mod case;
mod envelope;
mod json;
mod mail;
mod members;
mod message;
mod people;
mod scalar;

pub use case::{case, feedback, tag, timeline};
pub use envelope::{Listing, listing, over, single};
pub use json::json;
pub use mail::mail;
pub(in crate::api) use message::marker;
pub use message::{event_text, message};
pub use people::{case_user, contact, fields, person, snooze};
pub use scalar::{date, flag, id, int, text};

//! The client against the server over real HTTP: every question, every change on every channel, every refusal; then the
//! same against the vendor's double, each quirk alone and all together, and the whole program against it on a line that
//! loses answers. What the server holds afterwards is read through a second door without quirks.

pub mod account;
mod line;
mod lost;
mod program;
mod refusals;
mod round;
mod sends;
mod translated;

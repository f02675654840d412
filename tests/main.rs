//! The one test binary. Each module tests one room, or one door, from outside.

mod server;

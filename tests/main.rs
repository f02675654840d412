//! The one test binary. Each module tests one room, or one door, from outside.

#[cfg(test)]
mod server;

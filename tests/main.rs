//! all tests

mod wire;

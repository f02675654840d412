//! all tests
mod store;

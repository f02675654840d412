//! all tests
mod screens;

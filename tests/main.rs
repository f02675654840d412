//! Every test that needs the whole program, as one binary.

mod cli;
mod house;
mod offline;
mod screens;
mod server;
mod session;
mod store;
mod terminal;
mod wire;

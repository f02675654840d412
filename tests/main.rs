//! Every test that needs the whole program, as one binary.

mod cli;
mod house;
mod server;
mod store;
mod wire;

//! Every test that needs the whole program, as one binary.

mod house;
mod server;
mod store;
mod wire;

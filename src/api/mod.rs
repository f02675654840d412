//! SECOND FLOOR: the network.

pub mod wire;

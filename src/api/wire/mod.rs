//! What is on the wire: paths and JSON shapes, shared by the client and the embedded server.
//! Every quirk of the vendor is read here and nowhere else.

pub mod fail;
pub mod paths;
pub mod read;
pub mod write;

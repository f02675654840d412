//! The guest house: the case API itself, as an embedded server.
//! Knows the model and the shapes of the wire; nothing of the client may enter.

pub mod demo;
pub mod seed;

//! caseload

pub mod api;
pub mod model;

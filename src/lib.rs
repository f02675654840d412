//! caseload

pub mod api;
pub mod app;
pub mod model;
pub mod view;

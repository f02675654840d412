//! caseload

pub mod api;
pub mod app;
pub mod config;
pub mod model;

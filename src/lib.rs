//! caseload

pub mod api;
pub mod app;
pub mod model;
pub mod runtime;
pub mod store;
pub mod tui;
pub mod view;

//! One row per line of the outcome table.

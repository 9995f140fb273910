//! Everything about scenarios that needs a whole one.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

mod any_text;
mod bad_input;
mod ending;
mod models;
mod resolving;
mod running;

//! Everything about scenarios that needs a whole one.

mod bad_input;
mod resolving;
mod running;

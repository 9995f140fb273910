//! Everything about scenarios that needs a whole one.

mod any_text;
mod bad_input;
mod resolving;
mod running;

//! A report on studies of which it is known what is in them.

mod files;
mod synthetic;
mod verdicts;

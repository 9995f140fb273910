//! What a program does to a running network is, bit by bit, what would have been described beforehand.

mod equality;
mod plan;
mod rates;
mod refusals;
mod state;

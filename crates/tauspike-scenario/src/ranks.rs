//! One scenario on several processes, its *ranks*: what they say to each other, and how what they record becomes one output.
//!
//! | module | question |
//! |---|---|
//! | [`gather`] | what is asked of a message-passing library? |
//! | [`talk`] | how does one rank learn that another cannot go on? |
//! | `line` | how do spikes pass? |
//! | `alike` | have all been asked for the same? |
//! | [`mod@run`], `part`, `whole` | how does a rank run and record its part, and the first rank make the whole of them? |
//!
//! Every rank makes the same calls in the same order ([`Ranks::agree`], and the exchange of each epoch). In each of them every rank says
//! whether it can go on. So nobody waits for a rank that has failed, and all end with one reason.

mod alike;
pub mod gather;
mod line;
mod part;
pub mod run;
pub mod talk;
mod whole;

pub use gather::{Gather, Gathered};
pub use run::{SharedRun, run};
pub use talk::Ranks;

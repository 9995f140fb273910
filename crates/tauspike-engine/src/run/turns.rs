//! Whether an epoch is run by all threads, or by the leading one alone.
//!
//! Where epochs take microseconds, or others have taken the cores, it may take longer to call the threads than to do their work. So either way is
//! tried for some epochs now and then, and what was faster is done until the next time. It is a matter of time alone: no bit depends on it.

use crate::run::barrier::Waiting;
use std::time::{Duration, Instant};

/// Epochs for which either way is tried, of which the first few do not count: threads have to be woken first.
const TRIED: u32 = 64;
const UNCOUNTED: u32 = 8;
/// Epochs until the next time.
const KEPT: u32 = 1024;
/// Epochs that take longer are run by all: to be called is little then.
const LONG: Duration = Duration::from_micros(60);

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    TryAll,
    TryAlone { all: Duration },
    Alone,
    All { long: bool },
}

pub(super) struct Turns {
    phase: Phase,
    /// Epochs of the phase so far, and what those that count have taken.
    epochs: u32,
    taken: Duration,
}

impl Turns {
    pub fn new() -> Self {
        Self { phase: Phase::TryAll, epochs: 0, taken: Duration::ZERO }
    }

    /// Whether the next epoch is the leading thread's alone.
    pub fn is_alone(&self) -> bool {
        matches!(self.phase, Phase::TryAlone { .. } | Phase::Alone)
    }

    /// How the threads are to wait for each other, where that changes with the next epoch.
    pub fn waiting(&self) -> Option<Waiting> {
        match self.phase {
            Phase::TryAll if self.epochs == 0 => Some(Waiting::Brief),
            // it has been seen to pay
            Phase::All { long: false } if self.epochs == 0 => Some(Waiting::Awake),
            _ => None,
        }
    }

    /// Runs an epoch.
    #[allow(clippy::disallowed_methods, reason = "who does the work decides nothing about spikes")]
    pub fn take(&mut self, epoch: impl FnOnce()) {
        let began = matches!(self.phase, Phase::TryAll | Phase::TryAlone { .. }).then(Instant::now);
        epoch();
        if let Some(began) = began.filter(|_| self.epochs >= UNCOUNTED) {
            self.taken += began.elapsed();
        }
        self.epochs += 1;
        if self.epochs == if began.is_some() { TRIED } else { KEPT } {
            *self = Self { phase: self.next(), ..Self::new() };
        }
    }

    fn next(&self) -> Phase {
        match self.phase {
            Phase::TryAll if self.taken > LONG * (TRIED - UNCOUNTED) => Phase::All { long: true },
            Phase::TryAll => Phase::TryAlone { all: self.taken },
            Phase::TryAlone { all } if self.taken < all => Phase::Alone,
            Phase::TryAlone { .. } => Phase::All { long: false },
            Phase::Alone | Phase::All { .. } => Phase::TryAll,
        }
    }
}

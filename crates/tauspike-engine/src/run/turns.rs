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
        let began = self.is_timed().then(Instant::now);
        epoch();
        self.count(began.map_or(Duration::ZERO, |began| began.elapsed()));
    }

    fn is_timed(&self) -> bool {
        matches!(self.phase, Phase::TryAll | Phase::TryAlone { .. })
    }

    /// An epoch has taken so long, if that is measured.
    fn count(&mut self, time: Duration) {
        if self.epochs >= UNCOUNTED {
            self.taken += time;
        }
        self.epochs += 1;
        if self.epochs == if self.is_timed() { TRIED } else { KEPT } {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many epochs are the leading thread's alone, where an epoch takes so many microseconds if it is and if not.
    fn alone(epochs: u32, (if_alone, if_all): (u64, u64)) -> u32 {
        let mut turns = Turns::new();
        let counted = |_: u32| {
            let alone = turns.is_alone();
            turns.count(Duration::from_micros(if alone { if_alone } else { if_all }));
            u32::from(alone)
        };
        (0..epochs).map(counted).sum()
    }

    #[test]
    fn what_is_faster_is_kept_and_long_epochs_are_not_tried_alone() {
        let cycle = 2 * TRIED + KEPT;
        assert_eq!(alone(10 * cycle, (10, 20)), 10 * (TRIED + KEPT));
        assert_eq!(alone(10 * cycle, (20, 10)), 10 * TRIED);
        assert_eq!(alone(10 * cycle, (50, 100)), 0);
    }

    #[test]
    fn threads_that_pay_stay_awake_from_the_first_epoch_on_that_they_are_kept() {
        let mut turns = Turns::new();
        let mut asked = Vec::new();
        for epoch in 0..2 * TRIED + KEPT {
            match turns.waiting() {
                Some(Waiting::Brief) => asked.push((epoch, false)),
                Some(Waiting::Awake) => asked.push((epoch, true)),
                None => {}
            }
            turns.count(Duration::from_micros(if turns.is_alone() { 20 } else { 10 }));
        }
        assert_eq!(asked, [(0, false), (2 * TRIED, true)]);
    }
}

//! Where the threads of a simulation meet.

use crossbeam::utils::{Backoff, CachePadded};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Spins and yields before sleeping, some hundred microseconds on idle cores: the leading thread takes as long to put spikes in order, and with a
/// tenth of them brunel takes 0.83 s on two threads instead of 0.74. How long each sleep is, and after how many it has no end.
const SNOOZES: u32 = 1000;
const NAP: Duration = Duration::from_micros(50);
const NAPS: u32 = 40;

/// A barrier that spins briefly, for epochs of microseconds, then yields, and then sleeps: on a machine whose cores are taken, a
/// thread that only yields keeps the one it waits for from running. Between two runs it sleeps until it is called.
pub(super) struct Barrier {
    threads: usize,
    waiting: CachePadded<AtomicUsize>,
    round: CachePadded<AtomicUsize>,
    closed: AtomicBool,
    /// Held where `round` or `closed` changes, so that nobody falls asleep at that moment.
    gate: Mutex<()>,
    opened: Condvar,
}

impl Barrier {
    pub fn new(threads: usize) -> Self {
        Self {
            threads,
            waiting: CachePadded::new(AtomicUsize::new(0)),
            round: CachePadded::new(AtomicUsize::new(0)),
            closed: AtomicBool::new(false),
            gate: Mutex::new(()),
            opened: Condvar::new(),
        }
    }

    /// Returns when all threads are here, true; or when it is closed, false. What each did before is seen by all after.
    pub fn pass(&self) -> bool {
        if self.threads == 1 {
            return true;
        }
        let round = self.round.load(Ordering::Acquire);
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.waiting.store(0, Ordering::Relaxed);
            self.change(|| self.round.store(round.wrapping_add(1), Ordering::Release));
            return true;
        }
        let (backoff, mut waits) = (Backoff::new(), 0);
        loop {
            if self.round.load(Ordering::Acquire) != round {
                return true;
            }
            if self.closed.load(Ordering::Acquire) {
                return false;
            }
            waits += 1;
            if waits <= SNOOZES {
                backoff.snooze();
            } else if waits <= SNOOZES + NAPS {
                std::thread::sleep(NAP);
            } else {
                self.sleep(round);
            }
        }
    }

    /// Sends away whoever waits, and whoever comes.
    pub fn close(&self) {
        self.change(|| self.closed.store(true, Ordering::Release));
    }

    fn change(&self, change: impl FnOnce()) {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        change();
        drop(gate);
        self.opened.notify_all();
    }

    fn sleep(&self, round: usize) {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let stays = |_: &mut ()| self.round.load(Ordering::Acquire) == round && !self.closed.load(Ordering::Acquire);
        drop(self.opened.wait_while(gate, stays));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each thread writes its own cell, unguarded but by the barrier, and reads those of all others after it.
    fn stress(threads: usize, rounds: usize) {
        let barrier = Barrier::new(threads);
        let cells: Vec<AtomicUsize> = (0..threads).map(|_| AtomicUsize::new(0)).collect();
        std::thread::scope(|scope| {
            for me in 0..threads {
                let (barrier, cells) = (&barrier, &cells);
                scope.spawn(move || {
                    for round in 1..=rounds {
                        // uneven work, so that any thread may be the last
                        (0..(me * 7 + round * 13) % 50).for_each(|_| std::hint::spin_loop());
                        cells[me].store(round, Ordering::Relaxed);
                        assert!(barrier.pass());
                        for cell in cells {
                            assert_eq!(cell.load(Ordering::Relaxed), round, "a thread passed before all had come");
                        }
                        assert!(barrier.pass());
                    }
                });
            }
        });
    }

    #[test]
    fn nobody_passes_before_all_have_come() {
        stress(2, 20_000);
        stress(7, 500);
        stress(64, 20);
    }

    #[test]
    fn one_thread_never_waits() {
        stress(1, 100_000);
    }

    #[test]
    fn a_thread_that_has_fallen_asleep_is_woken() {
        for closes in [false, true] {
            let barrier = Barrier::new(2);
            std::thread::scope(|scope| {
                let waiting = scope.spawn(|| barrier.pass());
                std::thread::sleep(NAP * (20 * NAPS));
                assert!(!waiting.is_finished());
                if closes {
                    barrier.close()
                } else {
                    assert!(barrier.pass())
                }
                assert_eq!(waiting.join().unwrap(), !closes);
            });
        }
    }
}

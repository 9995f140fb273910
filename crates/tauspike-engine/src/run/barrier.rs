//! Where the threads of a run meet.

use crossbeam::utils::{Backoff, CachePadded};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Spins and yields before sleeping, some tens of microseconds on idle cores; and how long each sleep is.
const SNOOZES: u32 = 100;
const NAP: Duration = Duration::from_micros(50);

/// A barrier that spins briefly, for epochs of microseconds, then yields, and then sleeps: on a machine whose cores are taken, a
/// thread that only yields keeps the one it waits for from running.
pub(super) struct Barrier {
    threads: usize,
    waiting: CachePadded<AtomicUsize>,
    round: CachePadded<AtomicUsize>,
}

impl Barrier {
    pub fn new(threads: usize) -> Self {
        Self { threads, waiting: CachePadded::new(AtomicUsize::new(0)), round: CachePadded::new(AtomicUsize::new(0)) }
    }

    /// Returns when all threads are here. What each did before is seen by all after.
    pub fn pass(&self) {
        let round = self.round.load(Ordering::Acquire);
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.waiting.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return;
        }
        let backoff = Backoff::new();
        let mut snoozes = 0;
        while self.round.load(Ordering::Acquire) == round {
            if snoozes < SNOOZES {
                snoozes += 1;
                backoff.snooze();
            } else {
                std::thread::sleep(NAP);
            }
        }
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
                        barrier.pass();
                        for cell in cells {
                            assert_eq!(cell.load(Ordering::Relaxed), round, "a thread passed before all had come");
                        }
                        barrier.pass();
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
}

//! Where the threads of a simulation meet.

use crossbeam::utils::CachePadded;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

/// Looks before sleeping: at most some hundred microseconds, as the leading thread may take to put spikes in order; as many as fit into
/// the time that it takes to be woken; and at least.
const MOST: u32 = 20_000;
const SOME: u32 = 4_000;
const LEAST: u32 = 20;

/// How to wait from now on, after some looks in any case.
#[derive(Clone, Copy)]
pub(super) enum Waiting {
    /// For less and less time, where it is of no use.
    Brief,
    /// As long as it takes to be woken: else all might sleep on, each because the others have to be woken.
    Awake,
}

/// A barrier that spins briefly, for epochs of microseconds, and then sleeps. Where spinning is of no use, because the cores are taken, it soon spins
/// less. It does not yield: who yields there comes back milliseconds later.
pub(super) struct Barrier {
    threads: usize,
    waiting: CachePadded<AtomicUsize>,
    round: CachePadded<AtomicUsize>,
    closed: AtomicBool,
    /// How many sleep. Held where `round` or `closed` changes, so that nobody falls asleep at that moment.
    asleep: Mutex<usize>,
    opened: Condvar,
    /// So many before sleeping, and no fewer than `least`.
    looks: CachePadded<AtomicU32>,
    least: AtomicU32,
}

impl Barrier {
    pub fn new(threads: usize) -> Self {
        Self {
            threads,
            waiting: CachePadded::new(AtomicUsize::new(0)),
            round: CachePadded::new(AtomicUsize::new(0)),
            closed: AtomicBool::new(false),
            asleep: Mutex::new(0),
            opened: Condvar::new(),
            looks: CachePadded::new(AtomicU32::new(MOST)),
            least: AtomicU32::new(LEAST),
        }
    }

    /// Returns when all threads are here, true; or when it is closed, false. What each did before is seen by all after.
    pub fn pass(&self) -> bool {
        let round = self.round.load(Ordering::Acquire);
        if self.waiting.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.waiting.store(0, Ordering::Relaxed);
            self.change(|| self.round.store(round.wrapping_add(1), Ordering::Release));
            return true;
        }
        let looks = self.looks.load(Ordering::Relaxed);
        let mut looked = 0;
        while looked < looks && self.stays(round) {
            looked += 1;
            std::hint::spin_loop();
        }
        if looked < looks {
            self.looks.store((looks + looks / 4 + 1).min(MOST), Ordering::Relaxed);
        } else {
            self.looks.store((looks / 2).max(self.least.load(Ordering::Relaxed)), Ordering::Relaxed);
            self.sleep(round);
        }
        self.round.load(Ordering::Acquire) != round
    }

    /// From now on.
    pub fn wait_as(&self, waiting: Waiting) {
        self.least.store(if let Waiting::Awake = waiting { SOME } else { LEAST }, Ordering::Relaxed);
        self.looks.fetch_max(SOME, Ordering::Relaxed);
    }

    /// Whether who came in this round has to wait.
    fn stays(&self, round: usize) -> bool {
        self.round.load(Ordering::Acquire) == round && !self.closed.load(Ordering::Acquire)
    }

    /// Sends away whoever waits, and whoever comes.
    pub fn close(&self) {
        self.change(|| self.closed.store(true, Ordering::Release));
    }

    fn change(&self, change: impl FnOnce()) {
        let asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        change();
        // to wake somebody costs a call of the system
        if *asleep > 0 {
            self.opened.notify_all();
        }
    }

    fn sleep(&self, round: usize) {
        let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        *asleep += 1;
        asleep = self.opened.wait_while(asleep, |_| self.stays(round)).unwrap_or_else(PoisonError::into_inner);
        *asleep -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

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
                std::thread::sleep(Duration::from_millis(40));
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

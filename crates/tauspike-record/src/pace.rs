//! When the rows of a table are put on disk that come at a pace nobody knows: counters, by the interval that a user chose.
//!
//! A row group costs three syncs of the disk, 15 ms, whatever is in it. A fixed number of rows would be either so small that a run with
//! short intervals waits for the disk, or so large that a kill loses hours of one with long intervals. So a clock decides: a row group
//! ends when it has [`Pace::least`] rows and a second has gone by, or a 256th of the time since the beginning. There are then at most
//! some 1500 of them in ten hours.
//!
//! The rows are the same whatever the clock says; only which of them share a row group depends on it.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

const SHORTEST: Duration = Duration::from_secs(1);
const SHARE: u32 = 256;

pub(crate) struct Pace {
    /// Fewer rows than that are not worth a row group.
    least: usize,
    begun: Instant,
    last: Instant,
}

impl Pace {
    pub fn new(least: NonZeroUsize) -> Self {
        Self::starting(least, now())
    }

    /// Whether a row group ends now that has so many rows; if so, the next one begins.
    pub fn is_due(&mut self, rows: usize) -> bool {
        rows >= self.least && self.has_waited(now())
    }

    fn starting(least: NonZeroUsize, now: Instant) -> Self {
        Self { least: least.get(), begun: now, last: now }
    }

    fn has_waited(&mut self, now: Instant) -> bool {
        let due = now - self.last >= SHORTEST.max((now - self.begun) / SHARE);
        if due {
            self.last = now;
        }
        due
    }
}

#[allow(clippy::disallowed_methods, reason = "decides when rows are flushed, and not which rows there are")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_group_ends_once_a_second_at_first_and_more_rarely_in_a_long_run() {
        let begun = now();
        let mut pace = Pace::starting(NonZeroUsize::MIN, begun);
        let mut ended = |ms: u64| pace.has_waited(begun + Duration::from_millis(ms));
        assert_eq!([999, 1000, 1500, 2000].map(&mut ended), [false, true, false, true]);
        let hours = 10 * 3600;
        let groups = (3..hours).filter(|second| ended(second * 1000)).count();
        assert!((1000..2000).contains(&groups), "{groups}");
        let last = (hours..).find(|second| ended(second * 1000)).unwrap();
        assert!(last - hours < 150, "a kill loses a 256th of the run");
    }

    #[test]
    fn few_rows_wait() {
        let mut pace = Pace::new(NonZeroUsize::new(64).unwrap());
        pace.last -= Duration::from_secs(5);
        pace.begun -= Duration::from_secs(5);
        assert!(!pace.is_due(63) && pace.is_due(64) && !pace.is_due(64));
    }
}

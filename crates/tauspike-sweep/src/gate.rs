//! How many runs at a time? As many as fit into memory by prediction; one may always go.

use std::sync::{Condvar, Mutex, PoisonError};

/// Lets runs in as long as there is room for them.
pub struct Gate {
    budget: u64,
    inside: Mutex<Inside>,
    left: Condvar,
}

#[derive(Default)]
struct Inside {
    bytes: u64,
    runs: usize,
}

/// A run, or several one after the other, that was let in until this is dropped.
pub struct Admitted<'g> {
    gate: &'g Gate,
    bytes: u64,
}

impl Gate {
    /// With room for so many bytes.
    pub fn new(budget: u64) -> Self {
        Self { budget, inside: Mutex::default(), left: Condvar::new() }
    }

    /// Waits until there is room for so many bytes, or nobody else is inside.
    pub fn enter(&self, bytes: u64) -> Admitted<'_> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |inside: &mut Inside| inside.runs > 0 && inside.bytes.saturating_add(bytes) > self.budget;
        let mut inside = self.left.wait_while(inside, full).unwrap_or_else(PoisonError::into_inner);
        inside.bytes = inside.bytes.saturating_add(bytes);
        inside.runs += 1;
        Admitted { gate: self, bytes }
    }
}

impl Admitted<'_> {
    /// Room for so many bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        let mut inside = self.gate.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.bytes = inside.bytes.saturating_sub(self.bytes);
        inside.runs -= 1;
        self.gate.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Most bytes inside at once, with eight threads that each bring `bytes` a hundred times.
    fn most(budget: u64, bytes: u64) -> u64 {
        let (gate, inside, most) = (Gate::new(budget), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let _in = gate.enter(bytes);
                        let now = inside.fetch_add(bytes, Ordering::SeqCst) + bytes;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::yield_now();
                        inside.fetch_sub(bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        most.into_inner()
    }

    #[test]
    fn no_more_than_fits_goes_in_and_one_always_does() {
        assert!(most(35, 10) <= 30);
        assert_eq!(most(5, 10), 10, "alone");
        assert_eq!(most(0, u64::MAX / 16), u64::MAX / 16);
    }
}

//! What becomes of a process whose others have gone while it waits for them in MPI, which never returns.
//!
//! `mpirun` sees that a process has died, sends SIGTERM to the rest, and a second later SIGKILL. In this second a thread completes what
//! was recorded and ends the process. That a rank is merely slow looks the same; but it has been told to end.

use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use tauspike_engine::exchange::Rank;

/// Exit code of a process that was ended: 128 + SIGTERM, as shells count.
const ENDED: i32 = 143;
/// How often the thread looks, and how long an exchange may take after SIGTERM.
const PATIENCE: Duration = Duration::from_millis(250);

type Last = Box<dyn FnOnce() + Send>;

/// Watches over the waiting of this process.
pub struct Watch {
    /// Odd while it waits.
    turns: Arc<AtomicU64>,
    last: Arc<Mutex<Option<Last>>>,
}

/// Lasts as long as this process waits for the others.
pub struct Waiting(Arc<AtomicU64>);

impl Watch {
    /// From `stop` on, it is not waited for ever.
    pub fn new(stop: Arc<AtomicBool>, rank: Rank) -> Self {
        let watch = Self { turns: Arc::default(), last: Arc::default() };
        let (turns, last) = (watch.turns.clone(), watch.last.clone());
        // Without this thread a kill of another rank costs this one its last row group, and nothing else.
        let _ = thread::Builder::new().name("tauspike-lost".into()).spawn(move || look(&stop, &turns, &last, rank));
        watch
    }

    pub fn waits(&self) -> Waiting {
        self.turns.fetch_add(1, Ordering::Relaxed);
        Waiting(self.turns.clone())
    }

    pub fn when_lost(&self, then: Last) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(then);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn look(stop: &AtomicBool, turns: &AtomicU64, last: &Mutex<Option<Last>>, rank: Rank) {
    let mut before = 0;
    loop {
        thread::sleep(PATIENCE);
        let now = turns.load(Ordering::Relaxed);
        let stuck = stop.load(Ordering::Relaxed) && now % 2 == 1 && now == before;
        before = now;
        if !stuck {
            continue;
        }
        if let Some(last) = last.lock().unwrap_or_else(PoisonError::into_inner).take() {
            last();
            if rank.index == 0 {
                eprintln!(
                    "error: another rank has gone; what was recorded up to then is there: `tauspike recover` makes one table of it"
                );
            }
            process::exit(ENDED);
        }
    }
}

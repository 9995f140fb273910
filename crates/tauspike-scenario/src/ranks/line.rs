//! How spikes pass from rank to rank.

use crate::ranks::talk::Ranks;
use crate::summary::Summary;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauspike_engine::EngineError;
use tauspike_engine::exchange::{Exchange, Rank, from_words, to_words};
use tauspike_record::{Digest, Populations};
use tauspike_spike::{Spike, SpikeSink};

/// Held by the simulation and by who runs it; never by both at once.
pub(crate) type Shared<T> = Arc<Mutex<T>>;

pub(crate) fn lock<T>(shared: &Shared<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the first rank hears of all spikes: what one process would have seen.
pub(crate) struct Heard {
    pub digest: Digest,
    pub summary: Summary,
}

impl Heard {
    pub fn new(populations: &Populations, warmup: f64) -> Self {
        let summary = Summary::new(populations.end() as usize, warmup);
        Self { digest: Digest::new(populations.clone()), summary }
    }
}

/// The exchange of a simulation.
pub(crate) struct Line {
    ranks: Shared<Ranks>,
    rank: Rank,
    /// Of the first rank.
    heard: Option<Shared<Option<Heard>>>,
    words: Vec<u64>,
}

impl Line {
    pub fn new(ranks: Shared<Ranks>, heard: Option<Shared<Option<Heard>>>) -> Self {
        let rank = lock(&ranks).rank();
        Self { ranks, rank, heard, words: Vec::new() }
    }
}

impl Exchange for Line {
    fn rank(&self) -> Rank {
        self.rank
    }

    fn spikes(&mut self, spikes: &mut Vec<Spike>) -> Result<(), EngineError> {
        to_words(spikes, &mut self.words);
        let mut ranks = lock(&self.ranks);
        let all = ranks.exchange(0, &self.words)?;
        from_words(&all.words, spikes);
        drop(ranks);
        if let Some(heard) = &self.heard
            && let Some(heard) = lock(heard).as_mut()
        {
            heard.digest.take(spikes)?;
            heard.summary.take(spikes)?;
        }
        Ok(())
    }

    fn earliest(&mut self, time: f64) -> Result<f64, EngineError> {
        let mut ranks = lock(&self.ranks);
        let all = ranks.exchange(time.to_bits(), &[])?;
        Ok(all.heads.iter().map(|head| f64::from_bits(head[1])).fold(f64::INFINITY, f64::min))
    }
}

//! How spikes pass from rank to rank: two words each, the bits of the time and the source.

use crate::ranks::talk::Ranks;
use crate::summary::Summary;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tauspike_engine::EngineError;
use tauspike_engine::exchange::{Exchange, Rank};
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
        self.words.clear();
        self.words.extend(spikes.iter().flat_map(|spike| [spike.time.to_bits(), u64::from(spike.source)]));
        let mut ranks = lock(&self.ranks);
        let all = ranks.exchange(0, &self.words)?;
        spikes.clear();
        let pairs = all.words.chunks_exact(2);
        spikes.extend(pairs.map(|pair| Spike { time: f64::from_bits(pair[0]), source: pair[1] as u32 }));
        drop(ranks);
        // stable, because that one is fast on what consists of sorted runs
        spikes.sort();
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

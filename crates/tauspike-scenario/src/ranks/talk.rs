//! Whether all ranks can go on, asked whenever they meet.
//!
//! Each says first how it is: that it goes on, that it has been asked to stop, or that it has failed, and then its words are the reason. What
//! the others say at that moment, spikes perhaps, is dropped: all of them have the same reason, that of the first rank that has one.

use crate::error::ScenarioError;
use crate::ranks::gather::{Gather, Gathered};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tauspike_engine::EngineError;
use tauspike_engine::exchange::Rank;
use tauspike_record::hostname;

const GOES_ON: u64 = 0;
const IS_TO_STOP: u64 = 1;
const FAILED: u64 = 2;

type Result<T> = std::result::Result<T, ScenarioError>;

/// This process and the others.
pub struct Ranks {
    gather: Box<dyn Gather>,
    rank: Rank,
    all: Gathered,
    /// Whether this process has been asked to stop.
    stop: Arc<AtomicBool>,
    stopped: bool,
    /// Why one of them failed, if that came up in an exchange and has not been told.
    untold: Option<ScenarioError>,
    lost: Option<String>,
    spent: Duration,
}

impl Ranks {
    /// With these others. Who sets `stop` asks all of them to stop.
    pub fn new(gather: Box<dyn Gather>, stop: Arc<AtomicBool>) -> Self {
        let rank = gather.rank();
        let (all, spent) = (Gathered::default(), Duration::ZERO);
        Self { gather, rank, all, stop, stopped: false, untold: None, lost: None, spent }
    }

    /// Which rank this is.
    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// Whether any rank has been asked to stop; all ranks have the same answer.
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Whether the others cannot be reached any more.
    pub fn lost(&self) -> bool {
        self.lost.is_some()
    }

    /// See [`Gather::when_lost`].
    pub(crate) fn when_lost(&mut self, then: impl FnOnce() + Send + 'static) {
        self.gather.when_lost(Box::new(then));
    }

    /// Time spent with the others, s, waiting for them included.
    pub fn spent_s(&self) -> f64 {
        self.spent.as_secs_f64()
    }

    /// Says whether this rank's outcome is good, and learns whether all are.
    ///
    /// # Errors
    /// That of the first rank that failed: this rank's own, or [`ScenarioError::Rank`].
    pub fn agree<T>(&mut self, outcome: Result<T>) -> Result<T> {
        if let Some(told) = self.untold.take() {
            return Err(told);
        }
        let error = match outcome {
            Ok(value) => return self.say(0, &[]).map(|_| value),
            Err(error) => error,
        };
        let reason = words_of(error.to_string().as_bytes());
        match self.meet([FAILED, u64::from(error.is_output())], &reason) {
            Err(first) if first.1 != self.rank.index && self.lost.is_none() => Err(first.0),
            // Its own error is told with its cause.
            _ => Err(error),
        }
    }

    /// Says a value and words, and learns those of all ranks.
    ///
    /// # Errors
    /// As [`Ranks::agree`].
    pub fn say(&mut self, value: u64, words: &[u64]) -> Result<&Gathered> {
        let how = if self.stop.load(Ordering::Relaxed) { IS_TO_STOP } else { GOES_ON };
        match self.meet([how, value], words) {
            Ok(()) => Ok(&self.all),
            Err(told) => Err(told.0),
        }
    }

    /// As [`Ranks::say`], within a run: the error is told by the next [`Ranks::agree`].
    pub(crate) fn exchange(&mut self, value: u64, words: &[u64]) -> std::result::Result<&Gathered, EngineError> {
        match self.say(value, words).map(|_| ()) {
            Ok(()) => Ok(&self.all),
            Err(error) => {
                let told = EngineError::Exchange(error.to_string());
                self.untold = Some(error);
                Err(told)
            }
        }
    }

    /// Says bytes and learns those of all ranks.
    ///
    /// # Errors
    /// As [`Ranks::agree`].
    pub(crate) fn say_bytes(&mut self, bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
        let of = self.rank.of;
        let all = self.say(bytes.len() as u64, &words_of(bytes))?;
        Ok((0..of).map(|rank| bytes_of(all.of(rank), all.heads[rank][1] as usize)).collect())
    }

    /// One exchange; the error comes with the rank that it is from.
    #[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
    fn meet(&mut self, head: [u64; 2], words: &[u64]) -> std::result::Result<(), Box<(ScenarioError, usize)>> {
        if let Some(reason) = &self.lost {
            return Err(Box::new((ScenarioError::Lost { reason: reason.clone() }, self.rank.of)));
        }
        let begin = Instant::now();
        let outcome = self.gather.gather(head, words, &mut self.all);
        self.spent += begin.elapsed();
        if let Err(reason) = outcome {
            self.lost = Some(reason.clone());
            return Err(Box::new((ScenarioError::Lost { reason }, self.rank.of)));
        }
        self.stopped |= self.all.heads.iter().any(|head| head[0] == IS_TO_STOP);
        match self.all.heads.iter().position(|head| head[0] == FAILED) {
            Some(rank) => Err(Box::new((self.failure_of(rank), rank))),
            None => Ok(()),
        }
    }

    fn failure_of(&self, rank: usize) -> ScenarioError {
        let words = self.all.of(rank);
        let reason = String::from_utf8_lossy(&bytes_of(words, words.len() * 8)).trim_end_matches('\0').to_owned();
        ScenarioError::Rank { rank, reason, output: self.all.heads[rank][1] == 1 }
    }

    /// How many ranks there are on the machine of this one.
    ///
    /// # Errors
    /// As [`Ranks::agree`].
    pub fn on_this_machine(&mut self) -> Result<usize> {
        let here = hostname();
        Ok(self.say_bytes(here.as_bytes())?.iter().filter(|name| **name == here.as_bytes()).count())
    }
}

/// Eight bytes to a word.
fn words_of(bytes: &[u8]) -> Vec<u64> {
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    bytes.chunks(8).map(word).collect()
}

/// The first `len` bytes of [`words_of`].
fn bytes_of(words: &[u64], len: usize) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).take(len).collect()
}

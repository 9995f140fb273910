//! Which random numbers a stimulus or a shuffle draws: a pure function of (seed, stimulus index, dimension, position).
//!
//! No state is carried from one draw to the next, so a longer stimulus begins with the shorter one, and one dimension does not
//! depend on how many others there are.

use crate::error::TaskError;
use std::f64::consts::TAU;
use tauspike_spike::draw::{Domain, block, unit_open_zero};

/// One past the largest stimulus index; this ordinal itself keys the shuffles, so a shuffle shares no number with a stimulus.
const ORDINALS: u32 = (1 << 24) - 1;

/// Keys the draws of one stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    seed: u64,
    ordinal: u32,
}

impl Key {
    /// The key of stimulus number `index` under `seed`.
    ///
    /// # Errors
    /// If `index` is 2^24 - 1 or more.
    pub fn new(seed: u64, index: u32) -> Result<Self, TaskError> {
        if index >= ORDINALS {
            return Err(TaskError::value("stimulus", "index", index, format!("below {ORDINALS}")));
        }
        Ok(Self { seed, ordinal: index })
    }

    /// The key of the shuffles under `seed`.
    pub fn shuffle(seed: u64) -> Self {
        Self { seed, ordinal: ORDINALS }
    }

    /// The draws of one dimension of the stimulus, or of one target of a shuffle.
    pub(crate) fn dimension(self, dimension: usize) -> Draws {
        Draws { key: self, entity: dimension as u32 }
    }
}

/// The draws of one dimension, by position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    key: Key,
    entity: u32,
}

impl Draws {
    fn words(self, index: u64) -> [u64; 2] {
        block(self.key.seed, Domain::task(self.key.ordinal), self.entity, index)
    }

    /// Uniform on (0, 1].
    pub(crate) fn uniform(self, index: u64) -> f64 {
        unit_open_zero(self.words(index)[0])
    }

    /// Standard normal (Box and Muller 1958), at most 8.6 in magnitude.
    pub(crate) fn normal(self, index: u64) -> f64 {
        let [radius, angle] = self.words(index).map(unit_open_zero);
        (-2.0 * libm::log(radius)).sqrt() * libm::cos(TAU * angle)
    }

    /// An integer below `bound`; its probabilities differ from 1 / bound by at most 2^-64.
    pub(crate) fn below(self, index: u64, bound: usize) -> usize {
        ((u128::from(self.words(index)[0]) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_has_no_domain_is_refused() {
        assert!(Key::new(1, ORDINALS - 1).is_ok());
        let message = Key::new(1, ORDINALS).unwrap_err().to_string();
        assert_eq!(message, "stimulus: index = 16777215, allowed: below 16777215");
    }

    #[test]
    fn normal_draws_have_the_moments_of_a_standard_normal() {
        let draws = Key::new(3, 0).unwrap().dimension(0);
        let n = 100_000;
        let moment = |p: i32| (0..n).map(|k| draws.normal(k).powi(p)).sum::<f64>() / n as f64;
        // Standard errors: 0.0032, 0.0045, 0.012, 0.031.
        assert!(moment(1).abs() < 0.013 && moment(3).abs() < 0.05);
        assert!((moment(2) - 1.0).abs() < 0.018 && (moment(4) - 3.0).abs() < 0.13);
    }
}

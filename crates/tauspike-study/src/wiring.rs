//! Recurrent synapses, input weights and biases of a network: the same for both models, all profiles and all hyperparameters.
//!
//! Numbers here have no unit and unit scale: weights are standard normal, the rest uniform between -1 and 1. The models scale
//! them, so a changed hyperparameter changes no draw. Synapse j of neuron i is the same in a network of any in-degree above j.

use tauspike_network::distribution::DistributionError;
use tauspike_network::{Distribution, Spread};
use tauspike_spike::draw::block;
use tauspike_spike::{Domain, Stream};

/// Sources and weights, see the module documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Wiring {
    /// Synapses of each neuron.
    pub in_degree: usize,
    /// Sources of neuron i: `in_degree` entries from i `in_degree` on, distinct, and never i.
    pub sources: Vec<u32>,
    /// Standard normal, one for each source.
    pub weights: Vec<f64>,
    /// Input weights of each dimension, one for each neuron.
    pub input: Vec<Vec<f64>>,
    /// One for each neuron.
    pub bias: Vec<f64>,
}

impl Wiring {
    /// The wiring of `n` neurons with `in_degree` < `n` synapses each, for a stimulus of `dimensions`.
    ///
    /// # Errors
    /// Never, but the distributions are checked like any other.
    pub fn new(n: u32, in_degree: u32, dimensions: usize, seed: u64) -> Result<Self, DistributionError> {
        let normal = Distribution::normal(0.0, Spread::Sd(1.0)).sampler()?;
        let uniform = Distribution::uniform(-1.0, 1.0).sampler()?;
        let each = |parameter| {
            (0..n).map(|i| uniform.draw(&mut Stream::new(seed, Domain::parameter(0, parameter), i))).collect()
        };
        let weights = |i| {
            let mut stream = Stream::new(seed, Domain::weight(0), i);
            (0..in_degree).map(|_| normal.draw(&mut stream)).collect::<Vec<_>>()
        };
        Ok(Self {
            in_degree: in_degree as usize,
            sources: (0..n).flat_map(|i| partners(n, in_degree, i, seed)).collect(),
            weights: (0..n).flat_map(weights).collect(),
            bias: each(1),
            input: (0..dimensions as u32).map(|d| each(2 + d)).collect(),
        })
    }
}

/// The first `count` distinct neurons other than `of` in a sequence of uniform draws.
fn partners(n: u32, count: u32, of: u32, seed: u64) -> Vec<u32> {
    let mut chosen = Vec::with_capacity(count as usize);
    let mut index = 0;
    while chosen.len() < count as usize {
        let [word, _] = block(seed, Domain::partners(0), of, index);
        index += 1;
        let source = ((u128::from(word) * u128::from(n)) >> 64) as u32;
        if source != of && !chosen.contains(&source) {
            chosen.push(source);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_distinct_others_and_grow_with_the_in_degree() {
        let (few, many) = (Wiring::new(20, 3, 2, 9).unwrap(), Wiring::new(20, 19, 1, 9).unwrap());
        for i in 0..20 {
            let mut all = many.sources[i * 19..(i + 1) * 19].to_vec();
            assert_eq!(all[..3], few.sources[i * 3..(i + 1) * 3]);
            all.sort_unstable();
            all.dedup();
            assert!(all.len() == 19 && !all.contains(&(i as u32)));
        }
        assert_eq!(few.input[0], many.input[0]);
        assert_eq!(few.weights[3], many.weights[19]);
    }
}

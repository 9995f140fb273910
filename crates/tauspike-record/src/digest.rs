//! One number for a run: equal digests mean equal spikes, to the last bit.

use crate::error::RecordError;
use crate::population::Populations;
use sha2::{Digest as _, Sha256};
use std::fmt;
use tauspike_spike::{SinkError, Spike, SpikeSink};

/// SHA-256 over all spikes in order, and how many there were.
///
/// ```text
/// each spike, 12 bytes:  time  u64 little-endian, the bits of the f64 in ms | source  u32 little-endian
/// ```
///
/// Names and sizes of populations do not enter, so that renaming a population leaves the digest alone.
#[derive(Clone)]
pub struct Digest {
    hash: Sha256,
    populations: Populations,
    spikes: Vec<u64>,
}

/// Of the same spikes.
impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.spikes == other.spikes && self.hex() == other.hex()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.hex())
    }
}

impl Digest {
    /// Of no spikes yet.
    pub fn new(populations: Populations) -> Self {
        let spikes = vec![0; populations.ranges().len()];
        Self { hash: Sha256::new(), populations, spikes }
    }

    /// Adds the next spike and returns the position of its population.
    ///
    /// # Errors
    /// If the neuron is in no population.
    pub fn add(&mut self, spike: Spike) -> Result<usize, RecordError> {
        let position = self.populations.position(spike.source)?;
        self.spikes[position] += 1;
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&spike.time.to_bits().to_le_bytes());
        bytes[8..].copy_from_slice(&spike.source.to_le_bytes());
        self.hash.update(bytes);
        Ok(position)
    }

    /// The populations.
    pub fn populations(&self) -> &Populations {
        &self.populations
    }

    /// Spikes so far of each population, in the order of [`Populations::ranges`].
    pub fn spikes_per_population(&self) -> &[u64] {
        &self.spikes
    }

    /// Spikes so far.
    pub fn spikes(&self) -> u64 {
        self.spikes.iter().sum()
    }

    /// The hash so far: 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(self.hash.clone())
    }
}

impl SpikeSink for Digest {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        for spike in spikes {
            self.add(*spike)?;
        }
        Ok(())
    }
}

/// SHA-256 of a text as 64 hexadecimal digits: how a manifest names the scenario it ran.
pub fn sha256_hex(text: &str) -> String {
    hex(Sha256::new().chain_update(text))
}

pub(crate) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PopulationRange;

    fn populations() -> Populations {
        let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
        Populations::new(vec![range("e", 0, 2), range("i", 2, 1)]).unwrap()
    }

    /// Expected value from Python: `hashlib.sha256(struct.pack("<dIdI", 1.5, 0, 2.25, 2)).hexdigest()`.
    #[test]
    fn the_digest_is_the_sha256_of_the_packed_spikes() {
        let mut digest = Digest::new(populations());
        digest.take(&[Spike { time: 1.5, source: 0 }]).unwrap();
        digest.take(&[]).unwrap();
        digest.take(&[Spike { time: 2.25, source: 2 }]).unwrap();
        assert_eq!(digest.hex(), "c40d6cf9795628090311636a11034ec7eef1838551d657f950b8db8e85f16da4");
        assert_eq!(digest.spikes_per_population(), [1, 1]);
    }

    #[test]
    fn no_spikes_give_the_sha256_of_nothing() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::new(populations()).hex(), empty);
        assert_eq!(sha256_hex(""), empty);
    }

    #[test]
    fn the_last_bit_of_a_time_and_the_order_of_spikes_both_count() {
        let of = |spikes: &[Spike]| {
            let mut digest = Digest::new(populations());
            digest.take(spikes).unwrap();
            digest.hex()
        };
        let (a, b) = (Spike { time: 1.0, source: 0 }, Spike { time: 1.0, source: 1 });
        assert_ne!(of(&[a, b]), of(&[b, a]));
        assert_ne!(of(&[a]), of(&[Spike { time: 1.0f64.next_up(), source: 0 }]));
    }
}

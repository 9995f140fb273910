//! Are two recordings the same spikes? If not, where do they part?

use crate::error::RecordError;
use crate::reader::{SpikeBatch, SpikeReader};
use std::path::Path;
use tauspike_spike::Spike;

/// The first place where two recordings differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Row, from 0.
    pub index: u64,
    /// The spike there in the first recording; `None` if it has ended.
    pub a: Option<Spike>,
    /// The spike there in the second recording; `None` if it has ended.
    pub b: Option<Spike>,
}

/// Result of [`compare`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Number of spikes in each.
    pub spikes: [u64; 2],
    /// Where they part; `None` if every time (bit by bit) and every neuron is equal.
    pub first_difference: Option<Difference>,
}

/// Compares two recordings spike by spike, in bounded memory. Names of populations are not compared.
///
/// # Errors
/// As [`crate::read_spikes`], for either.
pub fn compare(a: &Path, b: &Path) -> Result<Comparison, RecordError> {
    let mut a = Spikes::open(a)?;
    let mut b = Spikes::open(b)?;
    let mut result = Comparison { spikes: [0, 0], first_difference: None };
    let mut index = 0;
    loop {
        let (left, right) = (a.next()?, b.next()?);
        if left.is_none() && right.is_none() {
            return Ok(result);
        }
        result.spikes[0] += u64::from(left.is_some());
        result.spikes[1] += u64::from(right.is_some());
        if result.first_difference.is_none() && left.map(bits) != right.map(bits) {
            result.first_difference = Some(Difference { index, a: left, b: right });
        }
        index += 1;
    }
}

fn bits(spike: Spike) -> (u64, u32) {
    (spike.time.to_bits(), spike.source)
}

/// One spike after the other.
struct Spikes {
    reader: SpikeReader,
    batch: Option<SpikeBatch>,
    next: usize,
}

impl Spikes {
    fn open(path: &Path) -> Result<Self, RecordError> {
        Ok(Self { reader: SpikeReader::open(path)?, batch: None, next: 0 })
    }

    fn next(&mut self) -> Result<Option<Spike>, RecordError> {
        loop {
            if let Some(batch) = &self.batch
                && let Some(&time) = batch.time.get(self.next)
            {
                let source = batch.neuron[self.next];
                self.next += 1;
                return Ok(Some(Spike { time, source }));
            }
            self.next = 0;
            self.batch = self.reader.next_batch()?;
            if self.batch.is_none() {
                return Ok(None);
            }
        }
    }
}

//! Which population a neuron belongs to: the names behind the `population` column.

use crate::error::RecordError;
use serde::{Deserialize, Serialize};

/// The global indices `first .. first + size` of one population.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationRange {
    /// Unique name.
    pub name: String,
    /// Global index of the first neuron.
    pub first: u32,
    /// Number of neurons, at least 1.
    pub size: u32,
}

/// All populations of a network, ascending and without gaps from index 0, as `tauspike-network` lays them out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<PopulationRange>", into = "Vec<PopulationRange>")]
pub struct Populations {
    ranges: Vec<PopulationRange>,
}

impl Populations {
    /// Checks the ranges.
    ///
    /// # Errors
    /// If a population is empty, does not start where the one before ends, or has the name of another.
    pub fn new(ranges: Vec<PopulationRange>) -> Result<Self, RecordError> {
        let mut end = 0u32;
        for (k, range) in ranges.iter().enumerate() {
            let refuse = |reason| Err(RecordError::Population { name: range.name.clone(), reason });
            if range.size == 0 {
                return refuse("size is 0; at least 1 is needed".into());
            }
            if range.first != end {
                return refuse(format!("first index is {}; expected {end}, where the one before ends", range.first));
            }
            if ranges[..k].iter().any(|other| other.name == range.name) {
                return refuse("this name is used twice; names must be unique".into());
            }
            let Some(next) = end.checked_add(range.size) else {
                return refuse(format!("size is {}; indices must stay below 2^32", range.size));
            };
            end = next;
        }
        Ok(Self { ranges })
    }

    /// In the order of global index.
    pub fn ranges(&self) -> &[PopulationRange] {
        &self.ranges
    }

    /// One more than the largest global index.
    pub fn end(&self) -> u32 {
        self.ranges.last().map_or(0, |range| range.first + range.size)
    }

    /// Position in [`Populations::ranges`] of the population of `neuron`.
    ///
    /// # Errors
    /// If the neuron is in no population.
    pub fn position(&self, neuron: u32) -> Result<usize, RecordError> {
        if neuron >= self.end() {
            return Err(RecordError::UnknownNeuron { neuron, end: self.end() });
        }
        Ok(self.ranges.partition_point(|range| range.first <= neuron) - 1)
    }
}

impl TryFrom<Vec<PopulationRange>> for Populations {
    type Error = RecordError;

    fn try_from(ranges: Vec<PopulationRange>) -> Result<Self, RecordError> {
        Self::new(ranges)
    }
}

impl From<Populations> for Vec<PopulationRange> {
    fn from(populations: Populations) -> Self {
        populations.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(name: &str, first: u32, size: u32) -> PopulationRange {
        PopulationRange { name: name.into(), first, size }
    }

    #[test]
    fn every_neuron_has_the_population_whose_range_holds_it() {
        let populations = Populations::new(vec![range("e", 0, 3), range("i", 3, 1), range("x", 4, 2)]).unwrap();
        let found: Vec<usize> = (0..6).map(|neuron| populations.position(neuron).unwrap()).collect();
        assert_eq!(found, [0, 0, 0, 1, 2, 2]);
        assert!(populations.position(6).unwrap_err().to_string().contains("0 to 5"));
    }

    #[test]
    fn gaps_empty_populations_overflow_and_equal_names_are_refused() {
        let reason = |ranges| Populations::new(ranges).unwrap_err().to_string();
        assert!(reason(vec![range("e", 0, 3), range("i", 4, 1)]).contains("expected 3"));
        assert!(reason(vec![range("e", 0, 0)]).contains("at least 1"));
        assert!(reason(vec![range("e", 0, 1), range("e", 1, 1)]).contains("unique"));
        assert!(reason(vec![range("e", 0, 1), range("i", 1, u32::MAX)]).contains("2^32"));
    }
}

//! Firing rates and the irregularity of firing, from recorded spikes.

use crate::population::Populations;
use crate::reader::SpikeTable;
use std::collections::BTreeMap;

/// Mean firing rate of each population, Hz: spikes / (size * duration). `duration` in ms, > 0.
///
/// Spikes are assigned by global index, not by name; those of no population are left out.
pub fn rates(spikes: &SpikeTable, populations: &Populations, duration: f64) -> Vec<f64> {
    let mut counts = vec![0u64; populations.ranges().len()];
    for &neuron in &spikes.neuron {
        if let Ok(position) = populations.position(neuron) {
            counts[position] += 1;
        }
    }
    let sizes = populations.ranges().iter().map(|range| f64::from(range.size));
    counts.iter().zip(sizes).map(|(&count, size)| count as f64 / (size * duration * 1e-3)).collect()
}

/// Irregularity of one neuron's firing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IsiCv {
    /// Global index.
    pub neuron: u32,
    /// Number of interspike intervals.
    pub intervals: u64,
    /// Standard deviation of the intervals (divided by n, not n - 1) over their mean: 0 for a clock, 1 for a Poisson process.
    pub cv: f64,
}

/// Coefficient of variation of the interspike intervals of each neuron with at least `min_intervals` of them (and at least
/// one), by global index. `spikes` in the order of time.
pub fn isi_cv(spikes: &SpikeTable, min_intervals: u64) -> Vec<IsiCv> {
    let mut trains: BTreeMap<u32, Train> = BTreeMap::new();
    for (&time, &neuron) in spikes.time.iter().zip(&spikes.neuron) {
        trains.entry(neuron).or_default().add(time);
    }
    let enough = trains.into_iter().filter(|(_, train)| train.intervals >= min_intervals.max(1));
    enough.map(|(neuron, train)| IsiCv { neuron, intervals: train.intervals, cv: train.cv() }).collect()
}

/// Running moments of the intervals (Welford 1962): a sum of squares would cancel for a nearly regular train.
#[derive(Default)]
struct Train {
    last: Option<f64>,
    intervals: u64,
    mean: f64,
    squares: f64,
}

impl Train {
    fn add(&mut self, time: f64) {
        if let Some(last) = self.last.replace(time) {
            let interval = time - last;
            self.intervals += 1;
            let off = interval - self.mean;
            self.mean += off / self.intervals as f64;
            self.squares += off * (interval - self.mean);
        }
    }

    fn cv(&self) -> f64 {
        (self.squares / self.intervals as f64).sqrt() / self.mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PopulationRange;

    fn table(spikes: &[(f64, u32)]) -> SpikeTable {
        let (time, neuron) = spikes.iter().copied().unzip();
        SpikeTable { time, neuron, ..SpikeTable::default() }
    }

    #[test]
    fn rates_divide_by_every_member_also_the_silent_ones() {
        let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
        let populations = Populations::new(vec![range("e", 0, 4), range("i", 4, 1), range("s", 5, 3)]).unwrap();
        let spikes = table(&[(1.0, 0), (2.0, 3), (3.0, 4), (4.0, 0), (400.0, 0)]);
        assert_eq!(rates(&spikes, &populations, 500.0), [2.0, 2.0, 0.0]);
    }

    /// Intervals 1, 3: mean 2, standard deviation 1.
    #[test]
    fn cv_is_standard_deviation_over_mean_of_each_neuron() {
        let spikes = table(&[(0.0, 7), (1.0, 7), (1.0, 2), (2.0, 2), (3.0, 2), (4.0, 7), (9.0, 1)]);
        let cv = isi_cv(&spikes, 2);
        assert_eq!(cv.iter().map(|cv| (cv.neuron, cv.intervals)).collect::<Vec<_>>(), [(2, 2), (7, 2)]);
        assert_eq!((cv[0].cv, cv[1].cv), (0.0, 0.5));
        assert!(isi_cv(&spikes, 3).is_empty());
        assert_eq!(isi_cv(&spikes, 0).len(), 2, "one spike has no interval");
    }
}

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
    /// Position of its population in [`SpikeTable::names`].
    pub population: u32,
    /// Number of interspike intervals.
    pub intervals: u64,
    /// Standard deviation of the intervals (divided by n, not n - 1) over their mean: 0 for a clock, 1 for a Poisson process.
    pub cv: f64,
}

/// Coefficient of variation of the interspike intervals of each neuron with at least `min_intervals` of them (and at least
/// one), by global index. `spikes` in the order of time.
pub fn isi_cv(spikes: &SpikeTable, min_intervals: u64) -> Vec<IsiCv> {
    let mut trains: BTreeMap<u32, (u32, Intervals)> = BTreeMap::new();
    for ((&time, &neuron), &population) in spikes.time.iter().zip(&spikes.neuron).zip(&spikes.population) {
        trains.entry(neuron).or_insert_with(|| (population, Intervals::default())).1.add(time);
    }
    let of = |(neuron, (population, train)): (u32, (u32, Intervals))| {
        train.cv(min_intervals).map(|cv| IsiCv { neuron, population, intervals: train.count(), cv })
    };
    trains.into_iter().filter_map(of).collect()
}

/// Running moments of the intervals of one neuron (Welford 1962: a sum of squares would cancel for a nearly regular train).
#[derive(Clone, Copy, Debug)]
pub struct Intervals {
    last: f64,
    spikes: u64,
    mean: f64,
    squares: f64,
}

/// Of no spike yet.
impl Default for Intervals {
    fn default() -> Self {
        Self { last: f64::NAN, spikes: 0, mean: 0.0, squares: 0.0 }
    }
}

impl Intervals {
    /// Adds the next spike, at `time` ms.
    #[inline]
    pub fn add(&mut self, time: f64) {
        if self.spikes > 0 {
            let interval = time - self.last;
            let off = interval - self.mean;
            self.mean += off / self.spikes as f64;
            self.squares += off * (interval - self.mean);
        }
        self.spikes += 1;
        self.last = time;
    }

    /// Spikes so far.
    pub fn spikes(&self) -> u64 {
        self.spikes
    }

    /// Intervals so far.
    pub fn count(&self) -> u64 {
        self.spikes.saturating_sub(1)
    }

    /// Standard deviation of the intervals (divided by n, not n - 1) over their mean, if there are `least` of them, and at least one.
    pub fn cv(&self, least: u64) -> Option<f64> {
        (self.count() >= least.max(1)).then(|| (self.squares / self.count() as f64).sqrt() / self.mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PopulationRange;

    fn table(spikes: &[(f64, u32)]) -> SpikeTable {
        let (time, neuron) = spikes.iter().copied().unzip();
        let population = spikes.iter().map(|(_, neuron)| u32::from(*neuron >= 4)).collect();
        SpikeTable { time, neuron, population, ..SpikeTable::default() }
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
        assert_eq!(
            cv.iter().map(|cv| (cv.neuron, cv.population, cv.intervals)).collect::<Vec<_>>(),
            [(2, 0, 2), (7, 1, 2)]
        );
        assert_eq!((cv[0].cv, cv[1].cv), (0.0, 0.5));
        assert!(isi_cv(&spikes, 3).is_empty());
        assert_eq!(isi_cv(&spikes, 0).len(), 2, "one spike has no interval");
    }
}

//! How a network fires: rates, irregularity, synchrony and rhythm of each population, kept up while spikes come in the order of time.
//!
//! Memory goes with neurons (56 bytes each) and with bins (4 bytes for each population), not with spikes. The same numbers come of a run
//! in progress and of its recording, because both feed the same spikes in the same order.
//!
//! | measure | definition |
//! |---|---|
//! | rate | spikes / (neurons x time) |
//! | CV | standard deviation over mean of the inter-spike intervals of a neuron; the mean over neurons with at least 5 of them |
//! | synchrony | `chi = sqrt(Var(m) / mean_i Var(n_i))`, n_i: spikes of neuron i in a bin, m: their mean over neurons, variances over bins (Golomb, Scholarpedia 2(1):1347, of spike counts): 1 where all fire together, `1 / sqrt(neurons)` where they are independent |
//! | frequency | the peak of the power spectrum of m |

use crate::oscillation;
use crate::population::Populations;
use crate::statistics::Intervals;
use std::ops::Range;
use tauspike_spike::{SinkError, Spike, SpikeSink};

/// Neurons with fewer intervals have no CV worth averaging; those that count are biased to fast ones at low rates.
const LEAST_INTERVALS: u64 = 5;

/// What is kept while spikes come.
pub struct Activity {
    populations: Populations,
    window: Range<f64>,
    bin: f64,
    bins: usize,
    trains: Vec<Train>,
    /// Spikes by population, then bin.
    counts: Vec<Vec<u32>>,
}

/// One neuron.
#[derive(Clone, Copy)]
struct Train {
    intervals: Intervals,
    population: u32,
    /// The bin of its last spike, and how many it has in it.
    bin: u32,
    in_bin: u32,
    /// Spikes in all bins before that one, and the sum of the squares of the numbers in each.
    binned: u32,
    squares: u64,
}

/// What one population did in a window of time.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PopulationActivity {
    /// Its name.
    pub name: String,
    /// Its members.
    pub size: u32,
    /// Spikes in the window.
    pub spikes: u64,
    /// Mean rate, Hz; absent if the window is empty.
    pub rate_hz: Option<f64>,
    /// Mean CV of inter-spike intervals; absent if no neuron has 5 of them.
    pub cv_isi: Option<f64>,
    /// Synchrony, 0 to 1; absent without spikes in whole bins.
    pub synchrony: Option<f64>,
    /// Strongest frequency of the population's rate, Hz; absent without spikes, or if there are fewer than 64 bins.
    pub frequency_hz: Option<f64>,
}

impl Activity {
    /// Most bins that are kept for each population.
    pub const MOST_BINS: usize = 1 << 26;

    /// Of spikes in `window`, ms, with bins of `bin` ms for synchrony and frequency. A last bin that is not whole is left out there, and so
    /// are all beyond [`Activity::MOST_BINS`].
    ///
    /// # Panics
    /// If `bin` is not above 0.
    pub fn new(populations: Populations, window: Range<f64>, bin: f64) -> Self {
        assert!(bin > 0.0, "bins of {bin} ms");
        let whole = ((window.end - window.start) / bin * (1.0 + 1e-12)).floor();
        let bins = if whole > 0.0 { (whole as usize).min(Self::MOST_BINS) } else { 0 };
        let train = |population: usize| Train {
            intervals: Intervals::default(),
            population: population as u32,
            bin: 0,
            in_bin: 0,
            binned: 0,
            squares: 0,
        };
        let of = |(k, range): (usize, &crate::PopulationRange)| std::iter::repeat_n(train(k), range.size as usize);
        let trains = populations.ranges().iter().enumerate().flat_map(of).collect();
        let counts = vec![vec![0; bins]; populations.ranges().len()];
        Self { populations, window, bin, bins, trains, counts }
    }

    /// The populations.
    pub fn populations(&self) -> &Populations {
        &self.populations
    }

    /// Adds the next spike. One outside the window, or of no population, is left out.
    #[inline]
    pub fn add(&mut self, time: f64, neuron: u32) {
        if !self.window.contains(&time) {
            return;
        }
        let Some(train) = self.trains.get_mut(neuron as usize) else { return };
        train.intervals.add(time);
        let bin = ((time - self.window.start) / self.bin) as usize;
        if bin < self.bins {
            train.count(bin as u32);
            self.counts[train.population as usize][bin] += 1;
        }
    }

    /// What each population did, in the order of [`Populations::ranges`].
    pub fn populations_so_far(&self) -> Vec<PopulationActivity> {
        let seconds = (self.window.end - self.window.start) * 1e-3;
        let of = |(range, counts): (&crate::PopulationRange, &Vec<u32>)| {
            let trains = &self.trains[range.first as usize..(range.first + range.size) as usize];
            let spikes: u64 = trains.iter().map(|train| train.intervals.spikes()).sum();
            let cvs: Vec<f64> = trains.iter().filter_map(|train| train.intervals.cv(LEAST_INTERVALS)).collect();
            PopulationActivity {
                name: range.name.clone(),
                size: range.size,
                spikes,
                rate_hz: (seconds > 0.0).then(|| spikes as f64 / f64::from(range.size) / seconds),
                cv_isi: (!cvs.is_empty()).then(|| cvs.iter().sum::<f64>() / cvs.len() as f64),
                synchrony: synchrony(trains, counts),
                frequency_hz: oscillation::frequency(counts, self.bin),
            }
        };
        self.populations.ranges().iter().zip(&self.counts).map(of).collect()
    }
}

impl Train {
    #[inline]
    fn count(&mut self, bin: u32) {
        if bin != self.bin {
            self.close();
            self.bin = bin;
        }
        self.in_bin += 1;
    }

    fn close(&mut self) {
        self.binned += self.in_bin;
        self.squares += u64::from(self.in_bin) * u64::from(self.in_bin);
        self.in_bin = 0;
    }
}

/// `sqrt(Var(m) / mean_i Var(n_i))`. Sums are of integers, so nothing cancels before the last step.
fn synchrony(trains: &[Train], counts: &[u32]) -> Option<f64> {
    let bins = counts.len() as f64;
    let variance = |sum: f64, squares: f64| squares / bins - (sum / bins) * (sum / bins);
    let of_each = |train: &Train| {
        let mut train = *train;
        train.close();
        variance(f64::from(train.binned), train.squares as f64)
    };
    let single = trains.iter().map(of_each).sum::<f64>() / trains.len() as f64;
    let sum: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let squares: u128 = counts.iter().map(|&count| u128::from(count) * u128::from(count)).sum();
    let size = trains.len() as f64;
    let whole = variance(sum as f64 / size, squares as f64 / (size * size));
    (sum > 0 && single > 0.0).then(|| (whole.max(0.0) / single).sqrt())
}

impl SpikeSink for Activity {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        spikes.iter().for_each(|spike| self.add(spike.time, spike.source));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PopulationRange, SpikeTable, isi_cv, rates};

    fn populations(sizes: &[u32]) -> Populations {
        let mut first = 0;
        let range = |(k, &size): (usize, &u32)| {
            first += size;
            PopulationRange { name: format!("p{k}"), first: first - size, size }
        };
        Populations::new(sizes.iter().enumerate().map(range).collect()).unwrap()
    }

    fn of(spikes: &[(f64, u32)], sizes: &[u32], window: Range<f64>, bin: f64) -> Vec<PopulationActivity> {
        let mut activity = Activity::new(populations(sizes), window, bin);
        spikes.iter().for_each(|&(time, neuron)| activity.add(time, neuron));
        activity.populations_so_far()
    }

    /// A Poisson process, from a generator of no quality but without a crate: even intervals would be less than independent.
    fn noise(count: usize, neurons: u32, mean_interval: f64) -> Vec<(f64, u32)> {
        let (mut state, mut time) = (1u64, 0.0);
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let spike = |_| {
            time -= mean_interval * libm::log(1.0 - next());
            (time, (next() * f64::from(neurons)) as u32)
        };
        (0..count).map(spike).collect()
    }

    #[test]
    fn rates_and_cv_are_those_of_the_table() {
        let spikes = noise(5000, 12, 0.1);
        let found = of(&spikes, &[8, 4], 100.0..500.0, 1.0);
        let inside = spikes.iter().copied().filter(|(time, _)| (100.0..500.0).contains(time));
        let (time, neuron): (Vec<f64>, Vec<u32>) = inside.unzip();
        let population = neuron.iter().map(|neuron| u32::from(*neuron >= 8)).collect();
        let table = SpikeTable { time, neuron, population, ..SpikeTable::default() };
        let expected = rates(&table, &populations(&[8, 4]), 400.0);
        assert_eq!(found.iter().map(|p| p.rate_hz.unwrap()).collect::<Vec<_>>(), expected);
        let cvs = isi_cv(&table, 5);
        let mean = cvs[..8].iter().map(|cv| cv.cv).sum::<f64>() / 8.0;
        assert!((found[0].cv_isi.unwrap() - mean).abs() < 1e-12);
    }

    #[test]
    fn synchrony_is_1_where_all_fire_together_and_small_where_they_are_independent() {
        let together: Vec<(f64, u32)> = (0..50).flat_map(|k| (0..20).map(move |n| (f64::from(k) * 7.0, n))).collect();
        assert!((of(&together, &[20], 0.0..350.0, 1.0)[0].synchrony.unwrap() - 1.0).abs() < 1e-12);
        let independent = of(&noise(40_000, 100, 0.25), &[100], 0.0..10_000.0, 1.0)[0].synchrony.unwrap();
        assert!((independent - 0.1).abs() < 0.01, "{independent}, expected 1 / sqrt(100)");
        assert_eq!(of(&[], &[3], 0.0..10.0, 1.0)[0].synchrony, None);
    }

    /// Two neurons over three bins: counts (2, 0, 1) and (0, 0, 1). Var n: 2/3 and 2/9; m: (1, 0, 1), Var 2/9. chi^2 = (2/9) / (4/9).
    #[test]
    fn synchrony_by_hand() {
        let spikes = [(0.1, 0), (0.2, 0), (2.5, 0), (2.6, 1), (3.2, 0)];
        let chi = of(&spikes, &[2], 0.0..3.5, 1.0)[0].synchrony.unwrap();
        assert!((chi - 0.5f64.sqrt()).abs() < 1e-12, "{chi}: the last bin is not whole, and left out");
    }
}

//! Rates and irregularity of a run, kept up while it runs: 32 bytes per neuron, however many spikes there are.

use tauspike_record::{Intervals, Populations};
use tauspike_spike::{SinkError, Spike, SpikeSink};

/// Neurons with fewer intervals have no CV worth averaging; those that count are biased to fast ones at low rates.
const LEAST_INTERVALS: u64 = 5;

/// Counts spikes and intervals from `start` on.
pub(crate) struct Summary {
    start: f64,
    trains: Vec<Intervals>,
}

impl Summary {
    /// Of `neurons` neurons and sources; spikes before `start` ms are left out.
    pub fn new(neurons: usize, start: f64) -> Self {
        Self { start, trains: vec![Intervals::default(); neurons] }
    }

    /// For each population: spikes counted, and the mean CV of the intervals over the neurons that have at least five.
    pub fn of(&self, populations: &Populations) -> Vec<(u64, Option<f64>)> {
        let range = |first: u32, size: u32| &self.trains[first as usize..(first + size) as usize];
        populations.ranges().iter().map(|p| summarise(range(p.first, p.size))).collect()
    }
}

fn summarise(trains: &[Intervals]) -> (u64, Option<f64>) {
    let spikes = trains.iter().map(Intervals::spikes).sum();
    let cvs: Vec<f64> = trains.iter().filter_map(|train| train.cv(LEAST_INTERVALS)).collect();
    let mean = cvs.iter().sum::<f64>() / cvs.len() as f64;
    (spikes, (!cvs.is_empty()).then_some(mean))
}

impl SpikeSink for Summary {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        for spike in spikes.iter().filter(|spike| spike.time >= self.start) {
            self.trains[spike.source as usize].add(spike.time);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tauspike_record::{PopulationRange, SpikeTable, isi_cv};

    #[test]
    fn the_running_summary_equals_that_of_the_recorded_table() {
        let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
        let populations = Populations::new(vec![range("e", 0, 2), range("i", 2, 1)]).unwrap();
        let spikes: Vec<Spike> = (0..60u32)
            .map(|k| Spike { time: f64::from(k * k % 97) + f64::from(k) * 97.0, source: k % 7 % 3 })
            .collect();
        let mut summary = Summary::new(3, 500.0);
        summary.take(&spikes).unwrap();
        let (time, neuron): (_, Vec<u32>) =
            spikes.iter().filter(|s| s.time >= 500.0).map(|s| (s.time, s.source)).unzip();
        let population = neuron.iter().map(|neuron| u32::from(*neuron == 2)).collect();
        let table = SpikeTable { time, neuron, population, ..SpikeTable::default() };
        let cvs = isi_cv(&table, 5);
        let found = summary.of(&populations);
        assert_eq!(found[0].0 + found[1].0, table.time.len() as u64);
        assert!((found[0].1.unwrap() - (cvs[0].cv + cvs[1].cv) / 2.0).abs() < 1e-12);
        assert!((found[1].1.unwrap() - cvs[2].cv).abs() < 1e-12);
        assert_eq!(Summary::new(3, 0.0).of(&populations), [(0, None), (0, None)]);
    }
}

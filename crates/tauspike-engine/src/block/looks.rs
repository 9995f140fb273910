//! Which neurons of a block a probe looks at, and when.

use crate::probe::{Probe, ProbeTimes};
use tauspike_network::fanout;

/// A probe of one neuron.
struct Look {
    neuron: u16,
    times: ProbeTimes,
    next: u64,
}

/// The looks at the neurons of a block, sorted by neuron.
#[derive(Default)]
pub(super) struct Looks {
    looks: Vec<Look>,
    /// Where those at each neuron begin, and the end.
    from: Vec<u32>,
}

/// The next look at a neuron.
pub(super) struct Due {
    /// ms.
    pub time: f64,
    which: usize,
}

impl Looks {
    /// The looks of `probes` at the neurons `range`, after `now` (or at `now`, if that is 0).
    pub fn new(probes: &[Probe], range: fanout::Block, now: f64) -> Self {
        let members = range.first..range.first + range.len;
        let mut looks = Vec::new();
        for probe in probes {
            for neuron in probe.neurons.iter().filter(|neuron| members.contains(neuron)) {
                let next = probe.times.first_after(now);
                looks.push(Look { neuron: (neuron - range.first) as u16, times: probe.times.clone(), next });
            }
        }
        looks.sort_by_key(|look| look.neuron);
        let before = |n: u32| looks.partition_point(|look| u32::from(look.neuron) < n) as u32;
        Self { from: (0..=range.len).map(before).collect(), looks }
    }

    /// The next look at neuron `n`, if there is one.
    pub fn next(&self, n: usize) -> Option<Due> {
        let mine = self.from[n] as usize..self.from[n + 1] as usize;
        let due = |which: usize| Some(Due { time: self.looks[which].times.time(self.looks[which].next)?, which });
        mine.filter_map(due).min_by(|a, b| a.time.total_cmp(&b.time))
    }

    /// Marks a look as done.
    pub fn done(&mut self, due: &Due) {
        self.looks[due.which].next += 1;
    }
}

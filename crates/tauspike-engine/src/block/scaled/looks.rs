//! Which neurons of a block a probe looks at, and when.

use crate::probe::{Probe, ProbeTimes};
use tauspike_network::fanout;

/// The probes of a block.
#[derive(Clone, Default)]
pub(crate) struct Views {
    views: Vec<View>,
    /// Time of the next look of any, ms; infinite if there is none.
    next: Option<f64>,
}

#[derive(Clone)]
struct View {
    neurons: Vec<u16>,
    times: ProbeTimes,
    done: u64,
}

impl View {
    fn next(&self) -> f64 {
        self.times.time(self.done).unwrap_or(f64::INFINITY)
    }
}

impl Views {
    /// The looks of `probes` at the neurons `range`, after `now` (or at `now`, if that is 0).
    pub fn new(probes: &[Probe], range: fanout::Block, now: f64) -> Self {
        let members = range.first..range.first + range.len;
        let view = |probe: &Probe| {
            let here = probe.neurons.iter().filter(|neuron| members.contains(neuron));
            let neurons: Vec<u16> = here.map(|neuron| (neuron - range.first) as u16).collect();
            let done = probe.times.first_after(now);
            (!neurons.is_empty()).then(|| View { neurons, times: probe.times.clone(), done })
        };
        let mut views = Self { views: probes.iter().filter_map(view).collect(), next: None };
        views.find_next();
        views
    }

    fn find_next(&mut self) {
        self.next = self.views.iter().map(View::next).min_by(f64::total_cmp);
    }

    /// Time of the next look, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.next.unwrap_or(f64::INFINITY)
    }

    /// The neurons that are looked at then, once for each probe; these looks are done.
    pub fn take(&mut self) -> Vec<u16> {
        let time = self.next();
        let mut due = Vec::new();
        for view in self.views.iter_mut().filter(|view| view.next() == time) {
            due.extend_from_slice(&view.neurons);
            view.done += 1;
        }
        self.find_next();
        due
    }
}

//! What a run moves, and where what comes of it goes.

use crate::block::{Endless, Yield};
use crate::error::EngineError;
use crate::inputs::sources::Sources;
use crate::run::workers::Workers;
use crate::transit::exchange::Exchange;
use std::ops::ControlFlow;
use tauspike_network::network::Network;
use tauspike_spike::Counters;
use tauspike_spike::{ProbeRow, Spike, SpikeSink};

/// What the leading thread of a run moves besides the blocks and the spikes in flight.
pub(crate) struct Parts<'a> {
    pub network: &'a Network,
    pub sources: &'a mut [Option<Sources>],
    pub exchange: &'a mut dyn Exchange,
    pub totals: &'a mut Counters,
    /// Model time, ms. All before it is done and has reached the sink.
    pub now: &'a mut f64,
    /// Length of an epoch, ms.
    pub width: f64,
}

impl Parts<'_> {
    /// When the next source fires, ms; infinite if none does.
    pub(super) fn next_source(&self) -> f64 {
        self.sources.iter().flatten().map(Sources::next).fold(f64::INFINITY, f64::min)
    }

    /// Appends the spikes of sources before `until`.
    pub(super) fn pull_sources(&mut self, until: f64, spikes: &mut Vec<Spike>) {
        let before = spikes.len();
        self.sources.iter_mut().flatten().for_each(|sources| sources.pull(until, spikes));
        self.totals.source_spikes += (spikes.len() - before) as u64;
    }
}

/// Where spikes go, and who is told how far the run has come.
pub(crate) struct Output<'a> {
    pub sink: &'a mut dyn SpikeSink,
    pub watch: &'a mut dyn FnMut(f64) -> ControlFlow<()>,
}

impl Output<'_> {
    /// Sorts what came of a span of time and gives it to the sink. What a neuron that fires without end makes impossible is left
    /// out, and the error returned, once all before it is in the sink.
    pub(super) fn give(&mut self, yielded: &mut Yield) -> Result<(), EngineError> {
        yielded.spikes.sort_unstable();
        yielded.rows.sort_unstable_by(by_time);
        if let Some(Endless { time, .. }) = yielded.endless {
            yielded.spikes.retain(|spike| spike.time < time);
            yielded.rows.retain(|row| row.time < time);
        }
        self.sink.take(&yielded.spikes)?;
        if !yielded.rows.is_empty() {
            self.sink.take_probes(&yielded.rows)?;
            yielded.rows.clear();
        }
        match yielded.endless {
            Some(endless) => Err(endless.error()),
            None => Ok(()),
        }
    }
}

fn by_time(a: &ProbeRow, b: &ProbeRow) -> std::cmp::Ordering {
    a.time.total_cmp(&b.time).then(a.neuron.cmp(&b.neuron))
}

/// At the end of a run: probes that are due at this very time look, since in the next run they will not.
pub(crate) fn last_look(workers: &Workers, now: f64, output: &mut Output) -> Result<(), EngineError> {
    let mut yielded = Yield::default();
    for mut block in workers.blocks() {
        block.look(now);
        block.collect(&mut yielded);
    }
    if yielded.rows.is_empty() { Ok(()) } else { output.give(&mut yielded) }
}

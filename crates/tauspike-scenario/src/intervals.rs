//! A run in intervals, of each of which is told what was counted in it.

use crate::ready::boundary_after;
use std::ops::ControlFlow;
use tauspike_engine::{EngineError, Simulation};
use tauspike_record::CounterRow;
use tauspike_spike::SpikeSink;

/// Who hears of a run.
pub struct Hearers<'a, S, C> {
    /// Gets spikes and probes.
    pub sink: &'a mut S,
    /// Gets the model time after each epoch, ms, and may end the run there.
    pub watch: &'a mut dyn FnMut(f64) -> ControlFlow<()>,
    /// Gets what was counted in each interval, after the sink has had all before its end.
    pub counted: C,
}

/// Runs to `end` ms, one interval after the other if an `interval`, ms, is given: run(a) + run(b) = run(a + b) makes that harmless.
/// Returns at once when the watch ends the run, also where it does so at the end of an interval.
///
/// # Errors
/// As [`Simulation::run_watched`], as `failed` tells it, or what `counted` returns.
pub fn run<S: SpikeSink, E>(
    simulation: &mut Simulation,
    (end, interval): (f64, Option<f64>),
    hearers: Hearers<S, impl FnMut(&mut S, CounterRow) -> Result<(), E>>,
    failed: impl Fn(EngineError) -> E,
) -> Result<(), E> {
    let Hearers { sink, watch, mut counted } = hearers;
    loop {
        let (start, before) = (simulation.now(), simulation.counters());
        // an end that is no number is for the engine to refuse
        let until = interval.map(|interval| boundary_after(start, interval)).filter(|b| *b < end).unwrap_or(end);
        let mut ended = false;
        let mut heard = |now: f64| {
            let flow = watch(now);
            ended = flow.is_break();
            flow
        };
        simulation.run_watched(until, sink, &mut heard).map_err(&failed)?;
        if interval.is_some() && simulation.now() > start {
            let row = CounterRow { start, end: simulation.now(), counted: simulation.counters().since(&before) };
            counted(sink, row)?;
        }
        if ended || until >= end {
            return Ok(());
        }
    }
}

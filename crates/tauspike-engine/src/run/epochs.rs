//! The schedule for networks whose smallest delay is positive.
//!
//! An epoch is half-open, `[t, t + w)`, with w at most the smallest delay. Rules:
//!
//! 1. A spike of an epoch arrives in a later one: arrivals and the end of the epoch come from the same rounded addition, and
//!    rounding is monotone, so this holds in f64 too. Hence blocks need nothing of each other inside an epoch.
//! 2. All blocks are done before the spikes of the epoch are put in order and given to the sink.
//! 3. Spikes take off after that, so the next plan sees every spike that can arrive in the next epoch.
//! 4. After an epoch without a spike, time leaps to the next event: epochs in which nothing can happen are not run.

use crate::block::Yield;
use crate::error::EngineError;
use crate::run::parts::{Output, Parts};
use crate::run::workers::Workers;
use crate::transit::span::Span;

/// Moves the blocks of `workers` to `until`, or until the watch breaks after an epoch.
pub(crate) fn run(workers: &mut Workers, mut parts: Parts, until: f64, output: &mut Output) -> Result<(), EngineError> {
    workers.begin()?;
    let mut yielded = Yield::default();
    while *parts.now < until {
        let epoch = Span { from: *parts.now, until: (*parts.now + parts.width).min(until) };
        workers.change_transit().make_plan(parts.network, epoch, parts.width);
        workers.run_epoch();

        collect(workers, &mut parts, epoch.until, &mut yielded);
        output.give(&mut yielded)?;
        parts.exchange.spikes(&mut yielded.spikes)?;
        workers.change_transit().flights.launch(&yielded.spikes);
        workers.change_transit().flights.land(epoch.until);
        *parts.now = epoch.until;
        if yielded.spikes.is_empty() {
            leap(workers, &mut parts, until)?;
        }
        if (output.watch)(*parts.now).is_break() {
            break;
        }
    }
    Ok(())
}

/// Gathers this rank's part of the epoch that ends at `end`.
fn collect(workers: &Workers, parts: &mut Parts, end: f64, yielded: &mut Yield) {
    yielded.spikes.clear();
    workers.blocks().for_each(|mut block| block.collect(yielded));
    parts.totals.spikes += yielded.spikes.len() as u64;
    parts.pull_sources(end, &mut yielded.spikes);
}

/// Moves on to the epoch of the next event, on whatever rank; `until` at most. By whole epochs, so that what is counted as work
/// does not depend on it.
fn leap(workers: &Workers, parts: &mut Parts, until: f64) -> Result<(), EngineError> {
    let now = *parts.now;
    let mut next = workers.blocks().map(|block| block.next_event(now)).fold(parts.next_source(), f64::min);
    if next >= now + parts.width {
        next = next.min(workers.transit().flights.next_arrival(parts.network, now));
    }
    let next = parts.exchange.earliest(next)?;
    let idle = ((next.min(until) - *parts.now) / parts.width).floor();
    if idle >= 1.0 {
        // rounding must not lead past the event
        *parts.now = (*parts.now + idle * parts.width).min(next).min(until);
    }
    Ok(())
}

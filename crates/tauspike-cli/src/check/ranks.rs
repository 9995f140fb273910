//! What a process of `tauspike-mpi` would hold, and what part of its time would go into the exchange of spikes.
//!
//! The model is that of docs/scaling.md: an epoch of all ranks takes two collectives of log2(ranks) stages, and each of its spikes has to
//! pass to, and be handled by, every rank. What is computed is shared out evenly.

use crate::check::run_time::RunTime;
use crate::columns::{bytes, number};
use crate::failure::Failure;
use serde::Serialize;
use tauspike_network::Prediction;
use tauspike_scenario::Scenario;

/// Of a message from machine to machine, s. Assumed: what fast networks of clusters are sold with.
const STAGE_S: f64 = 2e-6;
/// Assumed likewise.
const BYTES_PER_S: f64 = 1e10;
const BYTES_PER_SPIKE: f64 = 16.0;
/// Of a spike on each rank, s: to decode and sort it, and to find its rows. Measured at 32 ranks and more, with
/// `crates/tauspike-engine/examples/handling.rs` (docs/scaling.md).
const HANDLING_S: f64 = 65e-9;
/// Longest and shortest epoch, ms.
const EPOCHS: (f64, f64) = (2.0, 1e-3);

/// The prediction for so many ranks.
#[derive(Clone, Debug, Serialize)]
pub struct OnRanks {
    ranks: usize,
    /// Of the rank that needs most.
    bytes_per_rank: u64,
    /// Shortest that an epoch may be, ms.
    epoch_ms: f64,
    /// Most exchanges of spikes.
    epochs: f64,
    /// Absent if nothing says at which rates the network fires, or if delays have no lower bound.
    time: Option<Time>,
}

/// s, of each rank.
#[derive(Clone, Debug, Serialize)]
struct Time {
    spikes_per_epoch: f64,
    compute_s: f64,
    exchange_s: f64,
    exchange_share: f64,
}

/// # Errors
/// If a file that the scenario names has changed.
pub fn predict(
    scenario: &Scenario,
    whole: &Prediction,
    run: Option<&RunTime>,
    ranks: usize,
) -> Result<OnRanks, Failure> {
    let epoch_ms = whole.least_delay.min(EPOCHS.0);
    let epochs = scenario.duration() / epoch_ms.max(EPOCHS.1);
    let time = run.filter(|_| epoch_ms >= EPOCHS.1).map(|run| {
        let spikes_per_epoch = whole.neurons as f64 * run.rate_hz * epoch_ms * 1e-3;
        let stages = if ranks > 1 { 2.0 * (ranks as f64).log2().ceil() } else { 0.0 };
        let passing = if ranks > 1 { BYTES_PER_SPIKE / BYTES_PER_S + HANDLING_S } else { 0.0 };
        let exchange_s = epochs * (stages * STAGE_S + spikes_per_epoch * passing);
        let compute_s = run.seconds / ranks as f64;
        Time { spikes_per_epoch, compute_s, exchange_s, exchange_share: exchange_s / (exchange_s + compute_s) }
    });
    Ok(OnRanks { ranks, bytes_per_rank: scenario.predict_rank(ranks)?.bytes, epoch_ms, epochs, time })
}

impl OnRanks {
    /// For people.
    pub fn text(&self) -> String {
        let Self { ranks, epoch_ms, .. } = self;
        let mut text = format!("  ranks     {ranks} of one thread: {} each", bytes(self.bytes_per_rank));
        if *epoch_ms < EPOCHS.1 {
            text += &format!(
                "; the exchange is not predicted, because a delay may be as small as {epoch_ms} ms (below {} ms several ranks are refused)\n",
                EPOCHS.1
            );
            return text;
        }
        text +=
            &format!("; at most {} exchanges of spikes, one for each {} ms\n", number(self.epochs), number(*epoch_ms));
        if let Some(time) = &self.time {
            text += &format!(
                "            about {} s of work each, and {} s ({} %) for {} spikes in each exchange\n            \
                 between machines with {} us and {} GB/s from one to the next, which is assumed\n",
                number(time.compute_s),
                number(time.exchange_s),
                number(100.0 * time.exchange_share),
                number(time.spikes_per_epoch),
                number(STAGE_S * 1e6),
                number(BYTES_PER_S * 1e-9),
            );
        }
        text
    }
}

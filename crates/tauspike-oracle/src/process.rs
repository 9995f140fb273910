//! When Poisson processes fire: `t_k = t_(k-1) - ln(u_k) / lambda`, with u_k drawn by counter.
//!
//! Word k of a process is half `k % 2` of block `k / 2` of (seed, domain, global index of the neuron). With a profile, candidates
//! come at the largest rate, and candidate k is kept with probability `profile(t_k) / max profile` (thinning: Lewis and Shedler
//! 1979, Naval Research Logistics 26:403).

use tauspike_network::population::{Rate, Signal};
use tauspike_spike::Domain;
use tauspike_spike::draw::{block, unit_open_zero};

/// Which process: whose numbers it draws, and which member's rate it has.
#[derive(Clone, Copy, Debug)]
pub struct Process {
    /// Seed of the network.
    pub seed: u64,
    /// Number of the input; for a source population the number of inputs plus the number of the population.
    pub ordinal: u32,
    /// Global index of the neuron or source.
    pub neuron: u32,
    /// Index in the columns of the rate.
    pub member: usize,
}

/// The events of `process` before `t_stop`, ms, in order.
pub fn poisson_events(process: Process, rate: &Rate, t_stop: f64) -> Vec<f64> {
    let peak = rate.profile.as_deref().map_or(1.0, |profile| profile.values.iter().copied().fold(0.0, f64::max));
    let per_ms = rate.base_hz.get(process.member) / 1000.0 * peak;
    let mut events = Vec::new();
    if per_ms <= 0.0 {
        return events;
    }
    let mut time = rate.start;
    for k in 0.. {
        time += -process.unit(Domain::poisson(process.ordinal), k).ln() / per_ms;
        if time >= rate.stop || time >= t_stop {
            break;
        }
        let kept = rate
            .profile
            .as_deref()
            .is_none_or(|profile| process.unit(Domain::thinning(process.ordinal), k) * peak <= value_at(profile, time));
        if kept {
            events.push(time);
        }
    }
    events
}

impl Process {
    fn unit(&self, domain: Domain, k: u64) -> f64 {
        unit_open_zero(block(self.seed, domain, self.neuron, k / 2)[(k % 2) as usize])
    }
}

/// The value of a piecewise-constant signal at `time`, ms: 0 before its first time.
pub fn value_at(signal: &Signal, time: f64) -> f64 {
    match signal.times.iter().rposition(|&start| start <= time) {
        Some(k) => signal.values[k],
        None => 0.0,
    }
}

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

/// The private events before `t_stop` of all neurons of a population with delta synapses: time, ms, and position. `bases_hz` are their base
/// rates.
///
/// The events of 256 neurons (by position in the population) in a cell of time are drawn together: a number of events, and for each a time
/// and a neuron. Word 0 of block `c draws` of (seed, domain, group) says how many are in cell c. Where all rates of a group are one, the
/// words of the blocks after that, first words of eight blocks and then their second words, say when (40 bits) and where (24 bits) each is;
/// else the k-th block says when, and its second word where. Draws are of `generation` n where rates have changed n times, at snapshots.
pub fn events_by_cells(
    (seed, ordinal, generation): (u64, u32, u32),
    rate: &Rate,
    bases_hz: &[f64],
    t_stop: f64,
) -> Vec<(f64, u32)> {
    let peak = rate.profile.as_deref().map_or(1.0, |profile| profile.values.iter().copied().fold(0.0, f64::max));
    let rates: Vec<f64> = bases_hz.iter().map(|hz| hz / 1000.0 * peak).collect();
    let sum = |group: &[f64]| group.iter().sum::<f64>();
    let most = rates.chunks(256).map(sum).fold(0.0, f64::max);
    // the largest power of two in which 192 events are to be expected at most
    let cell = (192.0 / most).log2().floor().exp2().clamp(1.0 / 1024.0, 64.0);
    let draws = ((2.0 * most * cell + 128.0) as u64).next_power_of_two();
    let word = |domain, group: usize, index| block(seed, domain, group as u32 | generation << 24, index);
    let part = |word: u64| (word >> 11) as f64 / (1u64 << 53) as f64;
    let mut events = Vec::new();
    for (number, group) in rates.chunks(256).enumerate().filter(|(_, group)| sum(group) > 0.0) {
        for c in (0..).take_while(|c| *c as f64 * cell < t_stop) {
            let mean = sum(group) * cell;
            let count = poisson_number(mean, word(Domain::poisson(ordinal), number, c * draws)[0]);
            let alike = group.iter().all(|rate| *rate == group[0]);
            for k in 0..count {
                let block = if alike { k / 16 * 8 + k % 8 } else { k };
                let [first, second] = word(Domain::poisson(ordinal), number, c * draws + 1 + block);
                let when = if alike && k % 16 >= 8 { second } else { first };
                let part_of_cell = (when >> 24) as f64 / (1u64 << 40) as f64;
                let time = (c as f64 * cell + part_of_cell * cell).min(((c + 1) as f64 * cell).next_down());
                let position = match alike {
                    true => ((when & 0xff_ffff) as usize * group.len()) >> 24,
                    false => (0..group.len()).find(|n| sum(&group[..=*n]) / sum(group) > part(second)).unwrap(),
                };
                let kept = rate.profile.as_deref().is_none_or(|profile| {
                    let chance = unit_open_zero(word(Domain::thinning(ordinal), number, c * draws + k)[0]);
                    chance * peak <= value_at(profile, time)
                });
                if kept && time >= rate.start && time < rate.stop && time < t_stop {
                    events.push((time, (256 * number + position) as u32));
                }
            }
        }
    }
    events
}

/// The smallest k for which the chance of at most k events is above `word / 2^64`.
fn poisson_number(mean: f64, word: u64) -> u64 {
    let wanted = word as f64 / 2f64.powi(64);
    let (mut k, mut chance) = (0, (-mean).exp());
    let mut at_most = chance;
    while at_most <= wanted && chance > 0.0 {
        k += 1;
        chance *= mean / k as f64;
        at_most += chance;
    }
    k
}

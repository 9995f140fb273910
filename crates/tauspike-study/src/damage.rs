//! What is different in a network when its readout is tested from when it was fitted: lost neurons, lost synapses, drifted gains.
//!
//! Draws are counter-based, so what is lost at a share of 5 % is lost at 10 % too, and in every profile.

use crate::wiring::Wiring;
use std::f64::consts::TAU;
use tauspike_spike::Domain;
use tauspike_spike::draw::{block, unit_open_zero};
use tauspike_task::readout::Mat;

const NEURONS: Domain = Domain::other(0x006c_6f73);
const SYNAPSES: Domain = Domain::other(0x006c_6f74);
const GAINS: Domain = Domain::other(0x0064_7266);

/// Whether each of `n` neurons is lost.
pub fn lost_neurons(n: u32, share: f64, seed: u64) -> Vec<bool> {
    (0..n).map(|i| uniform(seed, NEURONS, i, 0) < share).collect()
}

/// The wiring without a share of its synapses, and without all that lost neurons send.
pub fn damaged(wiring: &Wiring, lost: &[bool], synapses: f64, seed: u64) -> Wiring {
    let mut wiring = wiring.clone();
    for at in 0..wiring.sources.len() {
        let (post, k) = ((at / wiring.in_degree) as u32, (at % wiring.in_degree) as u64);
        if lost[wiring.sources[at] as usize] || uniform(seed, SYNAPSES, post, k) < synapses {
            wiring.weights[at] = 0.0;
        }
    }
    wiring
}

/// Factors 1 + `drift` x normal, one for each neuron.
pub fn gains(n: u32, drift: f64, seed: u64) -> Vec<f64> {
    let gain = |i| {
        let [radius, angle] = block(seed, GAINS, i, 0).map(unit_open_zero);
        1.0 + drift * (-2.0 * libm::log(radius)).sqrt() * libm::cos(TAU * angle)
    };
    (0..n).map(gain).collect()
}

/// The states of lost neurons (columns) as they are at rest.
pub fn silence(states: &mut Mat<f64>, lost: &[bool], rest: f64) {
    for (mut column, _) in states.col_iter_mut().zip(lost).filter(|(_, lost)| **lost) {
        column.fill(rest);
    }
}

fn uniform(seed: u64, domain: Domain, entity: u32, index: u64) -> f64 {
    unit_open_zero(block(seed, domain, entity, index)[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_loss_holds_what_less_loss_lost_and_is_the_share_asked_for() {
        let (few, many) = (lost_neurons(10_000, 0.1, 3), lost_neurons(10_000, 0.3, 3));
        assert!(few.iter().zip(&many).all(|(few, many)| !few || *many));
        let share = |lost: &[bool]| lost.iter().filter(|lost| **lost).count() as f64 / 10_000.0;
        assert!((share(&few) - 0.1).abs() < 0.015 && (share(&many) - 0.3).abs() < 0.02);
        let whole = Wiring::new(500, 10, 1, 3).unwrap();
        let none = damaged(&whole, &[false; 500], 0.0, 3);
        assert_eq!(whole, none);
        let lost = lost_neurons(500, 0.2, 3);
        let part = damaged(&whole, &lost, 0.1, 3);
        let absent = part.weights.iter().filter(|w| **w == 0.0).count() as f64 / 5000.0;
        assert!((absent - (1.0 - 0.8 * 0.9)).abs() < 0.06, "{absent}");
        assert!((0..5000).all(|at| !lost[whole.sources[at] as usize] || part.weights[at] == 0.0));
    }

    #[test]
    fn gains_spread_by_the_drift() {
        let gains = gains(20_000, 0.2, 5);
        let mean = gains.iter().sum::<f64>() / 2e4;
        let spread = (gains.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / 2e4).sqrt();
        assert!((mean - 1.0).abs() < 0.01 && (spread - 0.2).abs() < 0.005, "{mean} {spread}");
    }
}

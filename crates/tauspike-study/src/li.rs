//! Leaky integrators, the rate model:
//!
//! `tau_i dx_i/dt = -x_i + tanh(sum_j W_ij x_j + sum_k Win_ik u_k + b_i + xi_i)`
//!
//! The argument of tanh, and with it the input, is held for each step dt, so the step is exact:
//! `x(t + dt) = a x(t) + (1 - a) tanh(..)`, a = exp(-dt / tau). W has `in_degree` entries per row, normal with standard deviation
//! r / sqrt(in-degree): as N grows its eigenvalues fill the disc of radius r (Ginibre 1965, J. Math. Phys. 6:440), whatever the
//! realised largest one. xi is normal, independent for every neuron and step.

use crate::cell::{Cell, Li};
use crate::wiring::Wiring;
use std::f64::consts::TAU;
use std::iter::StepBy;
use std::ops::Range;
use tauspike_spike::Domain;
use tauspike_spike::draw::{block, unit_open_zero};
use tauspike_task::Samples;
use tauspike_task::readout::Mat;

/// The states after the steps `rows` (rows x neurons); x = 0 before the first. `source` numbers the stimulus, for the noise.
pub fn states(
    cell: &Cell,
    li: &Li,
    taus: &[f64],
    wiring: &Wiring,
    u: &Samples,
    source: u32,
    rows: StepBy<Range<usize>>,
) -> Mat<f64> {
    let n = taus.len();
    let decay: Vec<f64> = taus.iter().map(|tau| libm::exp(-u.step() / tau)).collect();
    let gain: Vec<f64> = taus.iter().map(|tau| -libm::expm1(-u.step() / tau)).collect();
    let radius = li.spectral_radius / (wiring.in_degree.max(1) as f64).sqrt();
    let weights: Vec<f64> = wiring.weights.iter().map(|w| radius * w).collect();
    let input = li.input_weight / (u.dimensions().len() as f64).sqrt();
    let noise = li.noise * li.input_weight;
    let mut x = vec![0.0; n];
    let mut argument = vec![0.0; n];
    let mut states = Mat::zeros(rows.len(), n);
    let mut rows = rows.enumerate().peekable();
    for k in 0..u.len() {
        for i in 0..n {
            let row = i * wiring.in_degree..(i + 1) * wiring.in_degree;
            let recurrent: f64 =
                weights[row.clone()].iter().zip(&wiring.sources[row]).map(|(w, j)| w * x[*j as usize]).sum();
            let external: f64 = u.dimensions().iter().zip(&wiring.input).map(|(u, win)| win[i] * u[k]).sum();
            argument[i] = recurrent + input * external + li.bias * wiring.bias[i];
            if noise > 0.0 {
                argument[i] += noise * normal(cell.seed, source, i as u32, k as u64);
            }
        }
        for i in 0..n {
            x[i] = decay[i] * x[i] + gain[i] * libm::tanh(argument[i]);
        }
        if let Some((row, _)) = rows.next_if(|(_, sample)| *sample == k) {
            x.iter().enumerate().for_each(|(i, x)| states[(row, i)] = *x);
        }
    }
    states
}

/// Standard normal (Box and Muller 1958).
fn normal(seed: u64, source: u32, neuron: u32, step: u64) -> f64 {
    let [radius, angle] = block(seed, Domain::other(1 + source), neuron, step).map(unit_open_zero);
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(TAU * angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::{Model, Reading};
    use crate::profile::Profile;

    /// Without recurrence and under a constant input, x(t) = (1 - exp(-t / tau)) tanh(..) whatever the step.
    #[test]
    fn a_step_is_the_closed_form_of_a_held_input() {
        let li = Li { spectral_radius: 0.9, input_weight: 0.7, bias: 0.3, noise: 0.0 };
        let cell = Cell {
            profile: Profile::homogeneous(),
            cv: 0.0,
            tau: 20.0,
            tau_min: 0.1,
            n: 5,
            in_degree: 0,
            seed: 4,
            model: Model::Li(li.clone()),
            reading: Reading::default(),
        };
        let wiring = Wiring::new(5, 0, 1, 4).unwrap();
        let taus = [0.5, 5.0, 20.0, 100.0, 1e4];
        for step in [0.25, 5.0] {
            let u = Samples::new(step, vec![vec![1.5; 40]]).unwrap();
            let states = states(&cell, &li, &taus, &wiring, &u, 0, (0..40).step_by(1));
            for (i, tau) in taus.iter().enumerate() {
                let limit = libm::tanh(0.7 * 1.5 * wiring.input[0][i] + 0.3 * wiring.bias[i]);
                for k in 0..40 {
                    let exact = -libm::expm1(-((k + 1) as f64) * step / tau) * limit;
                    assert!((states[(k, i)] - exact).abs() < 1e-14, "{tau} {k}");
                }
            }
        }
    }
}

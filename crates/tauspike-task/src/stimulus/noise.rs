//! Gaussian noise with a given correlation time.

use crate::key::Draws;
use crate::samples::Grid;
use std::f64::consts::PI;

/// u(t + dt) = a u(t) + sqrt(1 - a^2) xi, a = exp(-dt / tau), u(0) = xi: stationary from the first sample on.
pub(super) fn ornstein_uhlenbeck(grid: Grid, tau: f64, draws: Draws) -> Vec<f64> {
    let decay = libm::exp(-grid.step / tau);
    // EXACT: 1 - a^2 = -expm1(-2 dt / tau), without the cancellation where dt << tau.
    let kick = (-libm::expm1(-2.0 * grid.step / tau)).sqrt();
    let mut u = draws.normal(0);
    let mut values = vec![u];
    for k in 1..grid.len as u64 {
        u = decay * u + kick * draws.normal(k);
        values.push(u);
    }
    values
}

/// Half the number of independent values that make up one sample of band-limited noise.
const REACH: usize = 32;

/// Shannon's series: independent normals every tau, joined by sin(pi x) / (pi x). The series is cut by a Lanczos window of 32 tau,
/// which leaves a spectral edge about 3 % wide, and each sample is scaled to variance exactly 1.
pub(super) fn band_limited(grid: Grid, tau: f64, draws: Draws) -> Vec<f64> {
    let last = ((grid.len - 1) as f64 * grid.step / tau) as usize;
    let normals: Vec<f64> = (0..(last + 2 * REACH) as u64).map(|j| draws.normal(j)).collect();
    let sample = |k: usize| {
        let x = k as f64 * grid.step / tau;
        let (mut sum, mut power) = (0.0, 0.0);
        // The normal at j belongs to x = j + 1 - REACH.
        for (j, normal) in normals.iter().enumerate().skip(x as usize).take(2 * REACH) {
            let distance = x - (j as f64 + 1.0 - REACH as f64);
            let weight = sinc(distance) * sinc(distance / REACH as f64);
            sum += weight * normal;
            power += weight * weight;
        }
        sum / power.sqrt()
    };
    (0..grid.len).map(sample).collect()
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

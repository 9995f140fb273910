//! Information-processing capacity: how many independent functions of its past input a reservoir computes.
//!
//! Dambre, Verstraeten, Schrauwen and Massar 2012, "Information processing capacity of dynamical systems", Sci. Rep. 2:514. The capacity
//! of states x for a target y is 1 - min over w of <(y - w x)^2> / <y^2>. Summed over an orthonormal basis of functions of the input
//! ([`Basis::Legendre`] for independent uniform input on \[-1, 1\]) it is at most the number N of linearly independent states, and equal
//! to it for a reservoir that forgets and has no noise. Its first-degree part is the linear memory capacity (Jaeger 2001).
//!
//! # Finite samples
//!
//! Over T samples even a target that has nothing to do with N states is fitted to about N / T, so the sum over many targets would
//! pass N. As in the paper, capacities below a threshold that chance passes once in 10^4 targets count as 0. A capacity C that
//! remains is too large by about (1 - C) N / T.

use crate::error::TaskError;
use crate::readout::moments::{less_mean, means};
use crate::readout::{MatRef, check};
use crate::target::{Basis, Factor, Target};
use faer::Side;

/// The basis targets of total degree d over the delays 0, step, ..., (`windows[d - 1]` - 1) step, for every d: all products of
/// Legendre polynomials of different delays. `step` in ms. There are C(window + d - 1, d) of degree d: many, soon.
pub fn basis(step: f64, windows: &[usize]) -> Vec<Target> {
    let factor = |(delay, degree): (usize, u32)| Factor { dimension: 0, degree, shift: -(delay as f64) * step };
    let target = |product: Vec<(usize, u32)>| Target {
        basis: Basis::Legendre,
        factors: product.into_iter().map(factor).collect(),
    };
    (1..).zip(windows).flat_map(|(degree, window)| products(degree, 0, *window)).map(target).collect()
}

/// All ways to spread `degree` over the delays `first` .. `window`, as (delay, degree > 0).
fn products(degree: u32, first: usize, window: usize) -> Vec<Vec<(usize, u32)>> {
    if degree == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for delay in first..window {
        for here in 1..=degree {
            let rest = products(degree - here, delay + 1, window);
            all.extend(rest.into_iter().map(|rest| [vec![(delay, here)], rest].concat()));
        }
    }
    all
}

/// The capacities of states for a number of targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacities {
    /// Capacity of each target, 0 to 1; 0 below the threshold.
    pub each: Vec<f64>,
    /// What chance reaches once in 10^4 targets.
    pub threshold: f64,
    /// Number N of linearly independent states, constants not counted: the bound of the sum.
    pub rank: usize,
}

impl Capacities {
    /// The sum over all targets.
    pub fn total(&self) -> f64 {
        self.each.iter().sum()
    }
}

/// Directions of the states with less than this part of the variance of the strongest are rounding, and not counted.
const LEAST_VARIANCE: f64 = 1e-13;

/// The capacity of `states` (samples x features), and a constant beside them, for each of `targets` (samples x targets).
///
/// # Errors
/// If the numbers of rows differ, there are fewer than 2 rows or no feature, or an entry is not finite.
pub fn capacities(states: MatRef<f64>, targets: MatRef<f64>) -> Result<Capacities, TaskError> {
    check(states, targets)?;
    let (x, y) = (less_mean(states, &means(states)), less_mean(targets, &means(targets)));
    let gram = crate::readout::moments::gram(x.as_ref());
    let failed = || TaskError::value("capacity", "states", "a Gram matrix without eigenvalues", "states below 1e150");
    if !gram.is_all_finite() {
        return Err(failed());
    }
    let eigen = gram.self_adjoint_eigen(Side::Lower).map_err(|_| failed())?;
    let variances: Vec<f64> = eigen.S().column_vector().iter().copied().collect();
    let least = LEAST_VARIANCE * variances.iter().fold(0.0, |a: f64, b| a.max(*b));
    let cross = eigen.U().transpose() * (x.transpose() * &y);
    let rank = variances.iter().filter(|v| **v > least).count();
    let threshold = threshold(rank, states.nrows());
    let of = |j: usize| {
        let kept = variances.iter().enumerate().filter(|(_, v)| **v > least);
        let explained: f64 = kept.map(|(i, v)| cross[(i, j)] * cross[(i, j)] / v).sum();
        let whole = y.col(j).squared_norm_l2();
        let capacity = if whole > 0.0 { (explained / whole).min(1.0) } else { 0.0 };
        if capacity < threshold { 0.0 } else { capacity }
    };
    Ok(Capacities { each: (0..targets.ncols()).map(of).collect(), threshold, rank })
}

/// The capacity for an unrelated target is distributed as chi^2 of N degrees of freedom, over T. Its 1 - 10^-4 quantile, by Wilson
/// and Hilferty 1931 (5 % too high for N = 2, within 2 % from N = 10 on).
fn threshold(rank: usize, samples: usize) -> f64 {
    const NORMAL_QUANTILE: f64 = 3.719_016_485_455_709;
    let n = rank.max(1) as f64;
    let root = 1.0 - 2.0 / (9.0 * n) + NORMAL_QUANTILE * (2.0 / (9.0 * n)).sqrt();
    n * root * root * root / samples as f64
}

#[cfg(test)]
mod tests;

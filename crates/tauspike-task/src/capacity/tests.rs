use super::*;
use crate::readout::Mat;
use crate::samples::{Grid, Samples};
use crate::trial::target_matrix;
use crate::{Key, Stimulus};
use std::collections::BTreeSet;

const SAMPLES: usize = 20_000;

fn uniform() -> Samples {
    Stimulus::Uniform {}.generate(Grid::new(1.0, SAMPLES + 100).unwrap(), 1, Key::new(21, 0).unwrap()).unwrap()
}

fn values(targets: &[Target], signal: &Samples) -> Mat<f64> {
    target_matrix(targets, signal, 100..SAMPLES + 100).unwrap()
}

/// Mixes states by a fixed full-rank matrix, and moves them: what is linear does not matter to a capacity.
fn mixed(states: Mat<f64>) -> Mat<f64> {
    let n = states.ncols();
    let draws = Key::new(22, 0).unwrap().dimension(0);
    let mixing = Mat::from_fn(n, n, |i, j| draws.normal((i * n + j) as u64) + if i == j { 3.0 } else { 0.0 });
    let mut out = states * mixing;
    out.col_iter_mut().for_each(|column| column.iter_mut().for_each(|v| *v -= 65.0));
    out
}

/// What the finite sample may add: the expected number of chance passages (10^-4 each), four standard deviations of it and one
/// more, each at about twice the threshold at most.
fn bias(targets: usize, capacities: &Capacities) -> f64 {
    let expected = 1e-4 * targets as f64;
    (expected + 4.0 * expected.sqrt() + 1.0) * 2.0 * capacities.threshold
}

/// x = the last N inputs: memory capacity N exactly, and nothing of any other degree.
#[test]
fn a_linear_shift_register_has_capacity_n_all_of_it_linear() {
    let signal = uniform();
    for n in [1, 5, 20] {
        let windows = [2 * n, n.max(4), 5];
        let taps: Vec<Target> = (0..n).map(|delay| Target::nostradamus(-(delay as f64))).collect();
        let states = mixed(values(&taps, &signal));
        let targets = basis(1.0, &windows);
        let found = capacities(states.as_ref(), values(&targets, &signal).as_ref()).unwrap();
        assert_eq!(found.rank, n);
        let linear: f64 = found.each[..2 * n].iter().sum();
        assert!(found.each[..n].iter().all(|c| *c > 1.0 - 1e-9), "every tap is reached");
        let excess = bias(targets.len(), &found);
        assert!((n as f64 - 1e-6..=n as f64 + excess).contains(&linear), "memory {linear}, N {n}");
        assert!((n as f64 - 1e-6..=n as f64 + excess).contains(&found.total()), "total {}, N {n}", found.total());
        assert!(excess < 0.1 * n as f64 + 0.01, "the bound says something: {excess}");
    }
}

/// N states that are products of polynomials: capacity N, spread over the degrees.
#[test]
fn a_nonlinear_shift_register_has_capacity_n_over_its_degrees() {
    let signal = uniform();
    let targets = basis(1.0, &[6, 6, 6]);
    let chosen = [0, 3, 7, 11, 20, 40, 60];
    let states: Vec<Target> = chosen.iter().map(|k| targets[*k].clone()).collect();
    let found = capacities(mixed(values(&states, &signal)).as_ref(), values(&targets, &signal).as_ref()).unwrap();
    assert!(chosen.iter().all(|k| found.each[*k] > 1.0 - 1e-9));
    let n = chosen.len() as f64;
    assert!((n - 1e-6..=n + bias(targets.len(), &found)).contains(&found.total()), "{}", found.total());
}

/// A noisy register falls short of N by what the noise takes: 1 / (1 + noise variance / signal variance) remains of each tap.
#[test]
fn noise_takes_its_part_of_the_capacity() {
    let signal = uniform();
    let draws = Key::new(23, 0).unwrap();
    let taps: Vec<Target> = (0..8).map(|delay| Target::nostradamus(-f64::from(delay))).collect();
    let clean = values(&taps, &signal);
    let noisy =
        Mat::from_fn(SAMPLES, 8, |i, j| clean[(i, j)] + (1.0f64 / 3.0).sqrt() * draws.dimension(j).normal(i as u64));
    let targets = basis(1.0, &[16, 8]);
    let found = capacities(noisy.as_ref(), values(&targets, &signal).as_ref()).unwrap();
    assert!((found.total() - 4.0).abs() < 0.1, "{}", found.total());
}

/// 2000 unrelated targets: the mean of the raw capacities is N / T, and the threshold lets next to none pass.
#[test]
fn unrelated_targets_have_no_capacity() {
    let signal = uniform();
    let draws = Key::new(24, 0).unwrap();
    let states = Mat::from_fn(2000, 10, |i, j| draws.dimension(j).normal(i as u64));
    let targets = basis(1.0, &[30, 30, 15]);
    let all = values(&targets, &signal);
    let found = capacities(states.as_ref(), all.subrows(0, 2000)).unwrap();
    assert!(targets.len() > 1000);
    assert!(found.each.iter().filter(|c| **c > 0.0).count() <= 3, "{}", found.total());
}

#[test]
fn twins_and_constants_are_not_independent_states() {
    let signal = uniform();
    let u = values(&[Target::taylor(1), Target::nostradamus(-1.0)], &signal);
    let states = Mat::from_fn(SAMPLES, 4, |i, j| [u[(i, 0)], u[(i, 1)], u[(i, 0)] - 2.0 * u[(i, 1)], 5.0][j]);
    let found = capacities(states.as_ref(), u.as_ref()).unwrap();
    assert_eq!(found.rank, 2);
    assert!(found.each.iter().all(|c| *c > 1.0 - 1e-9));
}

#[test]
fn the_basis_has_every_product_once() {
    let targets = basis(2.0, &[4, 3, 2]);
    let names: BTreeSet<String> = targets.iter().map(ToString::to_string).collect();
    // C(4, 1) + C(4, 2) + C(4, 3).
    assert_eq!((targets.len(), names.len()), (4 + 6 + 4, 14));
    assert!(names.contains("P1(u0)@+0*P2(u0)@-2") && names.contains("P1(u0)@-6"));
    assert!(targets.iter().all(|t| t.degree() <= 3));
}

/// scipy.stats.chi2.isf(1e-4, N) for N = 2, 10, 100.
#[test]
fn the_threshold_is_the_quantile_of_chi_squared() {
    for (n, quantile) in [(2, CHI2[0]), (10, CHI2[1]), (100, CHI2[2])] {
        assert!((threshold(n, 1) / quantile - 1.0).abs() < 0.05, "{n}: {}", threshold(n, 1));
    }
}

const CHI2: [f64; 3] = [18.420680743952364, 35.56401394195211, 161.31865695904756];

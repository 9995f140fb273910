//! Our samplers, which are our own so that they give the same bits everywhere, against those of `rand_distr`: two-sample
//! Kolmogorov-Smirnov test at the 0.1 % level.
#![allow(clippy::disallowed_methods, reason = "tests compare and time")]

use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_spike::{Domain, Stream};

const DRAWS: usize = 20_000;

fn ours(distribution: &Distribution) -> Vec<f64> {
    let sampler = distribution.sampler().unwrap();
    let mut stream = Stream::new(3, Domain::other(1), 0);
    (0..DRAWS).map(|_| sampler.draw(&mut stream)).collect()
}

fn theirs(distribution: impl rand_distr::Distribution<f64>) -> Vec<f64> {
    distribution.sample_iter(Stream::new(4, Domain::other(2), 0)).take(DRAWS).collect()
}

/// Largest distance between the two empirical distribution functions.
fn distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < DRAWS && j < DRAWS {
        if a[i] <= b[j] {
            i += 1;
        } else {
            j += 1;
        }
        largest = largest.max((i as f64 - j as f64).abs() / DRAWS as f64);
    }
    largest
}

fn same(ours: Vec<f64>, theirs: Vec<f64>, name: &str) {
    let limit = 1.95 * (2.0 / DRAWS as f64).sqrt();
    let found = distance(ours, theirs);
    assert!(found < limit, "{name}: distance {found} above {limit}");
}

#[test]
fn normal_lognormal_gamma_and_inverse_gaussian_agree_with_rand_distr() {
    let (mean, cv) = (20.0f64, 0.5f64);
    let skewed = |family| ours(&Distribution::skewed(family, mean, Spread::Cv(cv)));
    same(
        ours(&Distribution::normal(mean, Spread::Sd(3.0))),
        theirs(rand_distr::Normal::new(mean, 3.0).unwrap()),
        "normal",
    );
    let log_variance = (1.0 + cv * cv).ln();
    let lognormal = rand_distr::LogNormal::new(mean.ln() - log_variance / 2.0, log_variance.sqrt()).unwrap();
    same(skewed(Family::Lognormal), theirs(lognormal), "lognormal");
    let shape = 1.0 / (cv * cv);
    same(skewed(Family::Gamma), theirs(rand_distr::Gamma::new(shape, mean / shape).unwrap()), "gamma");
    same(
        skewed(Family::InverseGaussian),
        theirs(rand_distr::InverseGaussian::new(mean, mean / (cv * cv)).unwrap()),
        "inverse Gaussian",
    );
}

#[test]
fn the_distance_tells_distributions_apart() {
    let far = distance(
        ours(&Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.5))),
        theirs(rand_distr::Normal::new(20.0, 10.0).unwrap()),
    );
    assert!(far > 0.03, "{far}");
}

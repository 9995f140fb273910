//! `[sample]`: values that are drawn, all drawn axes together.
//!
//! Counter-based: value `k` of axis `a` depends on (seed, a, k) alone, so a larger count adds values and changes none.
//!
//! *random*: independent draws, of any distribution. *sobol*: the points of a Sobol sequence with Owen's scrambling, more even in all
//! dimensions at once (Burley, "Practical hash-based Owen scrambling", JCGT 9(4), 2020; the crate `sobol_burley`), put through the inverse
//! of the distribution function, which is there for a range, and for uniform, normal and lognormal distributions.

use super::axis::{ends, number};
use tauspike_network::distribution::{Distribution, Family, Shape, Spread};
use tauspike_network::sampler::Sampler;
use tauspike_scenario::section::{Entry, Section};
use tauspike_scenario::tree::Value;
use tauspike_scenario::{ScenarioError, read_distribution};
use tauspike_spike::Stream;
use tauspike_spike::draw::{Domain, block, unit_open_zero};

type Result<T> = std::result::Result<T, ScenarioError>;

/// Numbers of no other use; the axis is added.
const DRAWS: u32 = 0x005e_e900;
/// Points that the Sobol sequence has.
const MOST_SOBOL: u64 = 65_536;

/// How many values are drawn, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// How.
    pub method: Method,
    /// How many.
    pub count: usize,
    /// Of the draws, not of the networks.
    pub seed: u64,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The points of a scrambled Sobol sequence.
    Sobol,
    /// Independent.
    Random,
}

/// Where the values of a drawn axis are.
#[derive(Clone, Debug)]
pub enum Draw {
    /// Evenly between two ends, or their logarithms.
    Between {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
        /// Whether the logarithm is even.
        log: bool,
    },
    /// Of a distribution.
    Of(Distribution, Box<Sampler>),
}

pub(super) fn read(whole: &Section) -> Result<Option<Sample>> {
    let Some(entry) = whole.get("sample") else { return Ok(None) };
    let section = entry.table(".")?;
    section.allow(&["method", "count", "seed"])?;
    let methods = [Method::Sobol, Method::Random];
    let method = methods[section.need("method", "\"sobol\" or \"random\"")?.choice(&["sobol", "random"])?];
    let most = if method == Method::Sobol { MOST_SOBOL } else { 1_000_000 };
    let count = section.need("count", &format!("an integer from 1 to {most}"))?.integer(1, most)? as usize;
    let seed = section.get("seed").map_or(Ok(1), |entry| entry.integer(0, u64::from(u32::MAX)))?;
    Ok(Some(Sample { method, count, seed }))
}

impl Draw {
    pub(super) fn between(section: &Section) -> Result<Self> {
        let (low, high, log) = ends(section)?;
        Ok(Draw::Between { low, high, log })
    }

    pub(super) fn of_distribution(entry: &Entry) -> Result<Self> {
        let distribution = read_distribution(entry)?;
        let sampler = distribution.sampler().map_err(|error| entry.refuse(error.to_string()))?;
        Ok(Draw::Of(distribution, Box::new(sampler)))
    }

    /// Refuses a distribution that the method cannot draw.
    pub(super) fn check(&self, entry: &Entry, method: Method) -> Result<()> {
        match self {
            Draw::Of(distribution, _) if method == Method::Sobol && quantile(distribution, 0.5).is_none() => {
                Err(entry.refuse("with method = \"sobol\": uniform, normal or lognormal (not mirrored); others with method = \"random\""))
            }
            _ => Ok(()),
        }
    }

    /// Value `k` of the axis with this number.
    pub fn value(&self, sample: &Sample, axis: usize, k: usize) -> Value {
        let domain = Domain::other(DRAWS + axis as u32);
        let (low, high, log) = match self {
            Draw::Between { low, high, log } => (*low, *high, *log),
            Draw::Of(distribution, sampler) => {
                return match sample.method {
                    Method::Random => number(sampler.draw(&mut Stream::new(sample.seed, domain, k as u32))),
                    Method::Sobol => number(quantile(distribution, sobol(sample, axis, k)).unwrap_or(f64::NAN)),
                };
            }
        };
        let share = match sample.method {
            Method::Random => unit_open_zero(block(sample.seed, domain, k as u32, 0)[0]),
            Method::Sobol => sobol(sample, axis, k),
        };
        if log {
            return number(low * libm::exp(share * libm::log(high / low)));
        }
        number(low + share * (high - low))
    }
}

/// Inside (0, 1): the middle of the 2^-24 that the sequence resolves.
fn sobol(sample: &Sample, axis: usize, k: usize) -> f64 {
    let point = sobol_burley::sample(k as u32, axis as u32 % sobol_burley::NUM_DIMENSIONS, sample.seed as u32);
    f64::from(point) + 0.5 / f64::from(1 << 24)
}

/// The value below which a share of the distribution is; `None` where its inverse is not written down here.
fn quantile(of: &Distribution, share: f64) -> Option<f64> {
    let low = of.min.unwrap_or(f64::NEG_INFINITY);
    let high = of.max.unwrap_or(f64::INFINITY);
    let within = |below: &dyn Fn(f64) -> f64| below(low) + share * (below(high) - below(low));
    match &of.shape {
        Shape::Constant(value) => Some(*value),
        Shape::Uniform { low: a, high: b } => {
            let (a, b) = (a.max(low), b.min(high));
            Some(a + share * (b - a))
        }
        Shape::Normal { mean, spread } => {
            let sd = deviation(*mean, *spread);
            Some(mean + sd * standard(within(&|value| below((value - mean) / sd))))
        }
        Shape::Skewed { family: Family::Lognormal, mean, spread, mirrored: false } => {
            let cv = deviation(*mean, *spread) / mean;
            let sigma = libm::log1p(cv * cv).sqrt();
            let mu = libm::log(*mean) - 0.5 * sigma * sigma;
            let share = within(&|value| if value > 0.0 { below((libm::log(value) - mu) / sigma) } else { 0.0 });
            Some(libm::exp(mu + sigma * standard(share)))
        }
        _ => None,
    }
}

fn deviation(mean: f64, spread: Spread) -> f64 {
    match spread {
        Spread::Cv(cv) => cv * mean.abs(),
        Spread::Sd(sd) => sd,
    }
}

/// The share of the standard normal distribution below `z`.
fn below(z: f64) -> f64 {
    if z.is_nan() { 0.5 } else { 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) }
}

/// The inverse of [`below`], by bisection: to the last bits, and rarely asked.
fn standard(share: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if below(middle) < share { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(draw: &Draw, method: Method, count: usize) -> Vec<f64> {
        let sample = Sample { method, count, seed: 3 };
        let value = |k| match draw.value(&sample, 1, k) {
            Value::Float(value) => value,
            Value::Integer(value) => value as f64,
            other => panic!("{other}"),
        };
        (0..count).map(value).collect()
    }

    fn of(distribution: Distribution) -> Draw {
        let sampler = distribution.sampler().unwrap();
        Draw::Of(distribution, Box::new(sampler))
    }

    /// Of 256 Sobol points each of 256 equal parts holds one; of random ones it does not.
    #[test]
    fn sobol_points_are_even_and_random_ones_are_not() {
        let draw = Draw::Between { low: 10.0, high: 20.0, log: false };
        let parts = |method| {
            let found: std::collections::BTreeSet<u32> =
                values(&draw, method, 256).iter().map(|value| ((value - 10.0) / 10.0 * 256.0) as u32).collect();
            found.len()
        };
        assert_eq!(parts(Method::Sobol), 256);
        assert!(parts(Method::Random) < 200);
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        let normal = Distribution::normal(5.0, Spread::Sd(2.0));
        let lognormal = Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5));
        for (distribution, mean, sd) in [(normal, 5.0, 2.0), (lognormal, 20.0, 10.0)] {
            for (method, error) in [(Method::Sobol, 0.003), (Method::Random, 0.05)] {
                let drawn = values(&of(distribution.clone()), method, 4096);
                let found = drawn.iter().sum::<f64>() / 4096.0;
                let variance = drawn.iter().map(|value| (value - found) * (value - found)).sum::<f64>() / 4096.0;
                assert!((found / mean - 1.0).abs() < error, "{method:?} {distribution:?}: mean {found}");
                assert!((variance.sqrt() / sd - 1.0).abs() < 20.0 * error, "{method:?} {distribution:?}: {variance}");
            }
        }
    }

    #[test]
    fn bounds_hold_and_a_larger_count_changes_nothing() {
        let draw = of(Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(-0.5), Some(2.0)));
        for method in [Method::Sobol, Method::Random] {
            let few = values(&draw, method, 100);
            assert!(few.iter().all(|value| (-0.5..=2.0).contains(value)));
            assert_eq!(values(&draw, method, 200)[..100], few);
        }
        assert!(quantile(&Distribution::skewed(Family::Gamma, 1.0, Spread::Cv(1.0)), 0.5).is_none());
    }

    /// Of tables of the normal distribution.
    #[test]
    fn the_inverse_of_the_normal_distribution() {
        for (share, z) in [(0.5, 0.0), (0.975, 1.959963984540054), (0.001, -3.090232306167813)] {
            assert!((standard(share) - z).abs() < 1e-12, "{share}");
        }
    }
}

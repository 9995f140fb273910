//! Drawn parameters that are kept positive at the price of their moments.

use crate::describe::description::Description;
use crate::describe::distribution::{Distribution, short};
use crate::describe::lif::LifParameter;
use crate::describe::moments::Moments;
use crate::describe::parameter::{Parameter, Range};
use crate::describe::spec::CellsSpec;
use std::fmt;
use tauspike_spike::{Domain, Stream};

/// A distribution of positive numbers that reaches to 0 or below and has no `min`: draws below mean / 20 are drawn again
/// ([`Distribution::kept_positive`]), and what is drawn has other moments than were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The population or projection.
    pub owner: String,
    /// The parameter, with its unit.
    pub field: &'static str,
    /// The smallest value drawn: mean / 20, in the unit of the parameter.
    pub min: f64,
    /// Share of draws that are drawn again.
    pub share: f64,
    /// Asked for.
    pub asked: Moments,
    /// Of what is drawn, estimated from some thousand draws, the same for every seed.
    pub drawn: Moments,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, field, min, share, asked, drawn } = self;
        write!(
            f,
            "{owner}: `{field}`: {:.1} % of this distribution are below mean / 20 = {min:.4}, and drawn again: mean and CV are about {} and {:.2} \
             instead of {} and {:.2}; a `min` says that this is meant",
            100.0 * share,
            three_digits(drawn.mean),
            drawn.cv(),
            short(asked.mean),
            asked.cv()
        )
    }
}

fn three_digits(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.2e}"),
    }
}

/// All of a description whose distributions are right.
pub(crate) fn cuts(description: &Description) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for population in &description.populations {
        let CellsSpec::Lif(spec) = &population.cells else { continue };
        for row in LifParameter::of(spec).filter(|row| matches!(row.range, Range::Positive | Range::Scale)) {
            cuts.extend(cut(format!("population `{}`", population.name), row.key, row.asked(spec)));
        }
    }
    for projection in &description.projections {
        if let Some(delay) = &projection.delay {
            cuts.extend(cut(projection.owner(), "delay_ms", delay));
        }
    }
    cuts
}

fn cut(owner: String, field: &'static str, parameter: &Parameter) -> Option<Cut> {
    const TRIED: usize = 16384;
    const LEAST_SHARE: f64 = 0.005;
    let Parameter::Drawn(distribution) = parameter else { return None };
    let kept = distribution.kept_positive();
    let min = kept.min.filter(|_| distribution.min.is_none())?;
    let all = draws(distribution, TRIED)?;
    let share = all.iter().filter(|value| **value < min).count() as f64 / TRIED as f64;
    let drawn = Moments::of(&draws(&kept, TRIED)?);
    (share > LEAST_SHARE).then(|| Cut { owner, field, min, share, asked: distribution.moments(), drawn })
}

fn draws(distribution: &Distribution, many: usize) -> Option<Vec<f64>> {
    let sampler = distribution.sampler().ok()?;
    let mut stream = Stream::new(0, Domain::other(0), 0);
    Some((0..many).map(|_| sampler.draw(&mut stream)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::distribution::{Family, Spread};

    fn of(distribution: Distribution) -> Option<Cut> {
        cut("population `E`".into(), "tau_m_ms", &Parameter::Drawn(distribution))
    }

    #[test]
    fn a_distribution_that_loses_its_moments_is_named() {
        // uniform on -7.7 to 47.7, cut at 1: mean 24.36, sd 46.7 / sqrt(12)
        let cut = of(Distribution::uniform_around(20.0, Spread::Cv(0.8))).unwrap();
        assert!((cut.drawn.mean - 24.36).abs() < 0.3 && (cut.drawn.cv() - 0.553).abs() < 0.01, "{cut}");
        assert!(cut.to_string().contains("mean / 20 = 1.0000") && cut.to_string().contains("`min`"), "{cut}");
        assert!(of(Distribution::normal(20.0, Spread::Cv(0.5))).is_some());
        assert!(of(Distribution::mirrored(Family::Gamma, 20.0, Spread::Cv(0.5))).is_some());
    }

    #[test]
    fn one_that_keeps_them_or_is_meant_so_is_not() {
        assert_eq!(of(Distribution::normal(20.0, Spread::Cv(0.2))), None);
        assert_eq!(of(Distribution::normal(20.0, Spread::Cv(0.5)).truncated(Some(1.0), None)), None);
        assert_eq!(of(Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.8))), None);
    }
}

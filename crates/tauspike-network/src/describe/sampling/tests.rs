use super::*;
use crate::describe::moments::Moments;

const DRAWS: u32 = 200_000;

fn draw(distribution: &Distribution) -> Vec<f64> {
    let sampler = distribution.sampler().unwrap();
    (0..DRAWS).map(|i| sampler.draw(&mut Stream::new(11, Domain::parameter(0, 0), i))).collect()
}

/// Tolerances for 200000 draws: mean 1 %, CV 2 %, skewness 10 % or 0.03. The standard errors of the worst case (inverse gamma
/// at CV 0.3, whose kurtosis is large) are 0.07 %, 0.4 % and about 3 %.
fn assert_realises(distribution: Distribution) {
    let (asked, realised) = (distribution.moments(), Moments::of(&draw(&distribution)));
    let what = format!("{:?}: asked {asked}, realised {realised}", distribution.shape);
    assert!((realised.mean / asked.mean - 1.0).abs() < 0.01, "{what}");
    assert!((realised.cv() / asked.cv() - 1.0).abs() < 0.02, "{what}");
    assert!((realised.skewness - asked.skewness).abs() < 0.03 + 0.1 * asked.skewness.abs(), "{what}");
}

#[test]
fn realised_moments_are_those_asked_for() {
    for family in [Family::Lognormal, Family::Gamma, Family::InverseGaussian, Family::InverseGamma] {
        for cv in [0.1, 0.3] {
            assert_realises(Distribution::skewed(family, 20.0, Spread::Cv(cv)));
            assert_realises(Distribution::mirrored(family, 20.0, Spread::Cv(cv)));
        }
    }
    assert_realises(Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(1.5)));
    assert_realises(Distribution::skewed(Family::InverseGaussian, 20.0, Spread::Cv(1.0)));
    assert_realises(Distribution::normal(-70.0, Spread::Sd(5.0)));
    assert_realises(Distribution::uniform(2.0, 10.0));
    assert_realises(Distribution::uniform_around(20.0, Spread::Cv(0.4)));
    assert_realises(Distribution::two_point(20.0, Spread::Cv(0.5), 0.0));
    assert_realises(Distribution::two_point(20.0, Spread::Cv(0.5), -2.0));
    assert_realises(Distribution::empirical(vec![1.0, 1.0, 2.0, 7.0]));
    for cv in [0.01, 0.3, 0.7, 1.5] {
        assert_realises(Distribution::arcsine(20.0, Spread::Cv(cv)));
        assert_realises(Distribution::log_uniform(20.0, Spread::Cv(cv)));
    }
    for (cv, skewness) in [(0.3, -1.0), (0.7, -0.5), (0.7, 0.0), (0.9, -0.2), (1.0, 1.5)] {
        assert_realises(Distribution::beta(20.0, Spread::Cv(cv), skewness));
    }
}

#[test]
fn a_beta_distribution_has_the_skewness_that_a_positive_quantity_can_have() {
    let beta = |skewness| Distribution::beta(20.0, Spread::Cv(0.5), skewness).validate();
    assert!(beta(-1.499).is_ok() && beta(0.999).is_ok());
    for skewness in [-1.5, -3.0, 1.0, 4.0] {
        let message = beta(skewness).unwrap_err().to_string();
        assert!(message.contains("between cv - 1/cv"), "{message}");
    }
    // Arcsine and uniform from 0 on are cases of it.
    let sampler = Distribution::beta(20.0, Spread::Cv(0.5f64.sqrt()), 0.0).sampler().unwrap();
    let Raw::Beta { left, right, scale } = sampler.raw else { panic!("{:?}", sampler.raw) };
    assert!((left - 0.5).abs() < 1e-12 && (right - 0.5).abs() < 1e-12 && (scale - 40.0).abs() < 1e-12);
}

#[test]
fn a_log_uniform_distribution_has_the_width_of_its_cv() {
    for width in [1e-4f64, 1e-2, 1.0, 10.0, 300.0] {
        let half = 0.5 * width;
        let cv = (half / half.tanh() - 1.0).sqrt();
        let Raw::LogUniform { width: found, .. } =
            Distribution::log_uniform(20.0, Spread::Cv(cv)).sampler().unwrap().raw
        else {
            panic!()
        };
        // The CV itself, as computed here, cancels for small widths.
        let slack = 1e-10 + 1e-15 / (width * width);
        assert!((found / width - 1.0).abs() < slack, "{found} {width}");
    }
    assert!(Distribution::log_uniform(20.0, Spread::Cv(19.0)).validate().is_err());
}

#[test]
fn uniform_around_has_the_mean_and_cv_it_was_given() {
    let moments = Distribution::uniform_around(20.0, Spread::Cv(0.4)).moments();
    assert!((moments.mean - 20.0).abs() < 1e-12 && (moments.cv() - 0.4).abs() < 1e-12, "{moments}");
}

#[test]
fn skewness_asked_for_follows_the_closed_forms() {
    let skewness = |family| Distribution::skewed(family, 5.0, Spread::Sd(2.5)).moments().skewness;
    assert_eq!(skewness(Family::Gamma), 1.0);
    assert_eq!(skewness(Family::InverseGaussian), 1.5);
    assert_eq!(skewness(Family::Lognormal), 1.625);
    assert_eq!(skewness(Family::InverseGamma), 2.0 / 0.75);
    assert_eq!(Distribution::mirrored(Family::Gamma, 5.0, Spread::Cv(0.5)).moments().skewness, -1.0);
}

#[test]
fn truncated_draws_stay_inside() {
    let bounded = Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(-0.5), Some(2.0));
    let values = draw(&bounded);
    assert!(values.iter().all(|v| (-0.5..=2.0).contains(v)));
    assert!(values.iter().any(|v| *v < -0.4) && values.iter().any(|v| *v > 1.5));
}

#[test]
fn a_positive_quantity_is_kept_above_a_twentieth_of_its_mean() {
    let wide = Distribution::normal(20.0, Spread::Cv(0.6)).kept_positive();
    assert_eq!(wide.min, Some(1.0));
    assert!(draw(&wide).iter().all(|v| *v >= 1.0));
    assert_eq!(Distribution::mirrored(Family::Gamma, 20.0, Spread::Cv(0.6)).kept_positive().min, Some(1.0));
    assert_eq!(Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.6)).kept_positive().min, None);
    assert_eq!(Distribution::uniform(-1.0, 5.0).kept_positive().min, Some(0.1));
    assert_eq!(Distribution::uniform(1.0, 5.0).kept_positive().min, None);
    let chosen = Distribution::normal(20.0, Spread::Cv(0.6)).truncated(Some(0.5), None);
    assert_eq!(chosen.kept_positive().min, Some(0.5));
}

#[test]
fn zero_spread_is_a_constant() {
    for family in [Family::Lognormal, Family::Gamma, Family::InverseGaussian, Family::InverseGamma] {
        let distribution = Distribution::skewed(family, 20.0, Spread::Cv(0.0));
        assert!(draw(&distribution).iter().all(|v| *v == 20.0));
        assert_eq!(distribution.moments(), Moments { mean: 20.0, sd: 0.0, skewness: 0.0 });
    }
    assert!(draw(&Distribution::normal(3.0, Spread::Sd(0.0))).iter().all(|v| *v == 3.0));
}

#[test]
fn impossible_distributions_are_refused_by_field() {
    let cv = Spread::Cv;
    let cases = [
        (Distribution::skewed(Family::Gamma, 20.0, cv(-0.1)), "cv = -0.1"),
        (Distribution::skewed(Family::Gamma, 20.0, cv(f64::NAN)), "cv = NaN"),
        (Distribution::skewed(Family::Gamma, 20.0, cv(f64::INFINITY)), "cv = inf"),
        (Distribution::skewed(Family::Gamma, 20.0, cv(1e200)), "cv = 1"),
        (Distribution::skewed(Family::Lognormal, -2.0, cv(0.1)), "mean = -2"),
        (Distribution::skewed(Family::Lognormal, 0.0, Spread::Sd(1.0)), "mean = 0"),
        (Distribution::mirrored(Family::Lognormal, -2.0, cv(0.1)), "mean = -2"),
        (Distribution::skewed(Family::InverseGamma, 20.0, cv(1.0)), "cv = 1"),
        (Distribution::normal(0.0, cv(0.1)), "mean = 0"),
        (Distribution::normal(1.0, Spread::Sd(-1.0)), "sd = -1"),
        (Distribution::normal(f64::NAN, Spread::Sd(1.0)), "mean = NaN"),
        (Distribution::two_point(1.0, cv(0.1), f64::NAN), "skewness = NaN"),
        (Distribution::uniform(2.0, 1.0), "high = 1"),
        (Distribution::constant(f64::NAN), "mean = NaN"),
        (Distribution::empirical(vec![1.0, f64::INFINITY]), "values = inf"),
        (Distribution::empirical(vec![]), "values is empty"),
        (Distribution::constant(1.0).truncated(Some(f64::NAN), None), "min = NaN"),
        (Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(5.0), None), "min = 5"),
        (Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(1.0), Some(-1.0)), "max = -1"),
        (Distribution::empirical(vec![1.0, 2.0]).truncated(None, Some(0.5)), "max = 0.5"),
    ];
    for (distribution, expected) in cases {
        let message = distribution.validate().unwrap_err().to_string();
        assert!(message.contains(expected) && message.contains("allowed"), "{message:?} lacks {expected:?}");
    }
}

//! Student's t: intervals, p values, and the power of a test that is still to be made.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The value that t with so many degrees of freedom is below with probability `share`.
pub fn quantile(share: f64, freedom: usize) -> f64 {
    with(freedom).map_or(f64::NAN, |t| t.inverse_cdf(share))
}

/// Two-sided p of a distance from the bound with this standard error; without any spread 0, or 1 at the bound itself.
pub fn two_sided(distance: f64, error: f64, freedom: usize) -> f64 {
    if error > 0.0 {
        return with(freedom).map_or(1.0, |t| (2.0 * t.sf((distance / error).abs())).min(1.0));
    }
    if distance == 0.0 { 1.0 } else { 0.0 }
}

/// The smallest true distance that a two-sided test at `level` finds with probability 0.8, about: the sum of both quantiles times the
/// standard error.
pub fn smallest_shown(error: f64, freedom: usize, level: f64) -> f64 {
    (quantile(1.0 - level / 2.0, freedom) + quantile(0.8, freedom)) * error
}

fn with(freedom: usize) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom as f64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17: `t.ppf(0.975, [1, 4, 19])`, `2 * t.sf(2.5, 19)`.
    #[test]
    fn quantiles_and_p_are_those_of_scipy() {
        for (freedom, expected) in [(1, 12.706204736174694), (4, 2.7764451051977934), (19, 2.0930240544083087)] {
            assert!(
                (quantile(0.975, freedom) / expected - 1.0).abs() < 1e-8,
                "{freedom}: {}",
                quantile(0.975, freedom)
            );
        }
        assert!((two_sided(2.5, 1.0, 19) / 0.02174041116839744 - 1.0).abs() < 1e-6, "{}", two_sided(2.5, 1.0, 19));
        assert_eq!((two_sided(0.0, 0.0, 3), two_sided(1.0, 0.0, 3)), (1.0, 0.0));
    }

    /// statsmodels: `TTestPower().solve_power(nobs=20, alpha=0.05, power=0.8)` is 0.660 standard deviations.
    #[test]
    fn the_power_is_about_that_of_statsmodels() {
        let shown = smallest_shown(1.0 / 20f64.sqrt(), 19, 0.05);
        assert!((shown - 0.660).abs() < 0.01, "{shown}");
    }
}

//! Draws are moved and widened until what they realise is what was asked for.
//!
//! Sixty draws of CV 2 stray from their mean by a quarter and from their CV by as much, more than the effects under study. Two numbers
//! are free, a scale and a width p:
//!
//! | way | draw x becomes | keeps |
//! |---|---|---|
//! | power | `scale x^p` | lognormal and log-uniform as they are, other positive families nearly so; nothing reaches 0 |
//! | affine | `scale (1 + p (x / mean - 1))` | every shape with its skewness; what falls below the least value is raised to it |
//!
//! Both keep the order of the draws. Rounding and the least value are inside the search, so the moments are those of the result.

/// How far the CV may be off, and, as a part of it, the location.
pub const TOLERANCE: f64 = 1e-3;

/// Which mean of the time constants is the one asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Location {
    /// The arithmetic mean.
    #[default]
    Mean,
    /// The median.
    Median,
    /// The harmonic mean: the inverse of the mean decay rate.
    HarmonicMean,
}

impl Location {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mean, Self::Median, Self::HarmonicMean];

    /// As a study file says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::HarmonicMean => "harmonic_mean",
        }
    }

    /// Of values in rising order.
    pub(super) fn of_sorted(self, values: &[f64]) -> f64 {
        let n = values.len();
        match self {
            Self::Mean => values.iter().sum::<f64>() / n as f64,
            Self::Median => 0.5 * (values[(n - 1) / 2] + values[n / 2]),
            Self::HarmonicMean => n as f64 / values.iter().map(|value| value.recip()).sum::<f64>(),
        }
    }
}

/// How draws are widened; see the module documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Power,
    Affine,
}

/// What the time constants shall realise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub location: Location,
    /// ms.
    pub at: f64,
    pub cv: f64,
    /// No value is smaller, ms.
    pub least: f64,
    /// Values are multiples of it, ms; any if it is 0.
    pub quantum: f64,
}

/// Values in the order of `draws` (not empty, all positive) that realise what is wanted, or come nearest to it.
pub(super) fn matched(draws: &[f64], way: Way, wanted: &Wanted) -> Vec<f64> {
    let mut order: Vec<usize> = (0..draws.len()).collect();
    order.sort_by(|a, b| draws[*a].total_cmp(&draws[*b]));
    let sorted: Vec<f64> = order.iter().map(|k| draws[*k]).collect();
    let best = Search { way, wanted, units: units(&sorted, way) }.best();
    let mut values = vec![0.0; draws.len()];
    for (k, value) in order.into_iter().zip(best) {
        values[k] = value;
    }
    values
}

/// CV of values.
pub(super) fn cv(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt() / mean
}

/// What is multiplied by the width: logarithms less the largest, so that no power overflows, or distances from the mean in units of it.
fn units(sorted: &[f64], way: Way) -> Vec<f64> {
    match way {
        Way::Power => {
            let largest = libm::log(sorted[sorted.len() - 1]);
            sorted.iter().map(|x| libm::log(*x) - largest).collect()
        }
        Way::Affine => {
            let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
            sorted.iter().map(|x| x / mean - 1.0).collect()
        }
    }
}

struct Search<'a> {
    way: Way,
    wanted: &'a Wanted,
    /// Rising.
    units: Vec<f64>,
}

impl Search<'_> {
    /// The CV rises with the width, up to rounding: bisection. Rounded values jump, so there the neighbourhood is looked through, too.
    fn best(&self) -> Vec<f64> {
        const WIDEST: f64 = 1e3;
        let cv_of = |width: f64| cv(&self.at_width(width));
        let (mut low, mut high) = (0.0, 1.0);
        while cv_of(high) < self.wanted.cv && high < WIDEST {
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1e-13 * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if cv_of(middle) < self.wanted.cv { low = middle } else { high = middle }
        }
        let found = self.at_width(high);
        if self.wanted.quantum == 0.0 || self.is_met(&found) {
            return found;
        }
        let near = (-200..=200).map(|k| self.at_width(high * (1.0 + 5e-4 * f64::from(k))));
        near.min_by(|a, b| self.distance(a).total_cmp(&self.distance(b))).unwrap_or(found)
    }

    fn is_met(&self, values: &[f64]) -> bool {
        self.distance(values) <= TOLERANCE
    }

    fn distance(&self, values: &[f64]) -> f64 {
        distance(values, self.wanted)
    }

    /// The values of this width with the location wanted.
    fn at_width(&self, width: f64) -> Vec<f64> {
        let base: Vec<f64> = match self.way {
            Way::Power => self.units.iter().map(|unit| libm::exp(width * unit)).collect(),
            Way::Affine => self.units.iter().map(|unit| 1.0 + width * unit).collect(),
        };
        if self.wanted.quantum == 0.0 { self.scaled(&base, self.scale(&base)) } else { self.rounded_to(&base) }
    }

    /// The scale at which `base` has the location. Raising small values moves it, so the others move down, until no more are raised.
    fn scale(&self, base: &[f64]) -> f64 {
        let Wanted { location, at, least, .. } = *self.wanted;
        let n = base.len() as f64;
        let mut raised = base.partition_point(|unit| *unit <= 0.0);
        loop {
            let (count, free) = (raised as f64, &base[raised..]);
            let scale = match location {
                Location::Mean => (at * n - least * count) / free.iter().sum::<f64>(),
                Location::Median => at / location.of_sorted(base),
                Location::HarmonicMean => free.iter().map(|unit| unit.recip()).sum::<f64>() / (n / at - count / least),
            };
            let now = base.partition_point(|unit| scale * unit < least);
            if !(scale > 0.0 && scale.is_finite()) {
                return at; // nothing fits, and the caller sees it
            }
            if now <= raised {
                return scale;
            }
            raised = now;
        }
    }

    /// The same for values that are rounded, by bisection: they jump.
    fn rounded_to(&self, base: &[f64]) -> Vec<f64> {
        let location = |scale: f64| self.wanted.location.of_sorted(&self.scaled(base, scale));
        let (mut low, mut high) = (0.0, self.wanted.at);
        while location(high) < self.wanted.at && high < f64::MAX / 4.0 {
            (low, high) = (high, 2.0 * high);
        }
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if location(middle) < self.wanted.at { low = middle } else { high = middle }
        }
        // Just below the jump may be nearer.
        let (below, above) = (self.scaled(base, low), self.scaled(base, high));
        let off = |values: &[f64]| (self.wanted.location.of_sorted(values) - self.wanted.at).abs();
        if off(&below) < off(&above) { below } else { above }
    }

    fn scaled(&self, base: &[f64], scale: f64) -> Vec<f64> {
        base.iter().map(|unit| rounded(scale * unit, self.wanted)).collect()
    }
}

/// A value that the device can have.
pub(super) fn rounded(value: f64, wanted: &Wanted) -> f64 {
    let Wanted { least, quantum, .. } = *wanted;
    if quantum == 0.0 {
        return value.max(least);
    }
    // The smallest multiple that is not below the least value, and not 0.
    let smallest = (least / quantum).ceil().max(1.0);
    (value / quantum).round().max(smallest) * quantum
}

/// How far CV and location are off: the larger of both, as [`TOLERANCE`] measures them.
pub(super) fn distance(values: &[f64], wanted: &Wanted) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let location = (wanted.location.of_sorted(&sorted) / wanted.at - 1.0).abs();
    location.max((cv(values) - wanted.cv).abs())
}

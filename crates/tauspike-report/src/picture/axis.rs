//! Which numbers stand at an axis, and where a value is on it.

use std::ops::Range;

/// An axis of numbers.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What it measures, with its unit.
    pub label: String,
    /// Whether it is logarithmic; values must then be above 0.
    pub log: bool,
    /// The smallest and the largest value that it has room for beside those drawn: panels of one kind share it.
    pub shared: Option<[f64; 2]>,
}

impl Axis {
    /// A linear axis.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), log: false, shared: None }
    }

    /// A logarithmic one.
    pub fn log(label: impl Into<String>) -> Self {
        Self { log: true, ..Self::new(label) }
    }

    /// With room for these values.
    pub fn with(self, shared: Option<[f64; 2]>) -> Self {
        Self { shared, ..self }
    }
}

/// An axis that knows its range and its place in the picture.
pub(super) struct Scale {
    values: Range<f64>,
    pixels: Range<f64>,
    log: bool,
}

impl Scale {
    /// For values between the smallest and the largest of `values`, with a margin.
    pub(super) fn over(values: impl Iterator<Item = f64>, pixels: Range<f64>, log: bool) -> Self {
        let usable = values.map(|value| if log { value.log10() } else { value }).filter(|value| value.is_finite());
        let (low, high) = usable.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        let (low, high) = match low <= high {
            true if high > low => (low, high),
            true => (low - 0.5 * low.abs().max(0.1), high + 0.5 * high.abs().max(0.1)),
            false => (0.0, 1.0),
        };
        let margin = 0.05 * (high - low);
        Self { values: low - margin..high + margin, pixels, log }
    }

    /// Where a value is; NaN if a logarithm has none.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        let share = (value - self.values.start) / (self.values.end - self.values.start);
        self.pixels.start + share * (self.pixels.end - self.pixels.start)
    }

    /// Where the axis starts and ends.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.pixels.start, self.pixels.end)
    }

    /// About `most` round numbers with their places.
    pub(super) fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let values = if self.log { self.decades(most) } else { steps(&self.values, most) };
        values
            .into_iter()
            .map(|value| (self.at(value), if self.log { short(value) } else { self.plain(value, most) }))
            .collect()
    }

    fn plain(&self, value: f64, most: usize) -> String {
        let step = step(&self.values, most);
        if self.values.start.abs().max(self.values.end.abs()) >= 1e5 {
            return short(value);
        }
        format!("{value:.0$}", (-step.log10().floor()).clamp(0.0, 6.0) as usize)
    }

    /// Powers of ten, or, over a short range, also 2 and 5 times them.
    fn decades(&self, most: usize) -> Vec<f64> {
        let inside = |digits: &[f64]| -> Vec<f64> {
            let powers = self.values.start.floor() as i32..=self.values.end.ceil() as i32;
            let all = powers.flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)));
            all.filter(|value| (self.values.start..=self.values.end).contains(&value.log10())).collect()
        };
        let tens = inside(&[1.0]);
        if tens.len() > most {
            return tens.iter().copied().step_by(tens.len().div_ceil(most)).collect();
        }
        let more = inside(&[1.0, 2.0, 5.0]);
        if more.len() >= 2 && more.len() <= most {
            return more;
        }
        if tens.len() >= 2 {
            return tens;
        }
        let range = 10f64.powf(self.values.start)..10f64.powf(self.values.end);
        steps(&range, most).into_iter().filter(|value| range.contains(value)).collect()
    }
}

/// A round number without trailing zeros; a power of ten if it is long.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) {
        ((value * 1e9).round() / 1e9).to_string()
    } else {
        format!("{value:e}")
    }
}

fn step(range: &Range<f64>, most: usize) -> f64 {
    let least = (range.end - range.start) / most as f64;
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= least).unwrap_or(least)
}

fn steps(range: &Range<f64>, most: usize) -> Vec<f64> {
    let step = step(range, most);
    let (first, last) = ((range.start / step).ceil() as i64, (range.end / step).floor() as i64);
    (first..=last).map(|k| k as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], log: bool) -> Vec<String> {
        Scale::over(values.iter().copied(), 0.0..100.0, log).ticks(6).into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&[0.0, 1.0], false), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&[50.0, 1000.0], true), ["50", "100", "200", "500", "1000"]);
        assert_eq!(labels(&[1e3, 1e12], true), ["1000", "1e5", "1e7", "1e9", "1e11"]);
        assert_eq!(labels(&[210.0, 260.0], true).len(), 6);
    }

    #[test]
    fn no_value_or_one_value_still_has_an_axis() {
        for values in [&[][..], &[0.0], &[20.0]] {
            let scale = Scale::over(values.iter().copied(), 0.0..100.0, false);
            assert!(!scale.ticks(6).is_empty());
            assert!(scale.at(values.first().copied().unwrap_or(0.5)).is_finite());
        }
    }
}

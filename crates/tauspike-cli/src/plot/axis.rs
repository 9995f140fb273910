//! One axis: what it shows, from where to where, and which numbers stand at it.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// A label with its unit, and a range.
#[derive(Clone, Debug)]
pub struct Axis {
    pub label: String,
    pub range: Range<f64>,
    /// Only whole numbers stand at it.
    whole: bool,
}

impl Axis {
    pub fn new(label: impl Into<String>, range: Range<f64>) -> Self {
        Self { label: label.into(), range, whole: false }
    }

    /// Of things that are counted, half a one free at both ends.
    pub fn counting(label: impl Into<String>, things: u32) -> Self {
        Self { label: label.into(), range: -0.5..f64::from(things.max(1)) - 0.5, whole: true }
    }

    /// As the drawing library takes it, with at most `most` numbers at it.
    pub fn scale(&self, most: usize) -> Scale {
        Scale { axis: self.clone(), ticks: self.ticks(most) }
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    fn ticks(&self, most: usize) -> Vec<f64> {
        let step = self.step(most);
        let first = (self.range.start / step).ceil();
        let last = (self.range.end / step).floor();
        (0..=(last - first).max(0.0) as usize)
            .map(|k| (first + k as f64) * step)
            .filter(|at| *at <= self.range.end)
            .collect()
    }

    fn step(&self, most: usize) -> f64 {
        let step = round_up((self.range.end - self.range.start) / most as f64);
        if self.whole { step.max(1.0) } else { step }
    }

    /// As many digits as numbers of this axis need.
    fn tick(&self, value: f64) -> String {
        let digits = (-self.step(9).log10().floor()).clamp(0.0, 9.0) as usize;
        // Adding 0 turns -0 into 0.
        format!("{:.digits$}", value + 0.0)
    }
}

/// An axis and the numbers that stand at it.
pub struct Scale {
    axis: Axis,
    ticks: Vec<f64>,
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let Range { start, end } = self.axis.range;
        let share = (value - start) / (end - start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.axis.range.clone()
    }
}

impl ValueFormatter<f64> for Scale {
    fn format_ext(&self, value: &f64) -> String {
        self.axis.tick(*value)
    }
}

/// The next 1, 2 or 5 times a power of ten.
pub fn round_up(value: f64) -> f64 {
    let power = 10f64.powi(value.log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|round| *round >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_within_the_range_and_have_as_many_digits_as_they_need() {
        let axis = |range: Range<f64>| Axis::new("x", range);
        assert_eq!(axis(0.0..1000.0).ticks(8), [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(axis(95.0..130.0).ticks(4), [100.0, 110.0, 120.0, 130.0]);
        assert_eq!(axis(0.0..1000.0).tick(200.0), "200");
        assert_eq!(axis(0.0..0.4).tick(0.05), "0.05");
        assert_eq!(axis(0.0..1e-3).tick(1e-4), "0.0001");
        assert_eq!(axis(-1.0..1.0).tick(-0.0), "0.0");
    }

    #[test]
    fn neurons_are_counted_in_whole_numbers_also_if_there_is_one() {
        assert_eq!(Axis::counting("neuron", 1).ticks(8), [0.0]);
        assert_eq!(Axis::counting("neuron", 3).ticks(8), [0.0, 1.0, 2.0]);
        assert_eq!(Axis::counting("neuron", 0).range, -0.5..0.5);
    }

    #[test]
    fn steps_are_of_round_width() {
        assert_eq!([0.3, 5.0, 7.0, 51.0].map(round_up), [0.5, 5.0, 10.0, 100.0]);
    }
}

//! Codes of a sampled signal for networks of spiking neurons: spikes at level crossings, a held current, a rate.
//!
//! Times are in ms, with the first sample at 0.

use crate::error::TaskError;

/// A signal as the spikes at which it moved by `delta`, see [`send_on_delta`].
#[derive(Clone, Debug, PartialEq)]
pub struct SendOnDelta {
    /// The reference before the first spike: the first sample.
    pub initial: f64,
    /// Distance of two levels, in units of the signal.
    pub delta: f64,
    /// Times at which the reference rose by `delta`, ms, not decreasing.
    pub on: Vec<f64>,
    /// Times at which the reference fell by `delta`, ms, not decreasing.
    pub off: Vec<f64>,
}

impl SendOnDelta {
    /// The reference at `time`, spikes at `time` included: what a receiver knows of the signal. While the signal lasts, it is less
    /// than `delta` away, up to rounding.
    pub fn reference(&self, time: f64) -> f64 {
        let count = |times: &[f64]| times.partition_point(|t| *t <= time) as f64;
        self.initial + (count(&self.on) - count(&self.off)) * self.delta
    }
}

/// No signal is coded by more spikes than this, 1.6 GB.
const MOST_SPIKES: f64 = 1e8;

/// Send-on-delta coding (Miskowicz 2006, Sensors 6:49) of the line through `values`, one every `step` ms.
///
/// The reference starts at the first sample. Whenever the line reaches reference + delta, an ON spike is sent and the reference rises
/// by delta; whenever it reaches reference - delta, an OFF spike, and it falls. A level that is only touched counts as reached. A
/// line is crossed at a time in closed form, and every level between two samples has its own spike; they are distinct unless the
/// line is so steep that f64 cannot tell their times apart. Levels are `initial + k * delta` with whole k, so nothing drifts.
///
/// # Errors
/// If `values` is empty or not finite, `step` or `delta` is not finite and positive, or the signal moves by more than 1e8 `delta`.
pub fn send_on_delta(values: &[f64], step: f64, delta: f64) -> Result<SendOnDelta, TaskError> {
    check(values, step)?;
    let least = values.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() / MOST_SPIKES;
    if !(delta > 0.0 && delta.is_finite() && delta >= least) {
        let allowed =
            format!("finite, > 0, and at least {least:e}, so that this signal gives at most {MOST_SPIKES:e} spikes");
        return Err(TaskError::value("encoding", "delta", format!("{delta:?}"), allowed));
    }
    let initial = values[0];
    let (mut on, mut off) = (Vec::new(), Vec::new());
    let mut level = 0i64;
    let height = |level: i64| initial + level as f64 * delta;
    for (k, pair) in values.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        // EXACT: clamped, because a crossing at the very sample may round past it.
        let time = |at: f64| (k as f64 + ((at - from) / (to - from)).clamp(0.0, 1.0)) * step;
        while to > from && height(level + 1) <= to {
            level += 1;
            on.push(time(height(level)));
        }
        while to < from && height(level - 1) >= to {
            level -= 1;
            off.push(time(height(level)));
        }
    }
    Ok(SendOnDelta { initial, delta, on, off })
}

/// A piecewise-constant function of time: `values[k]` on \[`times[k]`, `times[k + 1]`), the last value for ever after.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// Strictly increasing, ms, beginning with 0.
    pub times: Vec<f64>,
    /// One per time, each different from the one before.
    pub values: Vec<f64>,
}

/// The current `offset + gain * u` (pA, for `gain` in pA per unit of the signal), each sample held until the next. A time that
/// changes nothing is left out: every step is an event.
///
/// # Errors
/// If `values` is empty or not finite, `step` is not finite and positive, or a current is not finite.
pub fn held_current(values: &[f64], step: f64, offset: f64, gain: f64) -> Result<Steps, TaskError> {
    held(values, step, |u| offset + gain * u)
}

/// The rate max(0, `base` + `gain` * u) (Hz, for `gain` in Hz per unit of the signal), each sample held until the next, for
/// inhomogeneous Poisson input. Where the affine map is negative the rate is 0, so its mean is above `base` for a signal of mean 0.
///
/// # Errors
/// As [`held_current`].
pub fn rate_profile(values: &[f64], step: f64, base: f64, gain: f64) -> Result<Steps, TaskError> {
    held(values, step, |u| {
        let rate = base + gain * u;
        // Not f64::max, which would turn NaN into 0 and hide it from the check.
        if rate < 0.0 { 0.0 } else { rate }
    })
}

fn held(values: &[f64], step: f64, map: impl Fn(f64) -> f64) -> Result<Steps, TaskError> {
    check(values, step)?;
    let mut steps = Steps { times: Vec::new(), values: Vec::new() };
    for (k, u) in values.iter().enumerate() {
        let value = map(*u);
        if !value.is_finite() {
            let allowed = format!("finite values after the affine map of {u:?}");
            return Err(TaskError::Sample { place: "encoding".into(), dimension: 0, sample: k, value, allowed });
        }
        if steps.values.last() != Some(&value) {
            steps.times.push(k as f64 * step);
            steps.values.push(value);
        }
    }
    Ok(steps)
}

fn check(values: &[f64], step: f64) -> Result<(), TaskError> {
    if !(step > 0.0 && step.is_finite()) {
        return Err(TaskError::value("encoding", "step", format!("{step:?} ms"), "a finite time > 0"));
    }
    if values.is_empty() {
        return Err(TaskError::value("encoding", "len", 0, "at least 1 sample"));
    }
    let Some(sample) = values.iter().position(|v| !v.is_finite()) else { return Ok(()) };
    let (place, allowed) = ("encoding".to_owned(), "finite values".to_owned());
    Err(TaskError::Sample { place, dimension: 0, sample, value: values[sample], allowed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_level_between_two_samples_has_its_spike_at_its_own_time() {
        let code = send_on_delta(&[0.0, 1.0, -0.5], 2.0, 0.25).unwrap();
        assert_eq!(code.on, [0.5, 1.0, 1.5, 2.0]);
        let slope = -1.5 / 2.0;
        let expected: Vec<f64> = (1..=6).map(|k| 2.0 - 0.25 * f64::from(k) / slope).collect();
        assert!(code.off.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12) && code.off.len() == 6);
    }

    #[test]
    fn a_touched_level_counts_and_less_than_delta_does_not() {
        assert_eq!(send_on_delta(&[0.0, 0.5, 0.0], 1.0, 0.5).unwrap().on, [1.0]);
        let silent = send_on_delta(&[0.0, 0.4999, -0.4999], 1.0, 0.5).unwrap();
        assert!(silent.on.is_empty() && silent.off.is_empty());
    }

    #[test]
    fn steps_hold_each_sample_and_leave_out_what_changes_nothing() {
        let current = held_current(&[0.0, 0.0, 1.0, -1.0], 0.5, 100.0, 50.0).unwrap();
        assert_eq!(current, Steps { times: vec![0.0, 1.0, 1.5], values: vec![100.0, 150.0, 50.0] });
        let rate = rate_profile(&[0.0, -3.0, -4.0, 1.0], 1.0, 10.0, 5.0).unwrap();
        assert_eq!(rate, Steps { times: vec![0.0, 1.0, 3.0], values: vec![10.0, 0.0, 15.0] });
    }

    #[test]
    fn what_cannot_be_coded_is_refused_by_name() {
        let message = |values: &[f64], step, delta| send_on_delta(values, step, delta).unwrap_err().to_string();
        assert!(message(&[], 1.0, 1.0).starts_with("encoding: len = 0"));
        assert!(message(&[1.0], -1.0, 1.0).starts_with("encoding: step = -1.0 ms"));
        assert!(message(&[1.0], 1.0, 0.0).starts_with("encoding: delta = 0.0"));
        assert!(message(&[0.0, 1.0], 1.0, 1e-300).contains("at least 1e-8"));
        assert!(message(&[f64::MAX, f64::MIN], 1.0, 1.0).starts_with("encoding: delta = 1.0"));
        assert!(message(&[0.0, f64::NAN], 1.0, 1.0).contains("sample 1 = NaN"));
        assert!(held_current(&[1.0], 1.0, 0.0, f64::INFINITY).unwrap_err().to_string().contains("sample 0 = inf"));
        assert!(rate_profile(&[1.0], 1.0, f64::NAN, 0.0).unwrap_err().to_string().contains("sample 0 = NaN"));
    }

    fn line(values: &[f64], step: f64, time: f64) -> f64 {
        let k = ((time / step) as usize).min(values.len() - 2);
        values[k] + (values[k + 1] - values[k]) * (time / step - k as f64)
    }

    proptest! {
        #[test]
        fn the_reference_stays_within_delta_of_the_signal(
            values in prop::collection::vec(-5.0..5.0f64, 2..40), step in 0.1..3.0f64, delta in 0.01..4.0f64
        ) {
            let code = send_on_delta(&values, step, delta).unwrap();
            let end = (values.len() - 1) as f64 * step;
            let spikes: Vec<f64> = code.on.iter().chain(&code.off).copied().collect();
            let between = (0..500).map(|k| end * f64::from(k) / 499.0);
            // Just before a spike is where the distance is largest.
            for time in between.chain(spikes.iter().flat_map(|t| [*t, (*t - 1e-9).max(0.0)])) {
                let error = (line(&values, step, time) - code.reference(time)).abs();
                // The last term: 1e-9 ms on the steepest line there is here.
                prop_assert!(error <= delta + 1e-12 + 1e-9 * 10.0 / step, "{} at {}", error, time);
            }
            prop_assert!(code.on.is_sorted() && code.off.is_sorted());
            prop_assert!(spikes.iter().all(|t| (0.0..=end).contains(t)));
        }

        #[test]
        fn a_spike_is_a_crossing_of_its_level(
            values in prop::collection::vec(-5.0..5.0f64, 2..40), delta in 0.01..4.0f64
        ) {
            let code = send_on_delta(&values, 1.0, delta).unwrap();
            let mut events: Vec<(f64, f64)> =
                code.on.iter().map(|t| (*t, 1.0)).chain(code.off.iter().map(|t| (*t, -1.0))).collect();
            events.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut reference = code.initial;
            for (time, sign) in events {
                reference += sign * delta;
                prop_assert!((line(&values, 1.0, time) - reference).abs() < 1e-9);
            }
        }
    }
}

//! The rhythm of a population: the peak of the power spectrum of its binned rate.
//!
//! Welch's method (IEEE Trans. Audio Electroacoust. 15:70, 1967): the mean of the spectra of segments that overlap by half, each less its
//! mean and under a Hann window. A segment has 512 bins, or the largest power of two that fits into fewer; 64 at least.

use std::f64::consts::PI;

const LONGEST: usize = 512;
const SHORTEST: usize = 64;
/// Below so many periods in a segment a trend looks like a rhythm.
const LEAST_PERIODS: usize = 2;

/// The frequency, Hz, with the most power in `counts` for bins of `bin` ms.
pub(crate) fn frequency(counts: &[u32], bin: f64) -> Option<f64> {
    let longest = counts.len().checked_ilog2().map_or(0, |log| 1 << log);
    let length = LONGEST.min(longest);
    if length < SHORTEST {
        return None;
    }
    let power = spectrum(counts, length);
    let strongest = (LEAST_PERIODS..length / 2).max_by(|&a, &b| power[a].total_cmp(&power[b]).then(b.cmp(&a)))?;
    (power[strongest] > 0.0).then(|| strongest as f64 / (length as f64 * bin * 1e-3))
}

/// Mean power of the segments at 0, 1, .. periods in a segment.
fn spectrum(counts: &[u32], length: usize) -> Vec<f64> {
    let turn = |k: usize| 2.0 * PI * k as f64 / length as f64;
    let cos: Vec<f64> = (0..length).map(|k| libm::cos(turn(k))).collect();
    let sin: Vec<f64> = (0..length).map(|k| libm::sin(turn(k))).collect();
    let mut power = vec![0.0; length / 2];
    let mut segment = vec![0.0; length];
    for start in (0..=counts.len() - length).step_by(length / 2) {
        let counts = &counts[start..start + length];
        let mean = counts.iter().map(|&count| f64::from(count)).sum::<f64>() / length as f64;
        for (k, (value, &count)) in segment.iter_mut().zip(counts).enumerate() {
            *value = (f64::from(count) - mean) * 0.5 * (1.0 - cos[k]);
        }
        for (periods, power) in power.iter_mut().enumerate() {
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (k, value) in segment.iter().enumerate() {
                let at = k * periods % length;
                real += value * cos[at];
                imaginary += value * sin[at];
            }
            *power += real * real + imaginary * imaginary;
        }
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frequency_of_a_rhythm_is_found() {
        for expected in [12.0, 60.0, 180.0] {
            let count = |k: u32| (20.0 + 10.0 * (2.0 * PI * expected * f64::from(k) * 1e-3).cos()).round() as u32;
            let counts: Vec<u32> = (0..1500).map(count).collect();
            let found = frequency(&counts, 1.0).unwrap();
            assert!((found - expected).abs() <= 1.0, "{found}, expected {expected}");
            // Half a bin less: twice the frequency.
            assert!((frequency(&counts, 0.5).unwrap() - 2.0 * expected).abs() <= 2.0);
        }
    }

    #[test]
    fn silence_and_few_bins_have_none() {
        assert_eq!(frequency(&[0; 1000], 1.0), None);
        assert_eq!(frequency(&[3; 1000], 1.0), None);
        assert_eq!(frequency(&[1; 63], 1.0), None);
    }
}

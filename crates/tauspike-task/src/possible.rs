//! How well a task can be done at all: the R^2 of the best function of the stimulus up to now.
//!
//! What lies ahead is not in any state, however good the reservoir. With r = exp(-D/tau) an Ornstein-Uhlenbeck process has
//! `E[He_k(u(t + D)) | past] = r^k He_k(u(t))` (Mehler's formula), and u^d is a sum of Hermite polynomials, so of the variance of
//! u(t + D)^d the share `sum_k c_k^2 k! r^(2k) / sum_k c_k^2 k!`, k >= 1, can be explained: exp(-2D/tau) for d = 1, exp(-4D/tau) for
//! d = 2. Dimensions are independent, so second moments of a product are products of second moments.
//!
//! The share is that of the process; a record of finite length, or noise in the reservoir, moves what is reached, not this.

use crate::stimulus::Stimulus;
use crate::suite::Task;
use crate::target::{Basis, Factor};
use std::collections::BTreeSet;

impl Task {
    /// The largest R^2 that a function of the stimulus up to now can have, between 0 and 1; `None` where nobody knows: predictions of
    /// chaotic, band-limited and measured series, of several shifts of one dimension, and given series.
    pub fn possible(&self) -> Option<f64> {
        let factors = &self.target.factors;
        if self.target.basis == Basis::Given {
            return None;
        }
        if factors.iter().all(|factor| factor.shift <= 0.0) {
            return Some(1.0);
        }
        let dimensions: BTreeSet<usize> = factors.iter().map(|factor| factor.dimension).collect();
        if dimensions.len() < factors.len() || self.target.basis != Basis::Power {
            return None;
        }
        let moments: Vec<Moments> =
            factors.iter().map(|factor| Moments::of(&self.stimulus.kind, factor)).collect::<Option<_>>()?;
        let product = |of: fn(&Moments) -> f64| moments.iter().map(of).product::<f64>();
        let mean = product(|m| m.mean * m.mean);
        Some((product(|m| m.known) - mean) / (product(|m| m.square) - mean))
    }
}

/// Of one factor g = u^d.
struct Moments {
    /// E g.
    mean: f64,
    /// E g^2.
    square: f64,
    /// E (E[g | past])^2.
    known: f64,
}

impl Moments {
    fn of(stimulus: &Stimulus, factor: &Factor) -> Option<Self> {
        let d = factor.degree;
        let ahead = factor.shift > 0.0;
        let moments = match stimulus {
            Stimulus::OrnsteinUhlenbeck { correlation_time } => {
                let r2 = libm::exp(-2.0 * factor.shift.max(0.0) / correlation_time);
                let known = (0..=d).step_by(2).map(|less| (d - less, hermite(d, less)));
                let known = known.map(|(k, square)| square * libm::pow(r2, f64::from(k))).sum();
                Self { mean: gaussian(d), square: gaussian(2 * d), known }
            }
            // Independent samples: of the next one nothing is known but its mean.
            Stimulus::Uniform {} => {
                let mean = if d.is_multiple_of(2) { 1.0 / f64::from(d + 1) } else { 0.0 };
                let square = 1.0 / f64::from(2 * d + 1);
                Self { mean, square, known: if ahead { mean * mean } else { square } }
            }
            _ => return None,
        };
        Some(moments)
    }
}

/// E u^p of a standard normal u: (p - 1)!! for even p.
fn gaussian(p: u32) -> f64 {
    if p.is_multiple_of(2) { (1..p).step_by(2).map(f64::from).product() } else { 0.0 }
}

/// c_k^2 k! for u^d = sum_k c_k He_k(u), where k = d - less and c_k = C(d, k) (less - 1)!!.
fn hermite(d: u32, less: u32) -> f64 {
    let choose: f64 = (1..=less).map(|i| f64::from(d - less + i) / f64::from(i)).product();
    let c = choose * gaussian(less);
    c * c * (1..=d - less).map(f64::from).product::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readout::{CrossValidation, Mat};
    use crate::trial::{Split, evaluate, target_matrix};
    use crate::{Grid, Key, Source, Target};

    const TAU: f64 = 10.0;

    fn task(kind: Stimulus, target: Target) -> Task {
        Task::new(Source { kind, dimensions: 2 }, target, TAU).unwrap()
    }

    fn ou() -> Stimulus {
        Stimulus::OrnsteinUhlenbeck { correlation_time: TAU }
    }

    #[test]
    fn low_degrees_follow_the_closed_forms() {
        let r2 = (-2.0 * 5.0 / TAU).exp();
        let possible = |degrees: &[u32], shift| task(ou(), Target::cross_taylor(degrees, shift)).possible().unwrap();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
        close(possible(&[1], 5.0), r2);
        close(possible(&[2], 5.0), r2 * r2);
        close(possible(&[3], 5.0), (9.0 * r2 + 6.0 * r2 * r2 * r2) / 15.0);
        close(possible(&[1, 1], 5.0), r2 * r2);
        // E u^4 E u^2 - 0 = 3; of u^2 the mean is known, so (1 + 2 r^4) r^2 is.
        close(possible(&[2, 1], 5.0), (1.0 + 2.0 * r2 * r2) * r2 / 3.0);
        close(possible(&[4], 0.0), 1.0);
        close(possible(&[4, 3], -20.0), 1.0);
        let mixed = Target { basis: Basis::Power, factors: vec![factor(0, 1, 5.0), factor(1, 1, -5.0)] };
        close(task(ou(), mixed).possible().unwrap(), r2);
    }

    fn factor(dimension: usize, degree: u32, shift: f64) -> Factor {
        Factor { dimension, degree, shift }
    }

    #[test]
    fn what_nobody_knows_is_not_told() {
        let chaotic = Stimulus::Lorenz { unit: 100.0 };
        assert_eq!(task(chaotic.clone(), Target::nostradamus(5.0)).possible(), None);
        assert_eq!(task(chaotic, Target::nostradamus(-5.0)).possible(), Some(1.0));
        assert_eq!(task(Stimulus::Uniform {}, Target::nostradamus(5.0)).possible(), Some(0.0));
        let both = Target { basis: Basis::Power, factors: vec![factor(0, 1, 5.0), factor(0, 1, -5.0)] };
        assert_eq!(task(ou(), both).possible(), None);
    }

    /// A readout of all Hermite polynomials up to the degree, which is the best function, reaches it and no more.
    #[test]
    fn the_best_function_of_the_present_reaches_it() {
        let signal = ou().generate(Grid::new(1.0, 200_000).unwrap(), 1, Key::new(3, 0).unwrap()).unwrap();
        for degree in [1, 2, 3, 4] {
            let target = Target::tayloramus(degree, 4.0);
            let rows = target.rows(&signal).unwrap();
            let y = target_matrix([&target], &signal, rows.clone()).unwrap();
            let u = &signal.dimensions()[0];
            let x = Mat::from_fn(rows.len(), 4, |i, j| u[rows.start + i].powi(j as i32 + 1));
            let split = Split { train: 0..150_000, test: 150_100..rows.len() };
            let cv = CrossValidation { folds: 2, lambdas: vec![1e-6] };
            let (_, scores) = evaluate(x.as_ref(), y.as_ref(), &split, &cv).unwrap();
            let possible = task(ou(), target).possible().unwrap();
            assert!((scores[0].r_squared - possible).abs() < 0.04, "{degree}: {possible} {:?}", scores[0]);
        }
    }
}

//! At equal score, how many times as much does one ladder of networks need as another?
//!
//! A ladder is a profile at several sizes; each rung has, for every seed, a score and an amount (neurons, operations,
//! energy). The mean score is taken as a function of the mean logarithm of the amount, made monotone by a running maximum,
//! and inverted by linear interpolation. Then
//!
//! ```text
//! factor = exp( mean over levels s of  ln amount_a(s) - ln amount_b(s) ),   levels evenly over the scores that both reach
//! ```
//!
//! If no score is reached by both, the factor is a bound, from the nearest ends of the ladders. Nothing is extrapolated.

/// Scores at which two ladders are compared.
const LEVELS: usize = 9;

/// Networks of one size: values by seed, in the same order in all rungs.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Score of each seed.
    pub scores: Vec<f64>,
    /// Logarithm of the amount of each seed.
    pub ln_amounts: Vec<f64>,
}

/// A factor, and whether both ladders reached a common score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Factor {
    /// Interpolated.
    At(f64),
    /// The second ladder's lowest score is above the first one's highest: the factor is at least this.
    AtLeast(f64),
    /// The other way round: at most this.
    AtMost(f64),
}

impl Factor {
    /// The figure, also if it is a bound.
    pub fn value(self) -> f64 {
        match self {
            Factor::At(value) | Factor::AtLeast(value) | Factor::AtMost(value) => value,
        }
    }
}

/// Times as much that `a` needs as `b` for the same score, with the seeds at the positions `picked`. Rungs ascend.
pub fn factor(a: &[Rung], b: &[Rung], picked: &[usize]) -> Option<Factor> {
    let (a, b) = (Curve::of(a, picked)?, Curve::of(b, picked)?);
    if b.lowest() > a.highest() {
        return Some(Factor::AtLeast((a.last() - b.first()).exp()));
    }
    if a.lowest() > b.highest() {
        return Some(Factor::AtMost((a.first() - b.last()).exp()));
    }
    let (low, high) = (a.lowest().max(b.lowest()), a.highest().min(b.highest()));
    let level = |k: usize| low + (high - low) * k as f64 / (LEVELS - 1) as f64;
    let sum: f64 = (0..LEVELS).map(|k| a.amount(level(k)) - b.amount(level(k))).sum();
    Some(Factor::At((sum / LEVELS as f64).exp()))
}

/// The amount at which the mean of `ladder` has a score; `None` beyond its ends.
pub fn amount_at(ladder: &[Rung], score: f64) -> Option<f64> {
    let all: Vec<usize> = (0..ladder.first()?.scores.len()).collect();
    let curve = Curve::of(ladder, &all)?;
    (curve.lowest()..=curve.highest()).contains(&score).then(|| curve.amount(score).exp())
}

/// Score, never falling, and logarithm of the amount at each rung.
struct Curve(Vec<(f64, f64)>);

impl Curve {
    fn of(ladder: &[Rung], picked: &[usize]) -> Option<Self> {
        let mean = |values: &[f64]| picked.iter().map(|&at| values[at]).sum::<f64>() / picked.len() as f64;
        let mut reached = f64::NEG_INFINITY;
        let rung = |rung: &Rung| {
            reached = reached.max(mean(&rung.scores));
            (reached, mean(&rung.ln_amounts))
        };
        let points: Vec<_> = ladder.iter().map(rung).collect();
        let known = points.iter().all(|(score, amount)| score.is_finite() && amount.is_finite());
        (known && !points.is_empty()).then_some(Self(points))
    }

    fn lowest(&self) -> f64 {
        self.0[0].0
    }

    fn highest(&self) -> f64 {
        self.0[self.0.len() - 1].0
    }

    fn first(&self) -> f64 {
        self.0[0].1
    }

    fn last(&self) -> f64 {
        self.0[self.0.len() - 1].1
    }

    /// Smallest logarithm of the amount at which `score`, which is between the ends, is reached.
    fn amount(&self, score: f64) -> f64 {
        let above = self.0.iter().position(|point| point.0 >= score).unwrap_or(self.0.len() - 1);
        let Some(below) = above.checked_sub(1) else { return self.first() };
        let ((s0, x0), (s1, x1)) = (self.0[below], self.0[above]);
        if s1 > s0 { x0 + (x1 - x0) * ((score - s0) / (s1 - s0)).min(1.0) } else { x1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(rungs: &[(f64, f64)]) -> Vec<Rung> {
        let rung = |&(amount, score): &(f64, f64)| Rung { scores: vec![score], ln_amounts: vec![f64::ln(amount)] };
        rungs.iter().map(rung).collect()
    }

    #[test]
    fn a_shift_along_the_ladder_is_found() {
        let score = |n: f64| 0.1 * n.ln();
        let a = ladder(&[50.0, 100.0, 200.0, 400.0].map(|n| (n, score(n))));
        let b = ladder(&[50.0, 100.0, 200.0, 400.0].map(|n| (n, score(3.0 * n))));
        let Some(Factor::At(value)) = factor(&a, &b, &[0]) else { panic!() };
        assert!((value - 3.0).abs() < 1e-9, "{value}");
        let Some(Factor::At(value)) = factor(&b, &a, &[0]) else { panic!() };
        assert!((value - 1.0 / 3.0).abs() < 1e-9, "{value}");
    }

    #[test]
    fn ladders_without_a_common_score_give_a_bound() {
        let (low, high) = (ladder(&[(50.0, 0.1), (200.0, 0.2)]), ladder(&[(50.0, 0.3), (100.0, 0.4)]));
        let Some(Factor::AtLeast(least)) = factor(&low, &high, &[0]) else { panic!() };
        let Some(Factor::AtMost(most)) = factor(&high, &low, &[0]) else { panic!() };
        assert!((least - 4.0).abs() < 1e-12 && (most - 0.25).abs() < 1e-12, "{least} {most}");
    }

    /// A score that falls with size is reached at the smaller size.
    #[test]
    fn a_dip_is_bridged() {
        let dip = ladder(&[(1.0, 0.1), (2.0, 0.3), (4.0, 0.2), (8.0, 0.5)]);
        assert!((amount_at(&dip, 0.3).unwrap() - 2.0).abs() < 1e-12);
        assert!((amount_at(&dip, 0.4).unwrap() - 32f64.sqrt()).abs() < 1e-9);
        assert_eq!(amount_at(&dip, 0.6), None);
    }
}

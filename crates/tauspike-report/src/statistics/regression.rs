//! How much of y does a straight line in x explain, in seeds that it was not fitted to?
//!
//! ```text
//! R2_cv = 1 - sum over seeds of |y - line fitted without the seed|^2 / sum over seeds of |y - mean without the seed|^2
//! ```
//!
//! Leaving out whole seeds keeps networks and tasks that share draws on one side. Sums per seed suffice, so that seeds can be
//! drawn again thousands of times. It can be below 0: the line then predicts worse than the mean.

/// Sums over the points (x, y) of one seed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Sums {
    /// Adds a point.
    pub fn add(&mut self, x: f64, y: f64) {
        self.plus(Sums { n: 1.0, x, y, xx: x * x, xy: x * y, yy: y * y }, 1.0);
    }

    fn plus(&mut self, other: Sums, times: f64) {
        self.n += times * other.n;
        self.x += times * other.x;
        self.y += times * other.y;
        self.xx += times * other.xx;
        self.xy += times * other.xy;
        self.yy += times * other.yy;
    }

    /// Intercept and slope of the least-squares line; slope 0 if x does not vary.
    fn line(&self) -> (f64, f64) {
        let variance = self.xx - self.x * self.x / self.n;
        let covariance = self.xy - self.x * self.y / self.n;
        let slope = if variance > 1e-12 * self.xx { covariance / variance } else { 0.0 };
        ((self.y - slope * self.x) / self.n, slope)
    }

    fn squared_error(&self, (a, b): (f64, f64)) -> f64 {
        self.yy - 2.0 * (a * self.y + b * self.xy) + a * a * self.n + 2.0 * a * b * self.x + b * b * self.xx
    }
}

/// Cross-validated R^2 of the seeds at the positions `picked`, which may repeat: a seed is left out with all its copies. NaN
/// with fewer than two different seeds, or if y does not vary.
pub fn r2(seeds: &[Sums], picked: &[usize]) -> f64 {
    let mut times = vec![0.0; seeds.len()];
    let mut total = Sums::default();
    for &at in picked {
        times[at] += 1.0;
        total.plus(seeds[at], 1.0);
    }
    let (mut error, mut spread) = (0.0, 0.0);
    for (seed, &copies) in seeds.iter().zip(&times).filter(|(_, copies)| **copies > 0.0) {
        let mut rest = total;
        rest.plus(*seed, -copies);
        if rest.n < 0.5 {
            return f64::NAN;
        }
        error += copies * seed.squared_error(rest.line());
        spread += copies * seed.squared_error((rest.y / rest.n, 0.0));
    }
    if spread > 0.0 { 1.0 - error / spread } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against fitting again without each seed, point by point.
    #[test]
    fn sums_give_what_points_give() {
        let points = |seed: usize| -> Vec<(f64, f64)> {
            let noise = |k: usize| ((seed * 7 + k * 13) % 11) as f64 / 11.0;
            (0..6).map(|k| (k as f64 + noise(k), 2.0 * k as f64 - 3.0 * noise(k + 2))).collect()
        };
        let sums = |points: &[(f64, f64)]| {
            let mut sums = Sums::default();
            points.iter().for_each(|&(x, y)| sums.add(x, y));
            sums
        };
        let (mut error, mut spread) = (0.0, 0.0);
        for left in 0..4 {
            let train: Vec<_> = (0..4).filter(|seed| *seed != left).flat_map(points).collect();
            let n = train.len() as f64;
            let (mx, my) = (train.iter().map(|p| p.0).sum::<f64>() / n, train.iter().map(|p| p.1).sum::<f64>() / n);
            let slope = train.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>()
                / train.iter().map(|p| (p.0 - mx).powi(2)).sum::<f64>();
            error += points(left).iter().map(|p| (p.1 - my - slope * (p.0 - mx)).powi(2)).sum::<f64>();
            spread += points(left).iter().map(|p| (p.1 - my).powi(2)).sum::<f64>();
        }
        let seeds: Vec<Sums> = (0..4).map(|seed| sums(&points(seed))).collect();
        assert!((r2(&seeds, &[0, 1, 2, 3]) - (1.0 - error / spread)).abs() < 1e-12);
    }

    #[test]
    fn copies_of_a_seed_do_not_predict_it() {
        let mut seeds = [Sums::default(); 2];
        seeds[0].add(0.0, 1.0);
        seeds[1].add(1.0, 2.0);
        assert!(r2(&seeds, &[0, 0]).is_nan());
        assert!(r2(&seeds, &[0, 1]).is_finite());
    }
}

//! How many events: a Poisson distribution as a table.

/// A Poisson distribution.
#[derive(Clone)]
pub(super) struct Count {
    least: usize,
    /// P(number <= least + k) for k = 0, 1, .. in 2^-64.
    at_most: Vec<u64>,
}

impl Count {
    /// Of this mean.
    pub(super) fn of(mean: f64) -> Self {
        // probabilities relative to that of the mode, as far as 2^-64 of it
        let mode = mean.floor();
        let far = |p: &f64| *p > f64::EPSILON / 4096.0;
        let below = std::iter::successors(Some((mode, 1.0)), |&(k, p)| (k > 0.0).then(|| (k - 1.0, p * k / mean)));
        let above = std::iter::successors(Some((mode, 1.0)), |&(k, p)| Some((k + 1.0, p * mean / (k + 1.0))));
        let mut all: Vec<f64> = below.map(|(_, p)| p).take_while(far).collect();
        let least = mode as usize + 1 - all.len();
        all.reverse();
        all.extend(above.map(|(_, p)| p).skip(1).take_while(far));
        let (sums, sum) = (summed(&all, 1.0), all.iter().sum::<f64>());
        let two_64 = f64::from(u32::MAX) + 1.0;
        Self { least, at_most: sums.iter().map(|p| (p / sum * two_64 * two_64) as u64).collect() }
    }

    /// The largest number that is drawn.
    pub(super) fn most(&self) -> usize {
        self.least + self.at_most.len() - 1
    }

    /// The number that 64 random bits stand for.
    #[inline(always)]
    pub(super) fn draw(&self, word: u64) -> usize {
        (self.least + self.at_most.partition_point(|p| *p <= word)).min(self.most())
    }
}

/// Running sums of `values`, in units of `whole`.
pub(super) fn summed(values: &[f64], whole: f64) -> Vec<f64> {
    let sums = values.iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    });
    sums.map(|sum| sum / whole).collect()
}

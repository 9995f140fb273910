//! Sums over samples of states and targets: all that ridge regression needs to know of them.
//!
//! Sums of disjoint samples add up, so the moments of a training part are those of all samples less those of its fold.

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Col, ColRef, Mat, MatRef, Par, Row};

/// First and second moments of `n` samples of states x and targets y.
#[derive(Clone)]
pub(super) struct Moments {
    pub(super) n: f64,
    pub(super) x: Col<f64>,
    pub(super) y: Row<f64>,
    /// Sum of x x^T.
    pub(super) xx: Mat<f64>,
    /// Sum of x y^T, one column per target.
    pub(super) xy: Mat<f64>,
    /// Sum of y^2 of each target.
    pub(super) yy: Row<f64>,
}

impl Moments {
    pub(super) fn of(x: MatRef<f64>, y: MatRef<f64>) -> Self {
        Self {
            n: x.nrows() as f64,
            x: Col::from_fn(x.ncols(), |j| x.col(j).sum()),
            y: Row::from_fn(y.ncols(), |j| y.col(j).sum()),
            xx: gram(x),
            xy: x.transpose() * y,
            yy: Row::from_fn(y.ncols(), |j| y.col(j).squared_norm_l2()),
        }
    }

    /// The moments of the samples of both.
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            n: self.n + other.n,
            x: &self.x + &other.x,
            y: &self.y + &other.y,
            xx: &self.xx + &other.xx,
            xy: &self.xy + &other.xy,
            yy: &self.yy + &other.yy,
        }
    }

    /// The moments of the samples of `self` that are not among those of `part`.
    pub(super) fn minus(&self, part: &Self) -> Self {
        Self {
            n: self.n - part.n,
            x: &self.x - &part.x,
            y: &self.y - &part.y,
            xx: &self.xx - &part.xx,
            xy: &self.xy - &part.xy,
            yy: &self.yy - &part.yy,
        }
    }

    pub(super) fn mean_x(&self) -> Col<f64> {
        Col::from_fn(self.x.nrows(), |i| self.x[i] / self.n)
    }

    pub(super) fn mean_y(&self) -> Row<f64> {
        Row::from_fn(self.y.ncols(), |j| self.y[j] / self.n)
    }

    /// The moments of x - `a` and y - `b`.
    pub(super) fn about(&self, a: &Col<f64>, b: &Row<f64>) -> Self {
        let Self { n, x, y, .. } = self;
        Self {
            n: *n,
            x: Col::from_fn(x.nrows(), |i| x[i] - n * a[i]),
            y: Row::from_fn(y.ncols(), |j| y[j] - n * b[j]),
            xx: Mat::from_fn(x.nrows(), x.nrows(), |i, j| {
                self.xx[(i, j)] - a[i] * x[j] - x[i] * a[j] + n * a[i] * a[j]
            }),
            xy: Mat::from_fn(x.nrows(), y.ncols(), |i, j| {
                self.xy[(i, j)] - a[i] * y[j] - x[i] * b[j] + n * a[i] * b[j]
            }),
            yy: Row::from_fn(y.ncols(), |j| self.yy[j] - 2.0 * b[j] * y[j] + n * b[j] * b[j]),
        }
    }
}

/// x^T x; half of it is computed, and mirrored.
pub(crate) fn gram(x: MatRef<f64>) -> Mat<f64> {
    let mut xx = Mat::zeros(x.ncols(), x.ncols());
    let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
    triangular::matmul(&mut xx, lower, Accum::Replace, x.transpose(), full, x, full, 1.0, Par::Seq);
    for j in 0..xx.ncols() {
        for i in 0..j {
            xx[(i, j)] = xx[(j, i)];
        }
    }
    xx
}

/// `m` with `mean[j]` taken from column j.
pub(crate) fn less_mean(m: MatRef<f64>, mean: &[f64]) -> Mat<f64> {
    let mut out = m.to_owned();
    for (column, mean) in out.col_iter_mut().zip(mean) {
        column.iter_mut().for_each(|v| *v -= mean);
    }
    out
}

/// The mean of each column.
pub(crate) fn means(m: MatRef<f64>) -> Vec<f64> {
    m.col_iter().map(|column: ColRef<f64>| column.sum() / m.nrows() as f64).collect()
}

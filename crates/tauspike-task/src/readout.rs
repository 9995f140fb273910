//! Linear readout by ridge regression, for hundreds of targets at once.
//!
//! For states X (samples x features) and each target y (a column of Y) the weights w and the intercept c minimise
//! `|y - X w - c|^2 + lambda |w|^2`; the intercept is not penalised (Hoerl and Kennard 1970, Technometrics 12:55; `Ridge` of
//! scikit-learn). With X^T X = V S V^T of the centred states, w = V (S + lambda)^-1 V^T X^T y: one eigendecomposition serves every
//! lambda and every target.
//!
//! [`ridge_cv`] chooses lambda for each target by k-fold cross-validation over contiguous folds, so that a sample is seldom judged by
//! its neighbours in time. It sees the rows that it is given and no others: give it the training part alone. Each fold needs one
//! eigendecomposition; its squared error is a quadratic form in the moments of the fold and is never summed sample by sample.
//!
//! It is *not* bitwise reproducible across machines: matrix products use the widest instructions there are. Nothing in a simulation
//! depends on a readout.

pub(crate) mod moments;

use crate::error::TaskError;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Par, Row, Side};
pub use faer::{Mat, MatRef};
use moments::{Moments, less_mean, means};

/// A fitted readout of `features` x `targets`.
#[derive(Clone, Debug)]
pub struct Readout {
    /// Weight of each feature (row) for each target (column).
    pub weights: Mat<f64>,
    /// Intercept of each target.
    pub intercepts: Vec<f64>,
    /// The lambda that each target was fitted with.
    pub lambdas: Vec<f64>,
    /// Directions of the states that the fit of each target uses: the sum of s / (s + lambda) over the eigenvalues s of the centred
    /// X^T X, the effective degrees of freedom of ridge regression (Hastie, Tibshirani and Friedman 2009, eq. 3.50).
    pub effective_ranks: Vec<f64>,
}

impl Readout {
    /// The outputs (samples x targets) for `states` (samples x features).
    ///
    /// # Errors
    /// If `states` has not as many columns as the states that were fitted.
    pub fn predict(&self, states: MatRef<f64>) -> Result<Mat<f64>, TaskError> {
        let features = self.weights.nrows();
        if states.ncols() != features {
            let allowed = format!("{features} columns, as in the states that were fitted");
            return Err(TaskError::value("readout", "states", format!("{} columns", states.ncols()), allowed));
        }
        let mut outputs = states * &self.weights;
        for (column, intercept) in outputs.col_iter_mut().zip(&self.intercepts) {
            column.iter_mut().for_each(|output| *output += intercept);
        }
        Ok(outputs)
    }
}

/// How lambda is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossValidation {
    /// Number of contiguous folds, 2 to the number of samples.
    pub folds: usize,
    /// Candidates, each finite and > 0. On the scale of scikit-learn's `alpha`: not divided by the number of samples.
    pub lambdas: Vec<f64>,
}

impl CrossValidation {
    /// Five folds, and 10 candidates from 1e-8 to 10 times the mean over features of the centred sum of squares, a decade apart.
    /// Any lambda > 0 does for states without variance.
    pub fn scaled_to(states: MatRef<f64>) -> Self {
        let centred = less_mean(states, &means(states));
        let scale = centred.squared_norm_l2() / states.ncols().max(1) as f64;
        let scale = if scale > 0.0 && scale.is_finite() { scale } else { 1.0 };
        Self { folds: 5, lambdas: (-8..=1).map(|k| scale * libm::exp10(f64::from(k))).collect() }
    }
}

/// Fits every column of `targets` to `states` with the same lambda.
///
/// # Errors
/// If there are fewer than 2 rows, no features, different numbers of rows, an entry that is not finite or too large to be squared, or
/// `lambda` is not finite and > 0.
pub fn ridge(states: MatRef<f64>, targets: MatRef<f64>, lambda: f64) -> Result<Readout, TaskError> {
    check(states, targets)?;
    check_lambda(lambda)?;
    let data = Centred::new(states, targets);
    let spectrum = Spectrum::new(&Moments::of(data.x.as_ref(), data.y.as_ref()))?;
    Ok(data.readout(&spectrum, vec![lambda; targets.ncols()]))
}

/// Fits every column of `targets` to `states`, each with the candidate of least error over all folds (the largest of equals), and
/// then to all rows.
///
/// # Errors
/// As [`ridge`], or if there are no candidates, or the number of folds is not 2 to the number of rows.
pub fn ridge_cv(states: MatRef<f64>, targets: MatRef<f64>, cv: &CrossValidation) -> Result<Readout, TaskError> {
    check(states, targets)?;
    cv.lambdas.iter().try_for_each(|lambda| check_lambda(*lambda))?;
    let rows = states.nrows();
    if cv.lambdas.is_empty() {
        return Err(TaskError::value("readout", "lambdas", "[]", "at least one candidate"));
    }
    if !(2..=rows).contains(&cv.folds) {
        let allowed = format!("2 to {rows}, the number of training samples");
        return Err(TaskError::value("readout", "folds", cv.folds, allowed));
    }
    let data = Centred::new(states, targets);
    let folds: Vec<Moments> =
        (0..cv.folds).map(|k| data.moments(k * rows / cv.folds, (k + 1) * rows / cv.folds)).collect();
    let all = folds[1..].iter().fold(folds[0].clone(), |sum, fold| sum.plus(fold));
    let mut errors = Mat::zeros(cv.lambdas.len(), targets.ncols());
    for fold in &folds {
        add_fold_errors(&all.minus(fold), fold, &cv.lambdas, &mut errors)?;
    }
    let chosen = (0..targets.ncols()).map(|target| {
        let better = |a: &usize, b: &usize| {
            errors[(*a, target)].total_cmp(&errors[(*b, target)]).then(cv.lambdas[*b].total_cmp(&cv.lambdas[*a]))
        };
        (0..cv.lambdas.len()).min_by(better).map_or(cv.lambdas[0], |k| cv.lambdas[k])
    });
    let lambdas = chosen.collect();
    Ok(data.readout(&Spectrum::new(&all)?, lambdas))
}

/// Adds to `errors` (candidates x targets) the squared error over the samples of `fold` of the fit to those of `training`.
fn add_fold_errors(
    training: &Moments,
    fold: &Moments,
    lambdas: &[f64],
    errors: &mut Mat<f64>,
) -> Result<(), TaskError> {
    let spectrum = Spectrum::new(training)?;
    // The fitted plane passes through the training means, so about them it has no intercept:
    // |y - X V c|^2 = y^2 - 2 c^T q + c^T Q c.
    let fold = fold.about(&training.mean_x(), &training.mean_y());
    let mut quadratic = spectrum.vectors.transpose() * &fold.xx * &spectrum.vectors;
    let linear = spectrum.vectors.transpose() * &fold.xy;
    // EXACT: Q is symmetric, so c^T Q c = 2 c^T L c, L its lower triangle with half the diagonal: half the work.
    quadratic.diagonal_mut().column_vector_mut().iter_mut().for_each(|q| *q *= 0.5);
    let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
    let mut bend = Mat::zeros(linear.nrows(), linear.ncols());
    let mut c = bend.to_owned();
    for (k, lambda) in lambdas.iter().enumerate() {
        spectrum.coefficients(&mut c, |_| *lambda);
        triangular::matmul(&mut bend, full, Accum::Replace, &quadratic, lower, &c, full, 1.0, Par::Seq);
        bend -= &linear;
        for (j, (c, bend)) in c.col_iter().zip(bend.col_iter()).enumerate() {
            errors[(k, j)] += fold.yy[j] + 2.0 * (c.transpose() * bend);
        }
    }
    Ok(())
}

/// The eigendecomposition of the centred X^T X, and X^T Y in its basis.
struct Spectrum {
    vectors: Mat<f64>,
    values: Vec<f64>,
    cross: Mat<f64>,
}

impl Spectrum {
    fn new(moments: &Moments) -> Result<Self, TaskError> {
        let centred = moments.about(&moments.mean_x(), &moments.mean_y());
        let failed =
            || TaskError::value("readout", "states", "a Gram matrix without eigenvalues", "states below 1e150");
        if !centred.xx.is_all_finite() || !centred.xy.is_all_finite() {
            return Err(failed());
        }
        let eigen = centred.xx.self_adjoint_eigen(Side::Lower).map_err(|_| failed())?;
        // EXACT: no eigenvalue is negative but by rounding.
        let values = eigen.S().column_vector().iter().map(|s| s.max(0.0)).collect();
        let vectors = eigen.U().to_owned();
        let cross = vectors.transpose() * &centred.xy;
        Ok(Self { vectors, values, cross })
    }

    /// The weights in the basis of the eigenvectors, for the lambda of each target, into `weights`.
    fn coefficients(&self, weights: &mut Mat<f64>, lambda: impl Fn(usize) -> f64) {
        for (j, (column, cross)) in weights.col_iter_mut().zip(self.cross.col_iter()).enumerate() {
            let lambda = lambda(j);
            let known = cross.iter().zip(&self.values);
            column.iter_mut().zip(known).for_each(|(weight, (cross, s))| *weight = cross / (s + lambda));
        }
    }
}

/// States and targets less their means, which keeps the sums of squares free of the cancellation of -65 mV against 1 mV.
struct Centred {
    x: Mat<f64>,
    y: Mat<f64>,
    mean_x: Vec<f64>,
    mean_y: Vec<f64>,
}

impl Centred {
    fn new(states: MatRef<f64>, targets: MatRef<f64>) -> Self {
        let (mean_x, mean_y) = (means(states), means(targets));
        Self { x: less_mean(states, &mean_x), y: less_mean(targets, &mean_y), mean_x, mean_y }
    }

    fn moments(&self, start: usize, end: usize) -> Moments {
        Moments::of(self.x.subrows(start, end - start), self.y.subrows(start, end - start))
    }

    fn readout(&self, spectrum: &Spectrum, lambdas: Vec<f64>) -> Readout {
        let mut weights = spectrum.cross.to_owned();
        spectrum.coefficients(&mut weights, |target| lambdas[target]);
        let weights = &spectrum.vectors * weights;
        let offset = Row::from_fn(self.mean_x.len(), |i| self.mean_x[i]) * &weights;
        let intercepts = self.mean_y.iter().enumerate().map(|(j, mean)| mean - offset[j]).collect();
        let rank = |lambda: &f64| spectrum.values.iter().map(|s| s / (s + lambda)).sum();
        Readout { weights, intercepts, effective_ranks: lambdas.iter().map(rank).collect(), lambdas }
    }
}

fn check_lambda(lambda: f64) -> Result<(), TaskError> {
    if lambda > 0.0 && lambda.is_finite() {
        return Ok(());
    }
    Err(TaskError::value("readout", "lambda", format!("{lambda:?}"), "finite, > 0"))
}

/// Two matrices of as many rows, at least 2, and finite entries.
pub(crate) fn check(states: MatRef<f64>, targets: MatRef<f64>) -> Result<(), TaskError> {
    if states.nrows() < 2 || states.ncols() == 0 {
        let value = format!("{} rows x {} columns", states.nrows(), states.ncols());
        return Err(TaskError::value("readout", "states", value, "at least 2 rows (samples) and 1 column (feature)"));
    }
    if states.nrows() != targets.nrows() {
        let allowed = format!("{} rows, as in the states", states.nrows());
        return Err(TaskError::value("readout", "targets", format!("{} rows", targets.nrows()), allowed));
    }
    for (place, matrix) in [("readout, states", states), ("readout, targets", targets)] {
        if matrix.is_all_finite() {
            continue;
        }
        for (dimension, column) in matrix.col_iter().enumerate() {
            if let Some(sample) = column.iter().position(|v| !v.is_finite()) {
                let (place, allowed) = (place.to_owned(), "finite values".to_owned());
                return Err(TaskError::Sample { place, dimension, sample, value: column[sample], allowed });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

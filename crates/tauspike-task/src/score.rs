//! How well outputs match their targets, and what states are like.
//!
//! Scores of targets compare two matrices of one shape (samples x targets), column by column; scores of states look at the states,
//! alone or beside the targets, without any readout. None of them looks at how the samples were chosen: that is the caller.

use crate::error::TaskError;
use crate::key::Key;
use crate::readout::moments::{gram, less_mean, means};
use crate::readout::{Mat, MatRef, check};
use faer::ColRef;
use faer::reborrow::ReborrowMut;

/// The scores of one target.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// 1 - sum (y - z)^2 / sum (y - mean y)^2 for outputs z: 1 is perfect, 0 as good as the mean of these very targets, and negative
    /// is worse (`r2_score` of scikit-learn).
    pub r_squared: f64,
    /// sqrt(1 - r_squared): the root mean square error in standard deviations of the target.
    pub nrmse: f64,
    /// 1 - sum (y - z)^2 / sum y^2, or 0 if that is negative: the capacity of Dambre et al. 2012 (Sci. Rep. 2:514), for targets of
    /// mean 0. Between 0 and 1.
    pub capacity: f64,
    /// Squared correlation of y and z, or 0 if they are anticorrelated or one is constant: the memory capacity of Jaeger 2001 (GMD
    /// report 152) is its sum over delays. Between 0 and 1.
    pub squared_correlation: f64,
}

/// The score of each column of `outputs` for the same column of `targets`. A target that is constant in these samples is scored 0,
/// and nrmse 1, if it is not met exactly, and 1, and nrmse 0, if it is.
///
/// # Errors
/// If the shapes differ, there are fewer than 2 rows or no column, or an entry is not finite.
pub fn scores(targets: MatRef<f64>, outputs: MatRef<f64>) -> Result<Vec<Score>, TaskError> {
    if targets.shape() != outputs.shape() {
        let allowed = format!("{:?} (samples, targets), as the targets", targets.shape());
        return Err(TaskError::value("score", "outputs", format!("{:?}", outputs.shape()), allowed));
    }
    check(targets, outputs)?;
    Ok(targets.col_iter().zip(outputs.col_iter()).map(|(y, z)| score(y, z)).collect())
}

fn score(y: ColRef<f64>, z: ColRef<f64>) -> Score {
    let n = y.nrows() as f64;
    let (my, mz) = (y.sum() / n, z.sum() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| y.iter().zip(z.iter()).map(|(y, z)| f(*y, *z)).sum::<f64>();
    let error = sum(&|y, z| (y - z) * (y - z));
    let spread_y = sum(&|y, _| (y - my) * (y - my));
    let spread_z = sum(&|_, z| (z - mz) * (z - mz));
    let joint = sum(&|y, z| (y - my) * (z - mz));
    let explained = |of: f64| {
        if of > 0.0 {
            1.0 - error / of
        } else if error > 0.0 {
            0.0
        } else {
            1.0
        }
    };
    let r_squared = explained(spread_y);
    let correlates = joint > 0.0 && spread_y > 0.0 && spread_z > 0.0;
    Score {
        r_squared,
        nrmse: (1.0 - r_squared).sqrt(),
        capacity: explained(sum(&|y, _| y * y)).max(0.0),
        squared_correlation: if correlates { (joint / spread_y * (joint / spread_z)).min(1.0) } else { 0.0 },
    }
}

/// Every column of `targets` in an order of its own, each order as likely as any other: targets that no state knows anything of.
///
/// It also destroys the targets' autocorrelation. Where slow states meet slow targets chance is higher than with these; there, use
/// [`rotated`].
pub fn shuffled(targets: MatRef<f64>, key: Key) -> Mat<f64> {
    let mut out = targets.to_owned();
    for (target, mut column) in out.col_iter_mut().enumerate() {
        let draws = key.dimension(target);
        // Fisher and Yates.
        for last in (1..column.nrows()).rev() {
            let other = draws.below(last as u64, last + 1);
            (column[last], column[other]) = (column[other], column[last]);
        }
    }
    out
}

/// Every column of `targets` moved round by a number of samples of its own, between a quarter and three quarters of them: targets
/// that no state knows anything of, but as slow as they were (but for one seam).
pub fn rotated(targets: MatRef<f64>, key: Key) -> Mat<f64> {
    let rows = targets.nrows();
    let mut out = Mat::zeros(rows, targets.ncols());
    for (target, mut column) in out.col_iter_mut().enumerate() {
        let shift = rows / 4 + key.dimension(target).below(0, rows / 2 + 1);
        let (before, after) = targets.col(target).split_at_row(shift);
        column.rb_mut().subrows_mut(0, rows - shift).copy_from(after);
        column.subrows_mut(rows - shift, shift).copy_from(before);
    }
    out
}

/// Participation ratio (sum l)^2 / sum l^2 of the eigenvalues l of the covariance of `states`: between 1, one direction, and the
/// number of features, all directions alike (Gao et al. 2017, bioRxiv 214262). 0 for states without variance.
///
/// # Errors
/// If there are fewer than 2 rows or no column, or an entry is not finite.
pub fn participation_ratio(states: MatRef<f64>) -> Result<f64, TaskError> {
    check(states, states)?;
    let covariance = gram(less_mean(states, &means(states)).as_ref());
    // EXACT: sum l = trace, sum l^2 = squared Frobenius norm.
    let trace: f64 = covariance.diagonal().column_vector().iter().sum();
    let squares = covariance.squared_norm_l2();
    Ok(if squares > 0.0 { trace / squares * trace } else { 0.0 })
}

/// Centred kernel-target alignment <K, y y^T> / (|K| |y y^T|) of the linear kernel K = X X^T of `states` with each target y, both
/// centred (Cortes, Mohri and Rostamizadeh 2012, JMLR 13:795): between 0 and 1. 0 for states or a target without variance.
///
/// # Errors
/// If the numbers of rows differ, there are fewer than 2 rows or no feature, or an entry is not finite.
pub fn alignment(states: MatRef<f64>, targets: MatRef<f64>) -> Result<Vec<f64>, TaskError> {
    check(states, targets)?;
    let x = less_mean(states, &means(states));
    let y = less_mean(targets, &means(targets));
    // EXACT: |X X^T| = |X^T X|, and <X X^T, y y^T> = |X^T y|^2: nothing of samples x samples is made.
    let kernel = gram(x.as_ref()).norm_l2();
    let cross = x.transpose() * &y;
    let of = |j: usize| {
        let norm = kernel * y.col(j).squared_norm_l2();
        if norm > 0.0 { cross.col(j).squared_norm_l2() / norm } else { 0.0 }
    };
    Ok((0..targets.ncols()).map(of).collect())
}

#[cfg(test)]
mod tests;

//! From targets and the states of a reservoir to scores: one matrix of targets, one fit on the training part, one score on the test part.
//!
//! The test part never reaches the fit nor the choice of lambda. Leave a gap of some correlation times between the parts: a slow state
//! just after the training part knows its targets.
//!
//! Chance level: [`evaluate`] with the targets of [`crate::score::shuffled`] or [`crate::score::rotated`].

use crate::error::TaskError;
use crate::readout::{CrossValidation, Mat, MatRef, Readout, ridge_cv};
use crate::samples::Samples;
use crate::score::{Score, scores};
use crate::target::Target;
use faer::ColRef;
use std::ops::Range;

/// The samples at which every one of `targets` exists. May be empty.
///
/// # Errors
/// As [`Target::rows`].
pub fn common_rows<'a>(
    targets: impl IntoIterator<Item = &'a Target>,
    signal: &Samples,
) -> Result<Range<usize>, TaskError> {
    targets.into_iter().try_fold(0..signal.len(), |common, target| {
        let rows = target.rows(signal)?;
        let start = common.start.max(rows.start);
        Ok(start..common.end.min(rows.end).max(start))
    })
}

/// The values of `targets` (columns) at the samples `rows` of `signal`.
///
/// # Errors
/// As [`Target::values`].
pub fn target_matrix<'a>(
    targets: impl IntoIterator<Item = &'a Target>,
    signal: &Samples,
    rows: Range<usize>,
) -> Result<Mat<f64>, TaskError> {
    let columns: Vec<Vec<f64>> =
        targets.into_iter().map(|target| target.values(signal, rows.clone())).collect::<Result<_, _>>()?;
    let mut matrix = Mat::zeros(rows.len(), columns.len());
    for (mut column, values) in matrix.col_iter_mut().zip(&columns) {
        column.copy_from(ColRef::from_slice(values));
    }
    Ok(matrix)
}

/// Which rows of the states and targets are fitted, and which are scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Rows to fit and to choose lambda on.
    pub train: Range<usize>,
    /// Rows to score.
    pub test: Range<usize>,
}

/// The readout of the training part and, for every target, its score on the test part.
///
/// # Errors
/// If the states and targets differ in rows, the parts overlap or leave the rows, or as [`ridge_cv`] and [`scores`].
pub fn evaluate(
    states: MatRef<f64>,
    targets: MatRef<f64>,
    split: &Split,
    cv: &CrossValidation,
) -> Result<(Readout, Vec<Score>), TaskError> {
    let rows = states.nrows();
    let Split { train, test } = split;
    if targets.nrows() != rows {
        let allowed = format!("{rows} rows, as in the states");
        return Err(TaskError::value("trial", "targets", format!("{} rows", targets.nrows()), allowed));
    }
    for (field, part) in [("train", train), ("test", test)] {
        if part.start >= part.end || part.end > rows {
            let allowed = format!("a range of rows that is not empty, within 0..{rows}");
            return Err(TaskError::value("trial", field, format!("{part:?}"), allowed));
        }
    }
    if train.start < test.end && test.start < train.end {
        let allowed = format!("no row of the training part, {train:?}");
        return Err(TaskError::value("trial", "test", format!("{test:?}"), allowed));
    }
    let readout = ridge_cv(rows_of(states, train), rows_of(targets, train), cv)?;
    let outputs = readout.predict(rows_of(states, test))?;
    let scores = scores(rows_of(targets, test), outputs.as_ref())?;
    Ok((readout, scores))
}

/// The rows of one part.
pub fn rows_of<'a>(matrix: MatRef<'a, f64>, part: &Range<usize>) -> MatRef<'a, f64> {
    matrix.subrows(part.start, part.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{rotated, shuffled};
    use crate::{Grid, Key, Stimulus};

    /// The states of a delay line of `taps` samples, one row per sample of `rows`.
    fn delay_line(u: &[f64], taps: usize, rows: &Range<usize>) -> Mat<f64> {
        Mat::from_fn(rows.len(), taps, |i, j| u[rows.start + i - j])
    }

    fn signal() -> Samples {
        let key = Key::new(8, 0).unwrap();
        let ou = Stimulus::OrnsteinUhlenbeck { correlation_time: 5.0 };
        ou.generate(Grid::new(1.0, 3000).unwrap(), 1, key).unwrap().standardised().unwrap()
    }

    #[test]
    fn a_delay_line_recalls_its_taps_and_predicts_as_far_as_the_process_allows() {
        let signal = signal();
        let targets = [Target::nostradamus(-3.0), Target::nostradamus(2.0), Target::taylor(2)];
        let rows = common_rows(&targets, &signal).unwrap();
        assert_eq!(rows, 3..2998);
        let rows = 10..rows.end;
        let y = target_matrix(&targets, &signal, rows.clone()).unwrap();
        let x = delay_line(&signal.dimensions()[0], 6, &rows);
        let split = Split { train: 0..2000, test: 2050..2900 };
        let cv = CrossValidation::scaled_to(x.as_ref());
        let (_, scores) = evaluate(x.as_ref(), y.as_ref(), &split, &cv).unwrap();
        assert!(scores[0].r_squared > 1.0 - 1e-9);
        // The best prediction of an Ornstein-Uhlenbeck process has R^2 = exp(-2 D / tau) = 0.449.
        assert!((scores[1].r_squared - 0.449).abs() < 0.1, "{:?}", scores[1]);
        assert!(scores[2].r_squared < 0.1, "a line is no square: {:?}", scores[2]);
        for null in [shuffled(y.as_ref(), Key::shuffle(1)), rotated(y.as_ref(), Key::shuffle(1))] {
            let (_, chance) = evaluate(x.as_ref(), null.as_ref(), &split, &cv).unwrap();
            assert!(chance.iter().all(|s| s.r_squared < 0.05), "{chance:?}");
        }
    }

    /// Spoiling every test row must leave the readout as it is, bit for bit.
    #[test]
    fn the_test_part_never_reaches_the_fit() {
        let signal = signal();
        let rows = 10..1000;
        let x = delay_line(&signal.dimensions()[0], 4, &rows);
        let y = target_matrix(&[Target::tayloramus(3, -1.0)], &signal, rows).unwrap();
        let cv = CrossValidation { folds: 4, lambdas: vec![0.1, 10.0] };
        let split = Split { train: 0..600, test: 650..990 };
        let fit = |y: &Mat<f64>| evaluate(x.as_ref(), y.as_ref(), &split, &cv).unwrap();
        let spoilt = Mat::from_fn(y.nrows(), 1, |i, j| if i < 600 { y[(i, j)] } else { i as f64 });
        let (clean, scores) = fit(&y);
        let (after, other_scores) = fit(&spoilt);
        assert_eq!((clean.weights, clean.lambdas), (after.weights, after.lambdas));
        assert_ne!(scores, other_scores);
    }

    #[test]
    fn parts_that_overlap_or_leave_the_rows_are_refused() {
        let x = Mat::from_fn(10, 1, |i, _| i as f64);
        let cv = CrossValidation { folds: 2, lambdas: vec![1.0] };
        let message =
            |train, test| evaluate(x.as_ref(), x.as_ref(), &Split { train, test }, &cv).unwrap_err().to_string();
        assert_eq!(message(0..6, 5..9), "trial: test = 5..9, allowed: no row of the training part, 0..6");
        assert!(message(0..0, 5..9).starts_with("trial: train = 0..0"));
        assert!(message(0..5, 5..11).starts_with("trial: test = 5..11, allowed: a range of rows"));
    }
}

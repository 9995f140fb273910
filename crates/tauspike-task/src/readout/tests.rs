use super::*;
use crate::Key;
use proptest::prelude::*;

/// Correlated features with means far from 0, and targets that depend on them with noise.
fn data(rows: usize, features: usize, targets: usize) -> (Mat<f64>, Mat<f64>) {
    let normal = |ordinal, i: usize, j: usize| Key::new(11, ordinal).unwrap().dimension(j).normal(i as u64);
    let x = Mat::from_fn(rows, features, |i, j| {
        -65.0 + j as f64 + normal(0, i, j) + 0.9 * if j > 0 { normal(0, i, j - 1) } else { 0.0 }
    });
    let weights = Mat::from_fn(features, targets, |i, j| normal(1, i, j));
    let noise = Mat::from_fn(rows, targets, |i, j| 3.0 + (1.0 + j as f64) * normal(2, i, j));
    let y = &x * &weights + noise;
    (x, y)
}

/// The textbook's normal equations with a column of ones that is not penalised, by Gaussian elimination with pivots.
fn normal_equations(x: MatRef<f64>, y: &[f64], lambda: f64) -> Vec<f64> {
    let p = x.ncols() + 1;
    let entry = |i: usize, j: usize| if j < x.ncols() { x[(i, j)] } else { 1.0 };
    let mut a = vec![vec![0.0; p + 1]; p];
    for (r, row) in a.iter_mut().enumerate() {
        for (c, value) in row.iter_mut().enumerate() {
            *value = (0..x.nrows()).map(|i| entry(i, r) * if c < p { entry(i, c) } else { y[i] }).sum();
        }
        row[r] += if r < p - 1 { lambda } else { 0.0 };
    }
    for k in 0..p {
        let pivot = (k..p).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs())).unwrap();
        a.swap(k, pivot);
        let top = a[k].clone();
        for row in a.iter_mut().skip(k + 1) {
            let factor = row[k] / top[k];
            row.iter_mut().zip(&top).for_each(|(v, t)| *v -= factor * t);
        }
    }
    let mut w = vec![0.0; p];
    for k in (0..p).rev() {
        let known: f64 = (k + 1..p).map(|j| a[k][j] * w[j]).sum();
        w[k] = (a[k][p] - known) / a[k][k];
    }
    w
}

fn column(m: MatRef<f64>, j: usize) -> Vec<f64> {
    m.col(j).iter().copied().collect()
}

#[test]
fn ridge_solves_the_normal_equations() {
    let (x, y) = data(200, 12, 3);
    for lambda in [1e-6, 1.0, 1e3] {
        let readout = ridge(x.as_ref(), y.as_ref(), lambda).unwrap();
        for j in 0..3 {
            let expected = normal_equations(x.as_ref(), &column(y.as_ref(), j), lambda);
            for (i, expected) in expected[..12].iter().enumerate() {
                assert!((readout.weights[(i, j)] - expected).abs() < 1e-8, "lambda {lambda}, weight {i} {j}");
            }
            assert!((readout.intercepts[j] - expected[12]).abs() < 1e-6, "{} {}", readout.intercepts[j], expected[12]);
        }
    }
}

/// `Ridge(alpha, fit_intercept=True)` of scikit-learn 1.9.1 on these states and targets: `coef_` and `intercept_` of each target.
#[test]
fn ridge_equals_scikit_learn() {
    let x = Mat::from_fn(40, 4, |i, j| ((i * (j * j + 3) + j * 5) % 17) as f64 / 17.0 - 65.0 + j as f64);
    let y = Mat::from_fn(
        40,
        2,
        |i, j| {
            if j == 0 { (i * i % 23) as f64 / 23.0 } else { (i * 5 % 13) as f64 / 13.0 + 100.0 }
        },
    );
    for (lambda, expected) in SCIKIT_LEARN {
        let readout = ridge(x.as_ref(), y.as_ref(), lambda).unwrap();
        for (j, (weights, intercept)) in expected.into_iter().enumerate() {
            for (i, weight) in weights.into_iter().enumerate() {
                assert!((readout.weights[(i, j)] - weight).abs() < 1e-12);
            }
            assert!((readout.intercepts[j] - intercept).abs() < 1e-10);
        }
    }
}

/// Weights and intercept of one target.
type Fit = ([f64; 4], f64);

const SCIKIT_LEARN: [(f64, [Fit; 2]); 2] = [
    (
        0.01,
        [
            ([0.07532129885556099, -0.08864523057174824, 0.13327556962526843, 0.08454564795239251], 13.115060377388989),
            ([0.0699457758979796, 0.2762937985387191, -0.11887183055258171, -0.03854480165569172], 112.71539013170764),
        ],
    ),
    (
        1.0,
        [
            ([0.05821765974882947, -0.06608499459160669, 0.10447175766434641, 0.05594067932777975], 9.883659299532718),
            (
                [0.05516324323285331, 0.20780412214258032, -0.10202850320453669, -0.010621270417280802],
                110.18073172087372,
            ),
        ],
    ),
];

/// Every fold refitted and judged sample by sample.
#[test]
fn cross_validation_chooses_as_refitting_every_fold_does() {
    let (rows, folds) = (103, 4);
    let (x, y) = data(rows, 20, 6);
    let cv = CrossValidation { folds, lambdas: vec![1e-3, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4] };
    let readout = ridge_cv(x.as_ref(), y.as_ref(), &cv).unwrap();
    let error = |j: usize, lambda: f64| {
        let mut sum = 0.0;
        for k in 0..folds {
            let test = k * rows / folds..(k + 1) * rows / folds;
            let kept: Vec<usize> = (0..rows).filter(|i| !test.contains(i)).collect();
            let training = Mat::from_fn(kept.len(), 20, |i, f| x[(kept[i], f)]);
            let w = normal_equations(training.as_ref(), &kept.iter().map(|i| y[(*i, j)]).collect::<Vec<_>>(), lambda);
            for i in test {
                let output: f64 = (0..20).map(|f| w[f] * x[(i, f)]).sum::<f64>() + w[20];
                sum += (y[(i, j)] - output).powi(2);
            }
        }
        sum
    };
    let mut chosen = Vec::new();
    for j in 0..6 {
        let best = cv.lambdas.iter().min_by(|a, b| error(j, **a).total_cmp(&error(j, **b))).unwrap();
        assert_eq!(readout.lambdas[j], *best, "target {j}");
        chosen.push(*best);
        let refitted = ridge(x.as_ref(), y.as_ref().subcols(j, 1), *best).unwrap();
        assert!((0..20).all(|i| (readout.weights[(i, j)] - refitted.weights[(i, 0)]).abs() < 1e-10));
    }
    assert!(chosen.iter().any(|l| *l != chosen[0]), "all targets chose {}: the test says nothing", chosen[0]);
}

#[test]
fn the_fold_error_is_the_sum_over_its_samples() {
    let (x, y) = data(60, 5, 2);
    let part = |m: &Mat<f64>, start: usize, len: usize| m.subrows(start, len).to_owned();
    let moments = |start, len| Moments::of(part(&x, start, len).as_ref(), part(&y, start, len).as_ref());
    let mut errors = Mat::zeros(1, 2);
    add_fold_errors(&moments(0, 40), &moments(40, 20), &[2.0], &mut errors).unwrap();
    let readout = ridge(part(&x, 0, 40).as_ref(), part(&y, 0, 40).as_ref(), 2.0).unwrap();
    let outputs = readout.predict(part(&x, 40, 20).as_ref()).unwrap();
    for j in 0..2 {
        let direct: f64 = (0..20).map(|i| (y[(40 + i, j)] - outputs[(i, j)]).powi(2)).sum();
        // 65^2 of the mean against 1 of the residual, uncentred here.
        assert!((errors[(0, j)] / direct - 1.0).abs() < 1e-6, "{} {direct}", errors[(0, j)]);
    }
}

#[test]
fn features_that_say_nothing_or_say_it_twice_do_no_harm() {
    let (x, y) = data(50, 4, 1);
    let wide = Mat::from_fn(50, 6, |i, j| if j < 4 { x[(i, j)] } else { [7.0, x[(i, 0)]][j - 4] });
    let readout = ridge_cv(wide.as_ref(), y.as_ref(), &CrossValidation::scaled_to(wide.as_ref())).unwrap();
    assert!(readout.weights[(4, 0)].abs() < 1e-9, "a constant feature gets no weight");
    assert!((readout.weights[(0, 0)] - readout.weights[(5, 0)]).abs() < 1e-5, "twins share theirs");
    let more_features_than_samples = data(10, 30, 1);
    let cv = CrossValidation::scaled_to(more_features_than_samples.0.as_ref());
    assert!(ridge_cv(more_features_than_samples.0.as_ref(), more_features_than_samples.1.as_ref(), &cv).is_ok());
}

#[test]
fn what_cannot_be_fitted_is_refused_by_name() {
    let (x, y) = data(10, 2, 1);
    let cv = |folds, lambdas: &[f64]| {
        let cv = CrossValidation { folds, lambdas: lambdas.to_vec() };
        ridge_cv(x.as_ref(), y.as_ref(), &cv).unwrap_err().to_string()
    };
    assert_eq!(cv(1, &[1.0]), "readout: folds = 1, allowed: 2 to 10, the number of training samples");
    assert_eq!(cv(11, &[1.0]), "readout: folds = 11, allowed: 2 to 10, the number of training samples");
    assert_eq!(cv(5, &[1.0, 0.0]), "readout: lambda = 0.0, allowed: finite, > 0");
    assert_eq!(cv(5, &[]), "readout: lambdas = [], allowed: at least one candidate");
    let message = |x: &Mat<f64>, y: &Mat<f64>| ridge(x.as_ref(), y.as_ref(), 1.0).unwrap_err().to_string();
    assert_eq!(message(&x, &Mat::zeros(9, 1)), "readout: targets = 9 rows, allowed: 10 rows, as in the states");
    assert!(message(&Mat::zeros(10, 0), &y).starts_with("readout: states = 10 rows x 0 columns"));
    let hole = Mat::from_fn(10, 2, |i, j| if (i, j) == (3, 1) { f64::NAN } else { 1.0 });
    assert_eq!(message(&hole, &y), "readout, states: dimension 1, sample 3 = NaN, allowed: finite values");
    let huge = Mat::from_fn(10, 2, |i, j| 1e200 * (i + j) as f64);
    assert!(message(&huge, &y).contains("allowed: states below 1e150"));
    let fitted = ridge(x.as_ref(), y.as_ref(), 1.0).unwrap();
    let wrong = fitted.predict(Mat::zeros(4, 3).as_ref()).unwrap_err().to_string();
    assert_eq!(wrong, "readout: states = 3 columns, allowed: 2 columns, as in the states that were fitted");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]
    #[test]
    fn a_target_is_fitted_as_if_it_were_alone(rows in 10usize..60, features in 1usize..12, targets in 1usize..5) {
        let (x, y) = data(rows, features, targets);
        let cv = CrossValidation::scaled_to(x.as_ref());
        let together = ridge_cv(x.as_ref(), y.as_ref(), &cv).unwrap();
        for j in 0..targets {
            let alone = ridge_cv(x.as_ref(), y.as_ref().subcols(j, 1), &cv).unwrap();
            prop_assert_eq!(alone.lambdas[0], together.lambdas[j]);
            // with as many features as rows and a small lambda the weights hang on the last bits, what they predict does not
            let [a, b] = [&alone, &together].map(|fit| fit.predict(x.as_ref()).unwrap());
            for i in 0..rows {
                prop_assert!((a[(i, 0)] - b[(i, j)]).abs() < 1e-8, "sample {}: {} and {}", i, a[(i, 0)], b[(i, j)]);
            }
        }
    }
}

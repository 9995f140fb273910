use super::*;
use proptest::prelude::*;

fn columns(columns: &[&[f64]]) -> Mat<f64> {
    Mat::from_fn(columns[0].len(), columns.len(), |i, j| columns[j][i])
}

fn one(y: &[f64], z: &[f64]) -> Score {
    scores(columns(&[y]).as_ref(), columns(&[z]).as_ref()).unwrap()[0]
}

#[test]
fn scores_have_their_known_values() {
    let perfect = one(&[1.0, 2.0, 4.0], &[1.0, 2.0, 4.0]);
    assert_eq!(perfect, Score { r_squared: 1.0, nrmse: 0.0, capacity: 1.0, squared_correlation: 1.0 });
    // sklearn.metrics.r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]) = 0.9486081370449679
    let usual = one(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0]);
    assert!((usual.r_squared - 0.948_608_137_044_967_9).abs() < 1e-15);
    assert!((usual.nrmse - (1.5 / 29.1875f64).sqrt()).abs() < 1e-15);
    assert!((usual.capacity - (1.0 - 1.5 / 62.25)).abs() < 1e-15);
    assert!((usual.squared_correlation - SQUARED_CORRELATION).abs() < 1e-14);
    let opposite = one(&[1.0, -1.0, 2.0], &[-1.0, 1.0, -2.0]);
    assert_eq!((opposite.capacity, opposite.squared_correlation), (0.0, 0.0));
    assert!(opposite.r_squared < -2.9);
    let mean = one(&[1.0, 3.0], &[2.0, 2.0]);
    assert_eq!((mean.r_squared, mean.nrmse, mean.squared_correlation), (0.0, 1.0, 0.0));
    assert_eq!((one(&[2.0, 2.0], &[2.0, 2.0]).r_squared, one(&[2.0, 2.0], &[2.0, 3.0]).r_squared), (1.0, 0.0));
}

const SQUARED_CORRELATION: f64 = 0.9699681653424415;

#[test]
fn participation_ratio_counts_directions() {
    let of = |m: Mat<f64>| participation_ratio(m.as_ref()).unwrap();
    let a = [1.0, -1.0, 0.0, 0.0];
    let b = [0.0, 0.0, 1.0, -1.0];
    assert!((of(columns(&[&a, &b])) - 2.0).abs() < 1e-14);
    assert!((of(columns(&[&a, &a, &a])) - 1.0).abs() < 1e-14);
    // Variances 1 and 4: 25 / 17.
    assert!((of(columns(&[&a, &b.map(|v| 5.0 + 2.0 * v)])) - 25.0 / 17.0).abs() < 1e-14);
    assert_eq!(of(columns(&[&[3.0, 3.0]])), 0.0);
}

/// By the definition, with kernels of samples x samples.
#[test]
fn alignment_is_the_cosine_of_centred_kernels() {
    let draws = |d: usize| Key::new(4, 1).unwrap().dimension(d);
    let x = Mat::from_fn(15, 3, |i, j| 2.0 + draws(j).normal(i as u64));
    let y = Mat::from_fn(15, 2, |i, j| -1.0 + draws(3 + j).normal(i as u64) + x[(i, j)]);
    let centring = Mat::from_fn(15, 15, |i, j| f64::from(u8::from(i == j)) - 1.0 / 15.0);
    let kernel = &centring * &x * x.transpose() * &centring;
    for (j, alignment) in alignment(x.as_ref(), y.as_ref()).unwrap().into_iter().enumerate() {
        let target = &centring * y.subcols(j, 1) * y.subcols(j, 1).transpose() * &centring;
        let dot = |a: &Mat<f64>, b: &Mat<f64>| {
            (0..15).flat_map(|r| (0..15).map(move |c| (r, c))).map(|at| a[at] * b[at]).sum::<f64>()
        };
        let expected = dot(&kernel, &target) / (dot(&kernel, &kernel) * dot(&target, &target)).sqrt();
        assert!((alignment - expected).abs() < 1e-13);
    }
}

#[test]
fn a_target_that_is_the_only_state_is_aligned_and_an_orthogonal_one_is_not() {
    let x = columns(&[&[1.0, -1.0, 0.0, 0.0]]);
    let y = columns(&[&[3.0, -1.0, 1.0, 1.0], &[0.0, 0.0, 1.0, -1.0], &[5.0, 5.0, 5.0, 5.0]]);
    let of = alignment(x.as_ref(), y.as_ref()).unwrap();
    assert!((of[0] - 1.0).abs() < 1e-14);
    assert_eq!(of[1..], [0.0, 0.0]);
}

#[test]
fn a_shuffle_is_uniform_over_orders() {
    let y = Mat::from_fn(3, 6000, |i, _| i as f64);
    let out = shuffled(y.as_ref(), Key::shuffle(1));
    let mut counts = [0; 9];
    for column in out.col_iter() {
        counts[(column[0] * 3.0 + column[1]) as usize] += 1;
    }
    counts.sort_unstable();
    // 1000 each, standard deviation 29; three of the nine codes are no order.
    assert_eq!(counts[..3], [0, 0, 0]);
    assert!(counts[3] > 870 && counts[8] < 1130, "{counts:?}");
}

#[test]
fn two_matrices_of_different_shape_cannot_be_scored() {
    let error = scores(Mat::zeros(4, 2).as_ref(), Mat::zeros(4, 1).as_ref()).unwrap_err().to_string();
    assert_eq!(error, "score: outputs = (4, 1), allowed: (4, 2) (samples, targets), as the targets");
}

proptest! {
    #[test]
    fn shuffles_and_rotations_keep_every_value(values in prop::collection::vec(-9.0..9.0f64, 1..50), seed: u64) {
        let y = columns(&[&values, &values]);
        for out in [shuffled(y.as_ref(), Key::shuffle(seed)), rotated(y.as_ref(), Key::shuffle(seed))] {
            for j in 0..2 {
                let mut sorted: Vec<f64> = out.col(j).iter().copied().collect();
                let mut expected = values.clone();
                sorted.sort_by(f64::total_cmp);
                expected.sort_by(f64::total_cmp);
                prop_assert_eq!(sorted, expected);
            }
        }
        prop_assert_eq!(shuffled(y.as_ref(), Key::shuffle(seed)), shuffled(y.as_ref(), Key::shuffle(seed)));
    }

    #[test]
    fn scores_do_not_change_with_the_unit(
        pairs in prop::collection::vec((-5.0..5.0f64, -5.0..5.0f64), 3..40), unit in 0.01..100.0f64
    ) {
        let (y, z): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let scale = |v: &[f64]| v.iter().map(|v| v * unit).collect::<Vec<_>>();
        let (a, b) = (one(&y, &z), one(&scale(&y), &scale(&z)));
        prop_assert!((a.r_squared - b.r_squared).abs() < 1e-9 * (1.0 + a.r_squared.abs()));
        prop_assert!((a.squared_correlation - b.squared_correlation).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&a.capacity) && (0.0..=1.0).contains(&a.squared_correlation));
        prop_assert!((a.nrmse * a.nrmse - (1.0 - a.r_squared)).abs() < 1e-9 * (1.0 + a.nrmse * a.nrmse));
    }
}

use super::*;
use proptest::prelude::*;

fn series(stimulus: &Stimulus, step: f64, len: usize) -> Vec<f64> {
    let samples = stimulus.generate(Grid::new(step, len).unwrap(), 1, Key::new(5, 0).unwrap()).unwrap();
    samples.dimensions()[0].clone()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean of u(k) u(k + lag).
fn autocovariance(values: &[f64], lag: usize) -> f64 {
    values.iter().zip(&values[lag..]).map(|(a, b)| a * b).sum::<f64>() / (values.len() - lag) as f64
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    let product =
        |x: &[f64], mx: f64, y: &[f64], my: f64| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>();
    product(a, ma, b, mb) / (product(a, ma, a, ma) * product(b, mb, b, mb)).sqrt()
}

/// T / tau = 100 000 independent values: standard error about 0.005 for the variance and below for the rest.
#[test]
fn ornstein_uhlenbeck_has_variance_1_and_an_exponential_autocorrelation() {
    let (tau, step) = (10.0, 2.0);
    let u = series(&Stimulus::OrnsteinUhlenbeck { correlation_time: tau }, step, 500_000);
    assert!(mean(&u).abs() < 0.02);
    for lag in [0, 1, 2, 5, 10, 20] {
        let expected = libm::exp(-(lag as f64) * step / tau);
        assert!((autocovariance(&u, lag) - expected).abs() < 0.02, "lag {lag}: {}", autocovariance(&u, lag));
    }
}

/// Two steps of h are one of 2 h in distribution, for any h: the discretisation has no step-size error.
#[test]
fn ornstein_uhlenbeck_has_variance_1_at_steps_far_above_and_below_tau() {
    let coarse = series(&Stimulus::OrnsteinUhlenbeck { correlation_time: 0.1 }, 1.0, 100_000);
    assert!((autocovariance(&coarse, 0) - 1.0).abs() < 0.02 && autocovariance(&coarse, 1).abs() < 0.015);
    let step = 1e-9;
    let fine = series(&Stimulus::OrnsteinUhlenbeck { correlation_time: 1.0 }, step, 100_000);
    let kicks: Vec<f64> = fine.windows(2).map(|w| w[1] - w[0]).collect();
    assert!((autocovariance(&kicks, 0) / (2.0 * step) - 1.0).abs() < 0.02);
}

#[test]
fn band_limited_noise_has_variance_1_and_the_autocorrelation_of_its_band() {
    let (tau, step) = (10.0, 2.5);
    let u = series(&Stimulus::BandLimited { correlation_time: tau }, step, 200_000);
    for lag in [0, 1, 2, 3, 4, 6, 8, 10] {
        let x = std::f64::consts::PI * lag as f64 * step / tau;
        let expected = if lag == 0 { 1.0 } else { libm::sin(x) / x };
        assert!((autocovariance(&u, lag) - expected).abs() < 0.025, "lag {lag}: {}", autocovariance(&u, lag));
    }
}

/// Power at a frequency by projection on a cosine and a sine, relative to that of white noise of the same variance.
#[test]
fn band_limited_noise_has_no_power_above_its_cutoff() {
    let (tau, len) = (8.0, 20_000);
    let u = series(&Stimulus::BandLimited { correlation_time: tau }, 1.0, len);
    let power = |bin: usize| {
        let angle = |k: usize| std::f64::consts::TAU * (bin * k % len) as f64 / len as f64;
        // Hann window: the ends of the record do not join.
        let window = |k: usize| 0.5 - 0.5 * angle_of(k, len);
        let part = |f: fn(f64) -> f64| u.iter().enumerate().map(|(k, v)| window(k) * v * f(angle(k))).sum::<f64>();
        part(libm::cos).powi(2) + part(libm::sin).powi(2)
    };
    let band = |from: f64, to: f64| {
        let bins: Vec<f64> =
            (0..60).map(|i| power(((from + (to - from) * i as f64 / 60.0) * len as f64) as usize)).collect();
        mean(&bins)
    };
    let cutoff = 1.0 / (2.0 * tau);
    let (below, above) = (band(0.1 * cutoff, 0.9 * cutoff), band(1.1 * cutoff, 4.0 * cutoff));
    assert!(above < 1e-3 * below, "{above:e} {below:e}");
}

fn angle_of(k: usize, len: usize) -> f64 {
    libm::cos(std::f64::consts::TAU * k as f64 / len as f64)
}

#[test]
fn uniform_values_are_independent_on_minus_1_to_1() {
    let u = series(&Stimulus::Uniform {}, 1.0, 100_000);
    assert!(u.iter().all(|v| *v > -1.0 && *v <= 1.0));
    assert!(mean(&u).abs() < 0.01 && (autocovariance(&u, 0) - 1.0 / 3.0).abs() < 0.005);
    assert!(autocovariance(&u, 1).abs() < 0.005);
}

#[test]
fn narma10_follows_its_recurrence() {
    let u: Vec<f64> = (0..40).map(|k| 0.5 * f64::from(k * 7 % 11) / 11.0).collect();
    let y = narma10(&u);
    assert_eq!(y[..10], [0.0; 10]);
    assert_eq!(y[10], 1.5 * u[0] * u[9] + 0.1);
    for k in 9..39 {
        let sum: f64 = (0..10).map(|i| y[k - i]).sum();
        let expected = 0.3 * y[k] + 0.05 * y[k] * sum + 1.5 * u[k - 9] * u[k] + 0.1;
        assert!((y[k + 1] - expected).abs() < 1e-15);
    }
    assert_eq!(narma10(&u[..5]), [0.0; 5]);
    assert!(narma10(&[]).is_empty());
}

#[test]
fn the_target_of_narma10_is_the_series_of_its_drive() {
    let signal = Stimulus::Narma10 {}.generate(Grid::new(1.0, 500).unwrap(), 2, Key::new(1, 0).unwrap()).unwrap();
    assert_eq!((signal.dimensions().len(), signal.given().len()), (2, 2));
    for (u, y) in signal.dimensions().iter().zip(signal.given()) {
        assert!(u.iter().all(|u| *u > 0.0 && *u <= 0.5));
        for k in 9..499 {
            let sum: f64 = (0..10).map(|i| y[k - i]).sum();
            let expected = 0.3 * y[k] + 0.05 * y[k] * sum + 1.5 * u[k - 9] * u[k] + 0.1;
            assert!((y[k + 1] - expected).abs() < 1e-14);
        }
    }
    // A drive is scaled; what is asked of a reservoir under it is not.
    let scaled = signal.clone().standardised().unwrap();
    assert_eq!(scaled.given(), signal.given());
    let asked = crate::Target::given(1, 3.0);
    assert_eq!(asked.values(&scaled, 0..497).unwrap(), signal.given()[1][3..]);
    assert_eq!(asked.to_string(), "y1@+3");
    let message = crate::Target::given(2, 0.0).rows(&scaled).unwrap_err().to_string();
    assert!(message.contains("below 2, the number of given series"), "{message}");
}

#[test]
fn a_narma10_that_diverges_is_refused_by_name() {
    let grid = Grid::new(1.0, 2000).unwrap();
    let under = |seed| Stimulus::Narma10 {}.generate(grid, 1, Key::new(seed, 0).unwrap());
    let error = (1..2000).find_map(|seed| under(seed).err()).expect("about one in a hundred").to_string();
    assert!(error.starts_with("stimulus \"narma10x1\": dimension 0, sample") && error.contains("diverges"), "{error}");
}

/// The fixed point of 0.2 x / (1 + x^10) = 0.1 x is x = 1.
#[test]
fn mackey_glass_rests_at_1_and_decays_at_its_rate_without_production() {
    assert!(mackey_glass(&[1.0; 17], 1.0, 1.0, 100).iter().all(|x| (x - 1.0).abs() < 1e-14));
    let decay = mackey_glass(&[0.0; 170], 1.0, 0.1, 171);
    assert!((decay[170] - libm::exp(-1.7)).abs() < 1e-9);
}

/// Over the first delay the delayed value is the constant history c, so x' = p - 0.1 x has a closed form.
#[test]
fn mackey_glass_matches_the_closed_form_of_the_first_delay() {
    let (c, step) = (1.2, 1.0);
    let p = 0.2 * c / (1.0 + libm::pow(c, 10.0));
    for (k, x) in mackey_glass(&[c; 17], c, step, 18).iter().enumerate() {
        let expected = p / 0.1 + (c - p / 0.1) * libm::exp(-0.1 * k as f64 * step);
        assert!((x - expected).abs() < 1e-6, "{k}: {x} {expected}");
    }
}

/// The stages of `reservoirpy` 0.4.2 are not those of Runge and Kutta; the one-step difference is what the documentation says.
#[test]
fn one_step_of_mackey_glass_is_near_that_of_reservoirpy() {
    // reservoirpy.datasets.mackey_glass(3, history=np.linspace(0.8, 1.3, 17))
    let history: Vec<f64> = (0..17).map(|k| 0.8 + 0.5 * f64::from(k) / 16.0).collect();
    let ours = mackey_glass(&history, 1.2, 1.0, 3);
    for (ours, theirs) in ours.iter().zip(RESERVOIRPY) {
        assert!((ours - theirs).abs() < 4e-3, "{ours} {theirs}");
    }
}

const RESERVOIRPY: [f64; 3] = [1.2, 1.222_563_793_979_786_4, 1.242_256_718_147_955_1];

#[test]
fn lorenz_rests_at_its_fixed_points_and_converges_with_order_4() {
    let root = (8.0f64 / 3.0 * 27.0).sqrt();
    for state in lorenz([root, root, 27.0], 0.01, 50) {
        assert!((state[0] - root).abs() < 1e-9 && (state[2] - 27.0).abs() < 1e-9);
    }
    let at_half = |steps: usize| lorenz([1.0, 1.0, 1.0], 0.5 / steps as f64, steps + 1)[steps];
    let truth = at_half(12_800);
    let error = |steps: usize| at_half(steps).iter().zip(truth).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    let ratio = error(400) / error(800);
    assert!((10.0..24.0).contains(&ratio), "{ratio}");
}

/// scipy.integrate.solve_ivp with DOP853, rtol = atol = 1e-13, of the same system from (1, 1, 1).
#[test]
fn lorenz_agrees_with_an_adaptive_solver() {
    let end = lorenz([1.0, 1.0, 1.0], 1e-3, 2001)[2000];
    for (ours, theirs) in end.iter().zip(SCIPY) {
        assert!((ours - theirs).abs() < 1e-6, "{end:?}");
    }
}

const SCIPY: [f64; 3] = [-8.173_499_932_241_88, -9.562_023_686_798_737, 24.620_702_049_678_993];

fn any_stimulus() -> impl Strategy<Value = Stimulus> {
    prop::sample::select(vec![
        Stimulus::OrnsteinUhlenbeck { correlation_time: 7.0 },
        Stimulus::BandLimited { correlation_time: 7.0 },
        Stimulus::Uniform {},
        Stimulus::MackeyGlass { unit: 2.0 },
        Stimulus::Lorenz { unit: 100.0 },
        Stimulus::Narma10 {},
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_stimulus_depends_on_its_key_alone(
        stimulus in any_stimulus(), seed: u64, index in 0u32..100, step in 0.1..3.0f64, len in 1usize..80
    ) {
        let make = |len, dimensions, seed, index| {
            let key = Key::new(seed, index).unwrap();
            stimulus.generate(Grid::new(step, len).unwrap(), dimensions, key).map(|series| series.dimensions().to_vec())
        };
        let all = [(len, 1, seed, index), (len + 20, 3, seed, index), (len + 20, 1, seed, index + 1), (len + 20, 1, seed ^ 1, index)];
        let all: Result<Vec<_>, _> = all.into_iter().map(|(len, dimensions, seed, index)| make(len, dimensions, seed, index)).collect();
        // some series of NARMA10 diverge, and are refused
        prop_assume!(all.is_ok());
        let all = all.unwrap();
        let (short, long) = (&all[0], &all[1]);
        prop_assert_eq!(&long[0][..len], &short[0][..], "a prefix, and independent of other dimensions");
        prop_assert_ne!(&long[0], &long[1]);
        prop_assert_ne!(&long[0], &all[2][0]);
        prop_assert_ne!(&long[0], &all[3][0]);
    }
}

#[test]
fn dimensions_of_chaotic_stimuli_are_uncorrelated() {
    for stimulus in [Stimulus::MackeyGlass { unit: 1.0 }, Stimulus::Lorenz { unit: 20.0 }] {
        let samples = stimulus.generate(Grid::new(1.0, 50_000).unwrap(), 3, Key::new(1, 0).unwrap()).unwrap();
        let d = samples.dimensions();
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            assert!(correlation(&d[a], &d[b]).abs() < 0.1, "{stimulus}: {}", correlation(&d[a], &d[b]));
        }
    }
}

#[test]
fn a_chaotic_stimulus_does_not_slow_down_on_a_finer_grid() {
    let speed = |stimulus: &Stimulus, step: f64, len: usize| {
        let u = series(stimulus, step, len);
        mean(&u.windows(2).map(|w| (w[1] - w[0]).abs() / step).collect::<Vec<_>>())
    };
    for stimulus in [Stimulus::MackeyGlass { unit: 1.0 }, Stimulus::Lorenz { unit: 50.0 }] {
        let ratio = speed(&stimulus, 1.0, 20_000) / speed(&stimulus, 0.25, 80_000);
        assert!((0.9..1.1).contains(&ratio), "{stimulus}: {ratio}");
    }
}

#[test]
fn a_wrong_parameter_is_refused_by_name() {
    let message = |stimulus: Stimulus| {
        stimulus.generate(Grid::new(1.0, 5).unwrap(), 2, Key::new(1, 0).unwrap()).unwrap_err().to_string()
    };
    let start = "stimulus \"ou_tau-1x2\": correlation_time = -1.0 ms, allowed: ";
    assert!(message(Stimulus::OrnsteinUhlenbeck { correlation_time: -1.0 }).starts_with(start));
    assert!(message(Stimulus::OrnsteinUhlenbeck { correlation_time: f64::NAN }).contains("correlation_time = NaN ms"));
    assert!(message(Stimulus::BandLimited { correlation_time: 0.5 }).contains("allowed: 1.0 ms to"));
    assert!(message(Stimulus::Lorenz { unit: 1e9 }).contains("unit = 1000000000.0 ms, allowed: 0.001 ms to 1000.0 ms"));
    assert!(message(Stimulus::MackeyGlass { unit: 0.0 }).contains("unit = 0.0 ms"));
    let given = |step, len, dimensions| {
        let samples = Samples::new(step, vec![vec![0.0; len]; dimensions]).unwrap();
        Stimulus::Given { name: "laser".into(), samples: Arc::new(samples) }
    };
    assert!(message(given(0.5, 9, 2)).contains("step = 0.5 ms"));
    assert!(message(given(1.0, 4, 2)).contains("len = 5, allowed: at most 4"));
    assert!(message(given(1.0, 9, 1)).contains("\"laserx2\": dimensions = 2, allowed: at most 1"));
}

#[test]
fn given_samples_come_back_cut_to_the_grid() {
    let samples = Samples::new(1.0, vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]]).unwrap();
    let stimulus = Stimulus::Given { name: "laser".into(), samples: Arc::new(samples) };
    let out = stimulus.generate(Grid::new(1.0, 2).unwrap(), 1, Key::new(1, 0).unwrap()).unwrap();
    assert_eq!(out.dimensions(), [[1.0, 2.0]]);
}

#[test]
fn a_stimulus_is_read_from_toml_and_a_misspelt_field_is_named() {
    let read = |text: &str| toml::from_str::<Stimulus>(text);
    let stimulus = read("kind = \"ornstein_uhlenbeck\"\ncorrelation_time_ms = 10.0").unwrap();
    assert_eq!(stimulus, Stimulus::OrnsteinUhlenbeck { correlation_time: 10.0 });
    assert_eq!(read("kind = \"uniform\"").unwrap(), Stimulus::Uniform {});
    assert!(read("kind = \"lorenz\"\nunit = 3.0").unwrap_err().to_string().contains("unit_ms"));
    assert!(read("kind = \"uniform\"\ntau = 3.0").unwrap_err().to_string().contains("tau"));
}

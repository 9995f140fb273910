//! Writes a study with planted effects: scores follow a known formula, plus noise by seed.
//!
//! The score of a network is `base + 0.05 ln(k N / 100) + effects + noise`, where k is the planted factor of neurons of the
//! skewed profile; every task gets it with an offset of its own, so that all R^2 stay well above 0.

use arrow::array::{ArrayRef, Float64Array, StringArray, StringDictionaryBuilder, UInt32Array, UInt64Array};
use arrow::datatypes::Int32Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use rand_distr::{Distribution, StandardNormal};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use tauspike_spike::draw::{Domain, Stream, block};

pub const SKEWED: &str = "lognormal";

/// What is true of a study.
#[derive(Clone)]
pub struct Truth {
    pub seeds: u64,
    /// Gain of every skewed profile at CV 1, which the other profiles do not have.
    pub skewed_gain: f64,
    /// Gain of every profile that is not homogeneous.
    pub any_gain: f64,
    /// Times as many neurons that homogeneous networks need.
    pub factor: f64,
    /// Share of the gain that is left without recurrence.
    pub left: f64,
    /// How much of its score a homogeneous network loses at the worst level of a factor; a skewed one loses none.
    pub fragile: f64,
    /// Whether the gain follows alignment (else the participation ratio).
    pub aligned: bool,
    /// Score that tuning to each task adds to homogeneous networks.
    pub tuned: f64,
    /// Time constant at which homogeneous networks do best, ms; on the ladder of sizes they stand at 20.
    pub best_tau: f64,
    /// Time constants of experiment `tuned_tau`, ms.
    pub taus: &'static [f64],
    /// Standard deviation of a network's score.
    pub noise: f64,
    pub experiments: Vec<&'static str>,
}

const ALL: [&str; 12] = [
    "profiles",
    "size",
    "tuned_tau",
    "rate_matched",
    "spectral_radius",
    "weight_scale",
    "sparsity",
    "delay",
    "noise",
    "input_weight",
    "no_recurrence",
    "coding",
];

impl Truth {
    /// Every statement holds.
    pub fn of_all() -> Self {
        Self {
            seeds: 10,
            skewed_gain: 0.08,
            any_gain: 0.02,
            factor: 4.0,
            left: 0.9,
            fragile: 0.3,
            aligned: true,
            tuned: 0.02,
            best_tau: 20.0,
            taus: &[5.0, 10.0, 20.0, 40.0],
            noise: 0.004,
            experiments: ALL.to_vec(),
        }
    }

    /// None holds: there is no effect, only noise.
    pub fn of_none() -> Self {
        Self { skewed_gain: 0.0, any_gain: 0.0, factor: 1.0, fragile: 0.0, tuned: 0.05, noise: 0.02, ..Self::of_all() }
    }
}

struct Network {
    experiment: &'static str,
    model: &'static str,
    coding: &'static str,
    profile: &'static str,
    cv: f64,
    n: u32,
    tau: f64,
    factor: f64,
    seed: u64,
    score: f64,
    participation: f64,
    skewness: f64,
}

const TASKS: [(u32, f64); 12] = [
    (1, -20.0),
    (1, -10.0),
    (1, 0.0),
    (1, 10.0),
    (2, -20.0),
    (2, -10.0),
    (2, 0.0),
    (2, 10.0),
    (3, -20.0),
    (3, -10.0),
    (3, 0.0),
    (3, 10.0),
];

/// Standard normal number of a network.
fn noise(parts: &[u64]) -> f64 {
    let key = parts.iter().fold(17u64, |key, part| block(key ^ part, Domain::other(98), 0, 0)[0]);
    StandardNormal.sample(&mut Stream::new(key, Domain::other(99), 0))
}

fn letters(text: &str) -> u64 {
    text.bytes().fold(7, |hash, byte| hash * 31 % 1_000_003 + u64::from(byte))
}

/// Skewness of a profile per CV; 0 for those that are symmetric.
fn skewness(profile: &str, cv: f64) -> f64 {
    match profile {
        "lognormal" => 3.0 * cv + cv.powi(3),
        "gamma" => 2.0 * cv,
        "mirrored_lognormal" => -1.0,
        _ => 0.0,
    }
}

struct Builder<'a> {
    truth: &'a Truth,
    networks: Vec<Network>,
}

impl Builder<'_> {
    #[allow(clippy::too_many_arguments, reason = "one network of a test, in one line")]
    fn add(
        &mut self,
        experiment: &'static str,
        model: &'static str,
        coding: &'static str,
        profile: &'static str,
        cv: f64,
        n: u32,
        tau: f64,
        factor: f64,
        seed: u64,
        extra: f64,
    ) {
        let truth = self.truth;
        let skewed = skewness(profile, cv) > 0.3;
        let gain = match profile {
            "homogeneous" => 0.0,
            _ if skewed => truth.any_gain + truth.skewed_gain * cv.min(1.0),
            _ => truth.any_gain,
        };
        let gain = if experiment == "no_recurrence" { gain * truth.left } else { gain };
        // On the ladder of sizes the effect is the factor of neurons alone.
        let gain = if experiment == "size" { 0.05 * if skewed { truth.factor.ln() } else { 0.0 } } else { gain };
        let key = [
            letters(experiment),
            letters(model),
            letters(profile),
            cv.to_bits(),
            n.into(),
            tau.to_bits(),
            factor.to_bits(),
            seed,
        ];
        let own = truth.noise * noise(&key);
        let score =
            0.35 + 0.05 * (f64::from(n) / 100.0).ln() + gain + extra + own + 0.01 * noise(&[seed, letters(model)]);
        let unrelated = 3.0 * (0.3 * noise(&[seed, key[2], key[3]])).exp();
        let participation = if truth.aligned { unrelated } else { 3.0 * (10.0 * (gain + own)).exp() };
        self.networks.push(Network {
            experiment,
            model,
            coding,
            profile,
            cv,
            n,
            tau,
            factor,
            seed,
            score,
            participation,
            skewness: skewness(profile, cv),
        });
    }

    fn build(&mut self) {
        let truth = self.truth.clone();
        let both = |cv: f64| [("homogeneous", 0.0), (SKEWED, cv)];
        for seed in 1..=truth.seeds {
            for model in ["LI", "LIF"] {
                for &experiment in &truth.experiments {
                    match experiment {
                        "profiles" => {
                            self.add(experiment, model, "current", "homogeneous", 0.0, 100, 20.0, f64::NAN, seed, 0.0);
                            for cv in [0.2, 0.5, 1.0, 2.0] {
                                for profile in ["lognormal", "gamma"] {
                                    self.add(experiment, model, "current", profile, cv, 100, 20.0, f64::NAN, seed, 0.0);
                                }
                                if cv <= 0.5 {
                                    for profile in ["normal", "uniform", "mirrored_lognormal"] {
                                        self.add(
                                            experiment,
                                            model,
                                            "current",
                                            profile,
                                            cv,
                                            100,
                                            20.0,
                                            f64::NAN,
                                            seed,
                                            0.0,
                                        );
                                    }
                                }
                            }
                        }
                        "size" => {
                            for n in [25, 50, 100, 200, 400, 800] {
                                for (profile, cv) in both(1.0) {
                                    self.add(experiment, model, "current", profile, cv, n, 20.0, f64::NAN, seed, 0.0);
                                }
                            }
                        }
                        "tuned_tau" => {
                            for &tau in truth.taus {
                                let off = -0.03 * (tau / truth.best_tau).ln().abs();
                                self.add(experiment, model, "current", "homogeneous", 0.0, 100, tau, tau, seed, off);
                            }
                        }
                        "rate_matched" if model == "LI" => {}
                        "rate_matched" | "no_recurrence" => {
                            for (profile, cv) in both(1.0) {
                                self.add(experiment, model, "current", profile, cv, 100, 20.0, f64::NAN, seed, 0.0);
                            }
                        }
                        "coding" => {
                            for coding in ["current", "poisson", "send_on_delta"] {
                                for (profile, cv) in both(1.0) {
                                    self.add(experiment, model, coding, profile, cv, 100, 20.0, f64::NAN, seed, 0.0);
                                }
                            }
                        }
                        _ => {
                            for level in [0.5, 1.0, 1.5] {
                                for (profile, cv) in both(1.0) {
                                    let lost =
                                        if profile == SKEWED { 0.0 } else { -truth.fragile * (level - 1.0f64).abs() };
                                    self.add(experiment, model, "current", profile, cv, 100, 20.0, level, seed, lost);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the folder of a study. Texts of `results.parquet` are dictionaries, those of `networks.parquet` plain.
pub fn write(folder: &Path, truth: &Truth) {
    let mut builder = Builder { truth, networks: Vec::new() };
    builder.build();
    save(&folder.join("networks.parquet"), networks(&builder.networks));
    save(&folder.join("results.parquet"), results(&builder.networks, truth));
    let manifest = r#"{"name": "synthetic <study>", "version": "0.1.0", "host": {"cores": 2}, "command": "tauspike study synthetic",
        "started": "2026-11-24T15:00:00Z", "ended": "2026-11-24T15:01:00Z", "spec": "seeds = 10"}"#;
    std::fs::write(folder.join("study.json"), manifest).unwrap();
}

type Columns = Vec<(&'static str, ArrayRef)>;

fn save(path: &Path, columns: Columns) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn networks(networks: &[Network]) -> Columns {
    let text =
        |of: &dyn Fn(&Network) -> String| Arc::new(StringArray::from_iter_values(networks.iter().map(of))) as ArrayRef;
    let real =
        |of: &dyn Fn(&Network) -> Option<f64>| Arc::new(networks.iter().map(of).collect::<Float64Array>()) as ArrayRef;
    let cost = |scale: f64| move |n: &Network| (n.model == "LIF").then(|| scale * f64::from(n.n).powf(1.5));
    let mut at = 0;
    let ids = networks.iter().map(|_| {
        at += 1;
        format!("n{at}")
    });
    vec![
        ("network_id", Arc::new(StringArray::from_iter_values(ids)) as ArrayRef),
        ("experiment", text(&|n| n.experiment.into())),
        ("model", text(&|n| n.model.into())),
        ("coding", text(&|n| n.coding.into())),
        ("readout", text(&|_| "state".into())),
        ("profile", text(&|n| n.profile.into())),
        ("cv", real(&|n| Some(n.cv))),
        ("n", Arc::new(UInt32Array::from_iter_values(networks.iter().map(|n| n.n)))),
        ("tau_ms", real(&|n| Some(n.tau))),
        ("factor", real(&|n| Some(n.factor))),
        ("seed", Arc::new(UInt64Array::from_iter_values(networks.iter().map(|n| n.seed)))),
        ("tau_realised_cv", real(&|n| Some(n.cv))),
        ("tau_skewness", real(&|n| Some(n.skewness))),
        ("rate_hz", real(&|n| (n.model == "LIF").then_some(23.0 + 10.0 * n.cv))),
        ("synaptic_events", Arc::new(UInt64Array::from_iter_values(networks.iter().map(|n| u64::from(n.n) * 1000)))),
        (
            "operations",
            Arc::new(UInt64Array::from_iter_values(networks.iter().map(|n| u64::from(n.n) * u64::from(n.n) * 50))),
        ),
        ("participation_ratio", real(&|n| Some(n.participation))),
        ("energy_chip_event_pj", real(&cost(1e6))),
        ("energy_chip_clocked_pj", real(&cost(1e8))),
        ("energy_metabolic_atp", real(&cost(1e12))),
    ]
}

fn results(networks: &[Network], truth: &Truth) -> Columns {
    let rows =
        || networks.iter().enumerate().flat_map(|(at, network)| (0..TASKS.len()).map(move |task| (at, network, task)));
    let real = |of: &dyn Fn(usize, &Network, usize) -> f64| {
        Arc::new(Float64Array::from_iter_values(rows().map(|(at, network, task)| of(at, network, task)))) as ArrayRef
    };
    let text = |of: &dyn Fn(usize, &Network, usize) -> String| {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        rows().for_each(|(at, network, task)| builder.append_value(of(at, network, task)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let whole = |of: &dyn Fn(usize) -> u32| {
        Arc::new(UInt32Array::from_iter_values(rows().map(|(_, _, task)| of(task)))) as ArrayRef
    };
    let r2 = |_: usize, network: &Network, task: usize| {
        // Some tasks like short time constants and some long ones: tuning to each gives more than tuning to all.
        let liking = if network.experiment == "tuned_tau" {
            let best = if task.is_multiple_of(2) { 5.0 } else { 20.0 };
            if network.tau == best { truth.tuned + 0.03 } else { -0.001 }
        } else {
            0.0
        };
        network.score + 0.01 * (task as f64 - 5.5) / 5.5 + liking
    };
    let alignment = |at: usize, network: &Network, task: usize| {
        let related = if truth.aligned { r2(at, network, task) } else { 0.4 };
        0.5 * related + 0.002 * noise(&[at as u64, task as u64])
    };
    vec![
        ("network_id", text(&|at, _, _| format!("n{}", at + 1))),
        ("experiment", text(&|_, n, _| n.experiment.into())),
        ("task", text(&|_, _, task| format!("d{}_D{}", TASKS[task].0, TASKS[task].1))),
        ("degree", whole(&|task| TASKS[task].0)),
        ("shift_ms", real(&|_, _, task| TASKS[task].1)),
        ("dimensions", whole(&|_| 1)),
        ("correlation_time_ms", real(&|_, _, _| 20.0)),
        ("complexity", real(&|_, _, task| f64::from(TASKS[task].0))),
        ("r2", real(&r2)),
        ("chance_r2", real(&|_, _, _| -0.01)),
        ("alignment", real(&alignment)),
    ]
}

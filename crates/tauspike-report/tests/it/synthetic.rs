//! Writes a study with planted effects: scores follow a known formula, plus noise by seed.
//!
//! `score = 0.35 + 0.05 ln(k n / 50) - c ln(tau / best)^2 + effects + noise`: k is the planted factor of neurons of the skewed profile; the
//! homogeneous networks have a sharp optimum at 5 ms, heterogeneous ones a flat one at 20 ms. Every task gets it with an offset of its own,
//! so that all R^2 stay well above 0.

use rand_distr::{Distribution, StandardNormal};
use std::path::Path;
use tauspike_results::{Column, Rows, columns, write as table};
use tauspike_spike::draw::{Domain, Stream, block};

pub const SKEWED: (&str, f64) = ("gamma", 2.0);
const HOMOGENEOUS: (&str, f64) = ("homogeneous", 0.0);
const TAUS: [f64; 5] = [2.5, 5.0, 10.0, 20.0, 40.0];
const FEW_TAUS: [f64; 2] = [5.0, 20.0];

/// What is true of a study.
#[derive(Clone)]
pub struct Truth {
    pub seeds: u64,
    /// Gain of every skewed profile, which the other profiles do not have.
    pub skewed_gain: f64,
    /// Gain of every profile that is not homogeneous.
    pub any_gain: f64,
    /// Times as many neurons that homogeneous networks need.
    pub factor: f64,
    /// Share of the gain that is left without recurrence.
    pub left: f64,
    /// What recurrence adds to the score of all.
    pub recurrence: f64,
    /// How much of its score a homogeneous network loses at the worst level of a factor; a skewed one loses none.
    pub fragile: f64,
    /// How sharp the optimum of homogeneous networks over the mean is; of the others it is 0.002.
    pub sharp: f64,
    /// Whether the gain follows alignment (else the effective rank).
    pub aligned: bool,
    /// Score that tuning to each task adds to homogeneous networks.
    pub tuned: f64,
    /// Standard deviation of a network's score.
    pub noise: f64,
    pub reference: bool,
    pub experiments: Vec<&'static str>,
}

impl Truth {
    /// Every statement holds.
    pub fn of_all() -> Self {
        Self {
            seeds: 10,
            skewed_gain: 0.08,
            any_gain: 0.02,
            factor: 4.0,
            left: 0.97,
            recurrence: 0.0,
            fragile: 0.3,
            sharp: 0.03,
            aligned: true,
            tuned: 0.02,
            noise: 0.003,
            reference: true,
            experiments: vec!["mean", "size", "recurrence", "bias", "rate", "noise"],
        }
    }

    /// None holds: there is no effect, only noise.
    pub fn of_none() -> Self {
        Self {
            skewed_gain: 0.0,
            any_gain: 0.0,
            factor: 1.0,
            recurrence: 0.05,
            fragile: 0.0,
            sharp: 0.002,
            tuned: 0.05,
            noise: 0.02,
            ..Self::of_all()
        }
    }
}

struct Network {
    experiment: &'static str,
    axes: &'static str,
    model: &'static str,
    readout: &'static str,
    profile: (&'static str, f64),
    n: u64,
    tau: f64,
    in_degree: u64,
    bias: f64,
    rate: f64,
    level: f64,
    seed: u64,
    score: f64,
    rank: f64,
}

const TASKS: [(u64, f64); 8] =
    [(1, -20.0), (1, -10.0), (1, 0.0), (1, 10.0), (2, -20.0), (2, -10.0), (2, 0.0), (2, 10.0)];

/// What the stimulus allows in a task: of a square it is not known.
pub fn possible(task: usize) -> f64 {
    match TASKS[task] {
        (1, shift) if shift > 0.0 => 0.5,
        (1, _) => 1.0,
        _ => f64::NAN,
    }
}

/// Standard normal number of a network.
fn noise(parts: &[u64]) -> f64 {
    let key = parts.iter().fold(17u64, |key, part| block(key ^ part, Domain::other(98), 0, 0)[0]);
    StandardNormal.sample(&mut Stream::new(key, Domain::other(99), 0))
}

fn letters(text: &str) -> u64 {
    text.bytes().fold(7, |hash, byte| hash * 31 % 1_000_003 + u64::from(byte))
}

fn skewness((profile, cv): (&str, f64)) -> f64 {
    if profile == "gamma" { 2.0 * cv } else { 0.0 }
}

impl Network {
    fn base(
        experiment: &'static str,
        axes: &'static str,
        (model, readout): (&'static str, &'static str),
        profile: (&'static str, f64),
    ) -> Self {
        Self {
            experiment,
            axes,
            model,
            readout,
            profile,
            n: 50,
            tau: 20.0,
            in_degree: 10,
            bias: 15.0,
            rate: f64::NAN,
            level: 0.02,
            seed: 0,
            score: 0.0,
            rank: 0.0,
        }
    }

    /// Score and effective rank, for one seed.
    fn scored(self, truth: &Truth, seed: u64) -> Self {
        let homogeneous = self.profile == HOMOGENEOUS;
        let skewed = skewness(self.profile) > 0.3;
        let mut gain = match skewed {
            true => truth.any_gain + truth.skewed_gain,
            false if homogeneous => 0.0,
            false => truth.any_gain,
        };
        if self.in_degree == 0 {
            gain = gain * truth.left - truth.recurrence;
        }
        // On the ladder of sizes the effect is the factor of neurons alone.
        if self.experiment == "size" {
            gain = 0.05 * if skewed { truth.factor.ln() } else { 0.0 };
        }
        let lost = if self.experiment == "noise" && homogeneous { truth.fragile * (self.level - 0.02) } else { 0.0 };
        let (best, sharp) = if homogeneous { (5.0, truth.sharp) } else { (20.0, 0.002) };
        let off =
            if ["noise", "size"].contains(&self.experiment) { 0.0 } else { sharp * (self.tau / best).ln().powi(2) };
        let numbers =
            [self.profile.1, self.tau, self.bias, self.rate, self.level, self.n as f64, self.in_degree as f64];
        let names = [self.experiment, self.model, self.readout, self.profile.0].map(letters);
        let key: Vec<u64> = names.into_iter().chain(numbers.map(f64::to_bits)).chain([seed]).collect();
        let own = truth.noise * noise(&key);
        let size = 0.05 * (self.n as f64 / 50.0).ln();
        let score = 0.35 + size - off + gain - lost + own + 0.01 * noise(&[seed, letters(self.model)]);
        let unrelated = 20.0 * (0.3 * noise(&[seed, key[3], key[4], key[5]])).exp();
        let rank = if truth.aligned { unrelated } else { 20.0 * (10.0 * (gain - off + own)).exp() };
        Self { seed, score, rank, ..self }
    }
}

fn networks(truth: &Truth) -> Vec<Network> {
    let both = [HOMOGENEOUS, SKEWED];
    let mut all = Vec::new();
    for setting in [("LI", "state"), ("LIF", "filtered"), ("LIF", "membrane")] {
        for &experiment in &truth.experiments {
            let spiking = setting.0 == "LIF";
            let of = |axes, profile| Network::base(experiment, axes, setting, profile);
            match experiment {
                "mean" => all.extend(
                    [HOMOGENEOUS, ("gamma", 0.7), SKEWED, ("arcsine", 0.7)]
                        .into_iter()
                        .flat_map(|profile| TAUS.into_iter().map(move |tau| Network { tau, ..of("tau_ms", profile) })),
                ),
                "noise" => all.extend(both.into_iter().flat_map(|profile| {
                    [0.02, 0.5, 1.0].into_iter().map(move |level| Network { level, ..of("noise", profile) })
                })),
                "bias" | "rate" if !spiking => {}
                _ => all.extend(both.into_iter().flat_map(|profile| {
                    FEW_TAUS.into_iter().flat_map(move |tau| match experiment {
                        "size" => [25, 50, 100, 200]
                            .map(|n| Network { n, tau, ..of("n,tau_ms", profile) })
                            .into_iter()
                            .collect(),
                        "recurrence" => [0, 10]
                            .map(|in_degree| Network { in_degree, tau, ..of("in_degree,tau_ms", profile) })
                            .into_iter()
                            .collect(),
                        "bias" => [10.0, 15.0]
                            .map(|bias| Network { bias, tau, ..of("bias_mv,tau_ms", profile) })
                            .into_iter()
                            .collect(),
                        _ => vec![Network { rate: 10.0, tau, ..of("rate_hz,tau_ms", profile) }],
                    })
                })),
            }
        }
    }
    let of_seed = |network: Network| {
        let Network { experiment, axes, model, readout, profile, n, tau, in_degree, bias, rate, level, .. } = network;
        (1..=truth.seeds).map(move |seed| {
            let base = Network::base(experiment, axes, (model, readout), profile);
            Network { n, tau, in_degree, bias, rate, level, ..base }.scored(truth, seed)
        })
    };
    all.into_iter().flat_map(of_seed).collect()
}

/// Writes the folder of a study.
pub fn write(folder: &Path, truth: &Truth) {
    let networks = networks(truth);
    save(&folder.join("networks.parquet"), network_rows(&networks));
    save(&folder.join("results.parquet"), result_rows(&networks, truth));
    let reference = if truth.reference { r#""reference": {"profile": "gamma", "cv": 2.0},"# } else { "" };
    let manifest = format!(
        r#"{{"name": "synthetic <study>", "version": "0.1.0", "host": {{"cores": 2}}, "command": "/a/b/tauspike study synthetic",
        {reference} "base_tau_ms": 20.0, "started": "2026-11-24T15:00:00Z", "ended": "2026-11-24T15:01:00Z", "spec": "seeds = 10"}}"#
    );
    std::fs::write(folder.join("study.json"), manifest).unwrap();
}

fn save(path: &Path, (schema, rows): (Vec<Column>, Rows)) {
    table(path, &schema, [rows]).unwrap();
}

/// A table that knows its own schema.
#[derive(Default)]
struct Made {
    schema: Vec<Column>,
    rows: Rows,
}

impl Made {
    fn text(mut self, column: Column, values: impl IntoIterator<Item = String>) -> Self {
        self.schema.push(column);
        Self { rows: self.rows.text(column, values), ..self }
    }

    fn whole(mut self, column: Column, values: impl IntoIterator<Item = u64>) -> Self {
        self.schema.push(column);
        Self { rows: self.rows.whole(column, values), ..self }
    }

    fn real(mut self, column: Column, values: impl IntoIterator<Item = f64>) -> Self {
        self.schema.push(column);
        Self { rows: self.rows.real(column, values), ..self }
    }
}

fn network_rows(networks: &[Network]) -> (Vec<Column>, Rows) {
    let text = |of: fn(&Network) -> &str| networks.iter().map(move |n| of(n).to_owned());
    let real = |of: fn(&Network) -> f64| networks.iter().map(of);
    let spiking = |scale: f64| {
        networks.iter().map(move |n| if n.model == "LIF" { scale * (n.n as f64).powf(1.5) } else { f64::NAN })
    };
    let of_lif = |value: f64| networks.iter().map(move |n| if n.model == "LIF" { value } else { f64::NAN });
    let same = |value: f64| networks.iter().map(move |_| value);
    let made = Made::default()
        .text(columns::NETWORK_ID, (0..networks.len()).map(|at| format!("n{at}")))
        .text(columns::EXPERIMENT, text(|n| n.experiment))
        .text(columns::MODEL, text(|n| n.model))
        .text(columns::READOUT, text(|n| n.readout))
        .text(columns::PROFILE, text(|n| n.profile.0))
        .real(columns::CV, real(|n| n.profile.1))
        .text(columns::AXES, text(|n| n.axes))
        .whole(columns::SEED, networks.iter().map(|n| n.seed))
        .whole(columns::N, networks.iter().map(|n| n.n))
        .real(columns::TAU, real(|n| n.tau))
        .real(columns::TAU_SMALLEST, same(0.5))
        .whole(columns::IN_DEGREE, networks.iter().map(|n| n.in_degree))
        .real(columns::SPECTRAL_RADIUS, same(0.9))
        .real(columns::INPUT_WEIGHT, same(0.5))
        .real(columns::BIAS, same(0.5))
        .real(columns::WEIGHT, of_lif(10.0))
        .real(columns::INPUT, of_lif(15.0))
        .real(columns::BIAS_MV, real(|n| n.bias))
        .real(columns::BIAS_SPREAD, of_lif(10.0))
        .real(columns::MATCHED_RATE, real(|n| n.rate))
        .real(columns::NOISE, real(|n| n.level))
        .real(columns::TAU_SYN, of_lif(5.0))
        .real(columns::DELAY, of_lif(1.5))
        .real(columns::POISSON_SOURCES, same(f64::NAN))
        .real(columns::POISSON_RATE, same(f64::NAN))
        .real(columns::SEND_ON_DELTA, same(f64::NAN))
        .whole(columns::EVERY, networks.iter().map(|_| 1))
        .real(columns::TRAIN_SAMPLES, same(f64::NAN))
        .real(columns::LOST_NEURONS, same(0.0))
        .real(columns::LOST_SYNAPSES, same(0.0))
        .real(columns::DRIFT, same(0.0))
        .real(columns::FILTER, same(20.0))
        .real(columns::SCORE, real(|n| n.score))
        .real(columns::MEAN_CHANCE, same(-0.01))
        .real(columns::MEAN_ALIGNMENT, real(|n| 0.5 * n.score))
        .real(columns::MEAN_EFFECTIVE_RANK, real(|n| n.rank))
        .real(columns::PARTICIPATION_RATIO, same(3.0))
        .real(columns::TAU_REALISED_CV, real(|n| n.profile.1))
        .real(columns::TAU_SKEWNESS, real(|n| skewness(n.profile)))
        .real(columns::TAU_CLIPPED, same(0.1))
        .real(columns::TAU_BELOW_STEP, same(0.2))
        .real(columns::RATE, of_lif(23.0));
    let operations = networks.iter().map(|n| Some(n.n * n.n * 50));
    let mut made = Made { rows: made.rows.count(columns::OPERATIONS, operations), ..made };
    made.schema.push(columns::OPERATIONS);
    let made = made
        .real(columns::ENERGY_RECURRENCE, spiking(1e6))
        .real(columns::ENERGY_INPUT, spiking(1e5))
        .real(columns::ENERGY_NEURONS, spiking(1e8))
        .real(columns::ENERGY_READOUT, spiking(1e4))
        .real(columns::ENERGY_METABOLIC, spiking(1e12));
    (made.schema, made.rows)
}

fn result_rows(networks: &[Network], truth: &Truth) -> (Vec<Column>, Rows) {
    let rows = || networks.iter().enumerate().flat_map(|(at, n)| (0..TASKS.len()).map(move |task| (at, n, task)));
    let r2 = |network: &Network, task: usize| {
        // Some tasks like short time constants and some long ones: tuning to each gives more than tuning to all.
        let best = if task.is_multiple_of(2) { 5.0 } else { 20.0 };
        let liking = if network.profile == HOMOGENEOUS && network.experiment == "mean" && network.tau == best {
            truth.tuned
        } else {
            0.0
        };
        network.score + 0.01 * (task as f64 - 3.5) / 3.5 + liking
    };
    let alignment = |at: usize, network: &Network, task: usize| {
        let related = if truth.aligned { r2(network, task) } else { 0.4 };
        0.5 * related + 0.002 * noise(&[at as u64, task as u64])
    };
    let made = Made::default()
        .text(columns::NETWORK_ID, rows().map(|(at, ..)| format!("n{at}")))
        .text(columns::READOUT, rows().map(|(_, n, _)| n.readout.to_owned()))
        .text(columns::TASK, rows().map(|(.., task)| format!("d{}_D{}", TASKS[task].0, TASKS[task].1)))
        .whole(columns::DEGREE, rows().map(|(.., task)| TASKS[task].0))
        .real(columns::SHIFT, rows().map(|(.., task)| TASKS[task].1))
        .whole(columns::DIMENSIONS, rows().map(|_| 1))
        .real(columns::CORRELATION_TIME, rows().map(|_| 20.0))
        .real(columns::POSSIBLE_R2, rows().map(|(.., task)| possible(task)))
        .real(columns::R2, rows().map(|(_, n, task)| r2(n, task)))
        .real(columns::ALIGNMENT, rows().map(|(at, n, task)| alignment(at, n, task)))
        .real(columns::EFFECTIVE_RANK, rows().map(|(_, n, _)| n.rank));
    (made.schema, made.rows)
}

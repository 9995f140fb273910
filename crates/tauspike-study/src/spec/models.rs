//! `[network]`, `[li]`, `[lif]`, `[readout]`, `seeds` and `models`: what the experiments start from.

use super::{Result, count, number, number_from, table, unique};
use crate::cell::{Cell, Coding, Li, Lif, Model, Reading, Readout};
use crate::profile::Profile;
use tauspike_scenario::section::{Entry, Range, Section};
use tauspike_scenario::tree::Value;

pub(super) const MODELS: [&str; 2] = ["LI", "LIF"];
const READOUTS: [&str; 2] = ["filtered", "membrane"];
const CODINGS: [&str; 3] = ["current", "poisson", "send_on_delta"];
const MOST_NEURONS: u64 = 20_000;
/// The smallest time constant of a neuron, ms, that the engine takes.
const LEAST_TAU: f64 = 1e-9;

/// The tables whose keys an experiment may sweep over or an arm set, each with its keys; `li` and `lif` are of one model.
pub(super) const SETTABLE: [(&str, &[&str]); 4] =
    [("network", NETWORK), ("li", LI), ("lif", LIF), ("readout", READING)];
const NETWORK: &[&str] = &["n", "tau_ms", "tau_min_ms", "in_degree"];
const LI: &[&str] = &["spectral_radius", "input_weight", "bias", "noise"];
const LIF: &[&str] = &[
    "weight_mv",
    "input_mv",
    "bias_mv",
    "bias_spread_mv",
    "rate_hz",
    "noise",
    "tau_syn_ms",
    "delay_ms",
    "coding",
    "poisson_sources",
    "poisson_rate_hz",
    "send_on_delta",
];
const READING: &[&str] = &["every", "train_samples", "lost_neurons", "lost_synapses", "drift", "filter_ms"];

/// The parameters of a network, but for its profile and seed.
pub(super) struct Base {
    pub tau: f64,
    tau_min: f64,
    n: u32,
    in_degree: u32,
    li: Li,
    lif: Lif,
    reading: Reading,
}

impl Base {
    /// The cell of one model (a position in [`MODELS`]).
    pub fn cell(&self, model: usize, profile: &Profile, cv: f64, seed: u64) -> Cell {
        let model = if model == 0 { Model::Li(self.li.clone()) } else { Model::Lif(self.lif.clone()) };
        let Self { tau, tau_min, n, in_degree, .. } = *self;
        let reading = self.reading.clone();
        Cell { profile: profile.clone(), cv, tau, tau_min, n, in_degree, seed, model, reading }
    }
}

pub(super) fn read(whole: &Section) -> Result<Base> {
    let network = table(whole, "network")?;
    network.allow(NETWORK)?;
    // twice: without tau_min_ms, that is half of it
    let tau = number_from(&network, "tau_ms", 2.0 * LEAST_TAU, 20.0)?;
    let tau_min = number_from(&network, "tau_min_ms", LEAST_TAU, 0.5f64.min(tau / 2.0))?;
    if let Some(entry) = network.get("tau_min_ms").filter(|_| tau_min >= tau) {
        return Err(entry.refuse(format!("below tau_ms = {tau}")));
    }
    let n = count(&network, "n", (2, MOST_NEURONS), 100)?;
    let in_degree = count(&network, "in_degree", (0, n - 1), 10.min(n - 1))?;
    Ok(Base {
        tau,
        tau_min,
        n: n as u32,
        in_degree: in_degree as u32,
        li: read_li(whole)?,
        lif: read_lif(whole)?,
        reading: read_reading(whole)?,
    })
}

/// Positions in [`MODELS`].
pub(super) fn models(whole: &Section) -> Result<Vec<usize>> {
    choices(whole.get("models"), &MODELS, &[0, 1])
}

/// A number of seeds, from 1 on, or a list of them.
pub(super) fn seeds(whole: &Section) -> Result<Vec<u64>> {
    let allowed = "a number of networks for each cell, or a list of seeds";
    let entry = whole.need("seeds", allowed)?;
    match entry.node.value {
        Value::List(_) => {
            let items = entry.items(allowed)?;
            let seeds: Vec<u64> = items.iter().map(|item| item.integer(0, i64::MAX as u64)).collect::<Result<_>>()?;
            unique(items.iter().zip(&seeds))?;
            Ok(seeds)
        }
        _ => Ok((1..=entry.integer(1, 10_000)?).collect()),
    }
}

/// Positions of the words that are listed; `default` if nothing is.
pub(super) fn choices(entry: Option<Entry>, words: &[&str], default: &[usize]) -> Result<Vec<usize>> {
    let Some(entry) = entry else { return Ok(default.to_vec()) };
    let items = entry.items("a list of words, not empty")?;
    let chosen: Vec<usize> = items.iter().map(|item| item.choice(words)).collect::<Result<_>>()?;
    unique(items.iter().zip(&chosen))?;
    Ok(chosen)
}

fn read_li(whole: &Section) -> Result<Li> {
    let li = table(whole, "li")?;
    li.allow(LI)?;
    Ok(Li {
        spectral_radius: number(&li, "spectral_radius", Range::NotNegative, 0.9)?,
        input_weight: number(&li, "input_weight", Range::Positive, 0.5)?,
        bias: number(&li, "bias", Range::NotNegative, 0.5)?,
        noise: number(&li, "noise", Range::NotNegative, 0.02)?,
    })
}

fn read_lif(whole: &Section) -> Result<Lif> {
    let lif = table(whole, "lif")?;
    lif.allow(LIF)?;
    let sources = count(&lif, "poisson_sources", (1, 1000), 10)? as u32;
    let poisson = Coding::Poisson { sources, rate: number(&lif, "poisson_rate_hz", Range::Positive, 50.0)? };
    let send_on_delta = Coding::SendOnDelta { delta: number(&lif, "send_on_delta", Range::Positive, 0.25)? };
    let coding = lif.get("coding").map_or(Ok(0), |entry| entry.choice(&CODINGS))?;
    Ok(Lif {
        weight: number(&lif, "weight_mv", Range::NotNegative, 10.0)?,
        input: number(&lif, "input_mv", Range::Positive, 15.0)?,
        bias: number(&lif, "bias_mv", Range::Finite, 10.0)?,
        bias_spread: number(&lif, "bias_spread_mv", Range::NotNegative, 10.0)?,
        noise: number(&lif, "noise", Range::NotNegative, 0.02)?,
        tau_syn: number(&lif, "tau_syn_ms", Range::Positive, 5.0)?,
        delay: number(&lif, "delay_ms", Range::NotNegative, 1.5)?,
        coding: [Coding::Current, poisson, send_on_delta][coding],
        rate: lif.get("rate_hz").map(|entry| super::moderate(&entry, Range::Positive)).transpose()?,
    })
}

/// All of `[readout]` but `folds`, which belongs to the tasks.
fn read_reading(whole: &Section) -> Result<Reading> {
    let readout = table(whole, "readout")?;
    readout.allow(&[&["folds", "spiking"], READING].concat())?;
    let share = |key| match readout.get(key) {
        Some(entry) => match entry.number(Range::NotNegative)? {
            share if share < 1.0 => Ok(share),
            _ => Err(entry.refuse("a share, from 0 to below 1")),
        },
        None => Ok(0.0),
    };
    let spiking = choices(readout.get("spiking"), &READOUTS, &[0, 1])?;
    let training = readout.get("train_samples").map(|entry| entry.integer(10, 10_000_000)).transpose()?;
    Ok(Reading {
        every: count(&readout, "every", (1, 1000), 1)? as usize,
        train_samples: training.map(|samples| samples as usize),
        lost_neurons: share("lost_neurons")?,
        lost_synapses: share("lost_synapses")?,
        drift: number(&readout, "drift", Range::NotNegative, 0.0)?,
        filter: number(&readout, "filter_ms", Range::Positive, 20.0)?,
        spiking: spiking.into_iter().map(|k| [Readout::Filtered, Readout::Membrane][k]).collect(),
    })
}

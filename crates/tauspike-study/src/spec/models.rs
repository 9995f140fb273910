//! `[network]`, `[li]`, `[lif]`, `seeds` and `models`: what the experiments start from.

use super::{Result, count, number, table, unique};
use crate::cell::{Cell, Coding, Li, Lif, Model, Readout};
use crate::profile::Profile;
use tauspike_scenario::section::{Entry, Range, Section};
use tauspike_scenario::tree::Value;

pub(super) const MODELS: [&str; 2] = ["LI", "LIF"];
pub(super) const READOUTS: [&str; 2] = ["membrane", "filtered"];
const MOST_NEURONS: u64 = 20_000;

/// What the experiments change one thing of.
pub(super) struct Base {
    pub seeds: Vec<u64>,
    /// Positions in [`MODELS`].
    pub models: Vec<usize>,
    pub tau: f64,
    tau_min: f64,
    pub n: u32,
    pub in_degree: u32,
    pub li: Li,
    pub lif: Lif,
    pub poisson: Coding,
    pub send_on_delta: Coding,
    pub filter: Readout,
}

impl Base {
    /// The cell of one model (a position in [`MODELS`]).
    pub fn cell(&self, model: usize, profile: &Profile, cv: f64, seed: u64) -> Cell {
        let model = if model == 0 { Model::Li(self.li.clone()) } else { Model::Lif(self.lif.clone()) };
        let Self { tau, tau_min, n, in_degree, .. } = *self;
        Cell { profile: profile.clone(), cv, tau, tau_min, n, in_degree, seed, model }
    }
}

pub(super) fn read(whole: &Section) -> Result<Base> {
    let network = table(whole, "network")?;
    network.allow(&["n", "tau_ms", "tau_min_ms", "in_degree"])?;
    let tau = number(&network, "tau_ms", Range::Positive, 20.0)?;
    let tau_min = number(&network, "tau_min_ms", Range::Positive, 0.5)?;
    if let Some(entry) = network.get("tau_min_ms").filter(|_| tau_min >= tau) {
        return Err(entry.refuse(format!("below tau_ms = {tau}")));
    }
    let n = count(&network, "n", (2, MOST_NEURONS), 100)?;
    let in_degree = count(&network, "in_degree", (0, n - 1), 10.min(n - 1))?;
    let (lif, poisson, send_on_delta, filter) = read_lif(whole)?;
    Ok(Base {
        seeds: seeds(whole)?,
        models: choices(whole.get("models"), &MODELS, &[0, 1])?,
        tau,
        tau_min,
        n: n as u32,
        in_degree: in_degree as u32,
        li: read_li(whole)?,
        lif,
        poisson,
        send_on_delta,
        filter,
    })
}

/// A number of seeds, from 1 on, or a list of them.
fn seeds(whole: &Section) -> Result<Vec<u64>> {
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
    li.allow(&["spectral_radius", "input_weight", "bias", "noise"])?;
    Ok(Li {
        spectral_radius: number(&li, "spectral_radius", Range::NotNegative, 0.9)?,
        input_weight: number(&li, "input_weight", Range::Positive, 0.5)?,
        bias: number(&li, "bias", Range::NotNegative, 0.5)?,
        noise: number(&li, "noise", Range::NotNegative, 0.02)?,
    })
}

fn read_lif(whole: &Section) -> Result<(Lif, Coding, Coding, Readout)> {
    let lif = table(whole, "lif")?;
    lif.allow(&[
        "weight_mv",
        "input_mv",
        "bias_mv",
        "bias_spread_mv",
        "noise",
        "tau_syn_ms",
        "delay_ms",
        "readout",
        "filter_ms",
        "poisson_sources",
        "poisson_rate_hz",
        "send_on_delta",
    ])?;
    let filter = Readout::Filtered { tau: number(&lif, "filter_ms", Range::Positive, 20.0)? };
    let readout = lif.get("readout").map_or(Ok(0), |entry| entry.choice(&READOUTS))?;
    let sources = count(&lif, "poisson_sources", (1, 1000), 10)? as u32;
    let poisson = Coding::Poisson { sources, rate: number(&lif, "poisson_rate_hz", Range::Positive, 50.0)? };
    let send_on_delta = Coding::SendOnDelta { delta: number(&lif, "send_on_delta", Range::Positive, 0.25)? };
    let lif = Lif {
        weight: number(&lif, "weight_mv", Range::NotNegative, 10.0)?,
        input: number(&lif, "input_mv", Range::Positive, 15.0)?,
        bias: number(&lif, "bias_mv", Range::Finite, 10.0)?,
        bias_spread: number(&lif, "bias_spread_mv", Range::NotNegative, 10.0)?,
        noise: number(&lif, "noise", Range::NotNegative, 0.02)?,
        tau_syn: number(&lif, "tau_syn_ms", Range::Positive, 5.0)?,
        delay: number(&lif, "delay_ms", Range::NotNegative, 1.5)?,
        coding: Coding::Current,
        readout: if READOUTS[readout] == "membrane" { Readout::Membrane } else { filter },
        rate_matched: false,
    };
    Ok((lif, poisson, send_on_delta, filter))
}

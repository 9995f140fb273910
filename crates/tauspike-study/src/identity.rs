//! What defines a cell, as text: the name under which its result is kept.
//!
//! One `key = value` on each line, in a fixed order:
//!
//! ```text
//! tauspike study cell 4          the version of this text
//! suite = 5d41...                SHA-256 of the text of the suite
//! profile = gamma                distribution, with its parameters; not what the study calls it
//! match = mean                   what is at tau_ms; then levels, quantum_ms and mismatch_cv, if there are any
//! cv = 2e0
//! tau_ms = 2e1
//! tau_min_ms = 5e-1
//! n = 100
//! in_degree = 10
//! seed = 1
//! model = LIF
//! weight_mv = 1e1                the parameters of the model
//! ...
//! ```
//!
//! Numbers are the shortest decimal that reads back to the same f64. Nothing here follows from names in the program, so renaming a
//! field discards no finished study; a test holds the text of known cells. A field that is added gets a line where it differs from
//! what was done before, and none where it does not. A change of what a line means counts up [`VERSION`], and discards them all.

use crate::cell::{Cell, Coding, Li, Lif, Model, Reading};
use crate::profile::{Device, Kind, Location, Profile};
use crate::suite::{Sampling, Suite};
use std::fmt::Write;
use tauspike_network::Family;
use tauspike_record::sha256_hex;
use tauspike_task::{Basis, Factor, Stimulus, Target};

/// Counts every change of what a cell means: of this text, or of what is run for it.
pub const VERSION: u32 = 4;

/// The text of a cell under the suite with the text `suite`.
pub fn of_cell(cell: &Cell, suite: &str) -> String {
    let Cell { profile, cv, tau, tau_min, n, in_degree, seed, model, reading } = cell;
    let mut text = format!("tauspike study cell {VERSION}\nsuite = {}\n", sha256_hex(suite));
    let mut line = |key: &str, value: String| line(&mut text, key, &value);
    line("profile", of_kind(&profile.kind));
    for (key, value) in matched(profile) {
        line(key, value);
    }
    line("cv", number(*cv));
    line("tau_ms", number(*tau));
    line("tau_min_ms", number(*tau_min));
    line("n", n.to_string());
    line("in_degree", in_degree.to_string());
    line("seed", seed.to_string());
    match model {
        Model::Li(Li { spectral_radius, input_weight, bias, noise }) => {
            line("model", "LI".into());
            line("spectral_radius", number(*spectral_radius));
            line("input_weight", number(*input_weight));
            line("bias", number(*bias));
            line("noise", number(*noise));
        }
        Model::Lif(Lif { weight, input, bias, bias_spread, noise, tau_syn, delay, coding, rate }) => {
            line("model", "LIF".into());
            line("weight_mv", number(*weight));
            line("input_mv", number(*input));
            line("bias_mv", number(*bias));
            line("bias_spread_mv", number(*bias_spread));
            line("noise", number(*noise));
            line("tau_syn_ms", number(*tau_syn));
            line("delay_ms", number(*delay));
            line("coding", of_coding(*coding));
            line("rate_hz", rate.map_or_else(|| "as it is".into(), number));
        }
    }
    let Reading { every, train_samples, lost_neurons, lost_synapses, drift, filter, spiking: _ } = reading;
    line("every", every.to_string());
    line("train_samples", train_samples.map_or_else(|| "all".into(), |samples| samples.to_string()));
    line("lost_neurons", number(*lost_neurons));
    line("lost_synapses", number(*lost_synapses));
    line("drift", number(*drift));
    if let Model::Lif(_) = model {
        line("filter_ms", number(*filter));
    }
    line("readouts", cell.readouts().iter().map(|readout| readout.name()).collect::<Vec<_>>().join(" "));
    text
}

/// The text of a suite: sampling, then every stimulus, and under it its tasks with their positions in the results.
pub fn of_suite(suite: &Suite) -> String {
    let Suite { tasks, stimuli, sampling, folds } = suite;
    let Sampling { step, washout, train, gap, test } = *sampling;
    let mut text = format!("tauspike study suite {VERSION}\n");
    line(&mut text, "step_ms", &number(step));
    for (key, count) in [("washout", washout), ("train", train), ("gap", gap), ("test", test), ("folds", *folds)] {
        line(&mut text, key, &count.to_string());
    }
    for stimulus in stimuli {
        let (kind, dimensions) = (of_stimulus(&stimulus.source.kind), stimulus.source.dimensions);
        line(&mut text, "stimulus", &format!("{kind}, {dimensions} dimensions, {} samples", stimulus.len));
        for &at in &stimulus.tasks {
            line(&mut text, &format!("task {at}"), &of_target(&tasks[at].target));
        }
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}"); // writing to a String cannot fail
}

fn number(value: f64) -> String {
    format!("{value:e}")
}

/// What is matched, and on which device; nothing for a homogeneous network on a device without limits.
fn matched(Profile { name: _, kind, location, device }: &Profile) -> Vec<(&'static str, String)> {
    let Device { levels, quantum, mismatch } = *device;
    let mut lines = Vec::new();
    if *kind != Kind::Homogeneous {
        let location = match location {
            Location::Mean => "mean",
            Location::Median => "median",
            Location::HarmonicMean => "harmonic_mean",
        };
        lines.push(("match", location.to_owned()));
    }
    lines.extend(levels.map(|levels| ("levels", levels.to_string())));
    let limits = [("quantum_ms", quantum), ("mismatch_cv", mismatch)];
    lines.extend(limits.into_iter().filter(|(_, limit)| *limit != 0.0).map(|(key, limit)| (key, number(limit))));
    lines
}

fn of_kind(kind: &Kind) -> String {
    match kind {
        Kind::Homogeneous => "homogeneous".into(),
        Kind::Normal => "normal".into(),
        Kind::Uniform => "uniform".into(),
        Kind::Arcsine => "arcsine".into(),
        Kind::LogUniform => "log_uniform".into(),
        Kind::Skewed { family, mirrored } => {
            let family = match family {
                Family::Lognormal => "lognormal",
                Family::Gamma => "gamma",
                Family::InverseGaussian => "inverse_gaussian",
                Family::InverseGamma => "inverse_gamma",
            };
            if *mirrored { format!("mirrored {family}") } else { family.into() }
        }
        Kind::Beta { skewness } => format!("beta of skewness {}", number(*skewness)),
        Kind::TwoPoint { skewness } => format!("two_point of skewness {}", number(*skewness)),
        Kind::Empirical(values) => {
            let values: Vec<String> = values.iter().map(|value| number(*value)).collect();
            format!("empirical {}", values.join(" "))
        }
    }
}

fn of_coding(coding: Coding) -> String {
    match coding {
        Coding::Current => "current".into(),
        Coding::Poisson { sources, rate } => format!("poisson, {sources} sources of {} Hz", number(rate)),
        Coding::SendOnDelta { delta } => format!("send_on_delta by {}", number(delta)),
    }
}

/// Given samples by their values, not by their name.
fn of_stimulus(stimulus: &Stimulus) -> String {
    match stimulus {
        Stimulus::OrnsteinUhlenbeck { correlation_time } => {
            format!("ornstein_uhlenbeck of {} ms", number(*correlation_time))
        }
        Stimulus::BandLimited { correlation_time } => format!("band_limited of {} ms", number(*correlation_time)),
        Stimulus::Uniform {} => "uniform".into(),
        Stimulus::MackeyGlass { unit } => format!("mackey_glass of unit {} ms", number(*unit)),
        Stimulus::Lorenz { unit } => format!("lorenz of unit {} ms", number(*unit)),
        Stimulus::Narma10 {} => "drive of narma10".into(),
        Stimulus::Given { name: _, samples } if samples.given().is_empty() => {
            format!("given {}", of_series(samples.dimensions()))
        }
        Stimulus::Given { name: _, samples } => {
            format!("given {} with {}", of_series(samples.dimensions()), of_series(samples.given()))
        }
    }
}

fn of_series(series: &[Vec<f64>]) -> String {
    let values = |values: &Vec<f64>| values.iter().map(|value| number(*value)).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = series.iter().map(values).collect();
    sha256_hex(&lines.join("\n"))
}

fn of_target(Target { basis, factors }: &Target) -> String {
    let basis = match basis {
        Basis::Power => "power",
        Basis::Legendre => "legendre",
        Basis::Given => "given",
    };
    let factor = |Factor { dimension, degree, shift }: &Factor| format!(" u{dimension}^{degree}@{}", number(*shift));
    format!("{basis}{}", factors.iter().map(factor).collect::<String>())
}

#[cfg(test)]
mod tests;

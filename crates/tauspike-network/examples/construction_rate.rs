//! Measures construction: nanoseconds and resident bytes per synapse (Linux).
//!
//! `cargo run --release -p tauspike-network --example construction_rate -- [neurons] [degree] [kind] [threads]`, where kind is
//! `shared`, `weights` (drawn weights), `both` (drawn weights and delays), `grid` (delays on a 0.1 ms grid), `strict` (no
//! autapses, no multapses), `out` (fixed out-degree), `total`, or `bernoulli`.
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::time::Instant;
use tauspike_network::{BuildOptions, Distribution, LifSpec, NetworkBuilder, Parameter, ProjectionSpec, Rule, Spread};

fn resident_bytes(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |place: usize, default: &str| arguments.get(place).map_or(default, String::as_str).to_owned();
    let neurons: u32 = argument(0, "100000").parse()?;
    let degree: u32 = argument(1, "1000").parse()?;
    let kind = argument(2, "shared");
    let threads: usize = argument(3, "1").parse()?;

    let rule = match kind.as_str() {
        "out" => Rule::FixedOutDegree(degree),
        "total" => Rule::FixedTotal(u64::from(neurons) * u64::from(degree)),
        "bernoulli" => Rule::PairwiseBernoulli(f64::from(degree) / f64::from(neurons)),
        _ => Rule::FixedInDegree(degree),
    };
    let drawn = |mean, yes| {
        if yes { Parameter::Drawn(Distribution::normal(mean, Spread::Cv(0.2))) } else { Parameter::Value(mean) }
    };
    let mut builder = NetworkBuilder::new(1);
    let population = builder.population("E", neurons, LifSpec::default());
    let spec = ProjectionSpec::new("E to E", (population, population), rule)
        .weight(drawn(0.1, matches!(kind.as_str(), "weights" | "both" | "grid")))
        .delay(drawn(1.5, matches!(kind.as_str(), "both" | "grid")));
    let spec = if kind == "strict" { spec.without_autapses().without_multapses() } else { spec };
    builder.project(ProjectionSpec { round_to: (kind == "grid").then_some(0.1), ..spec });

    let predicted = builder.predict().bytes;
    let before = resident_bytes("VmRSS");
    let start = Instant::now();
    let network = builder.build(&BuildOptions { threads, ..BuildOptions::default() })?;
    let seconds = start.elapsed().as_secs_f64();
    let synapses = network.synapses() as f64;
    println!(
        "{kind}: {synapses} synapses, {} blocks, {:.2} ns per synapse; bytes per synapse: resident {:.3}, peak {:.3}, table {:.3}, predicted {:.3}",
        network.blocks().len(),
        seconds * 1e9 / synapses,
        (resident_bytes("VmRSS") - before) as f64 / synapses,
        (resident_bytes("VmHWM") - before) as f64 / synapses,
        network.bytes() as f64 / synapses,
        predicted as f64 / synapses,
    );
    Ok(())
}

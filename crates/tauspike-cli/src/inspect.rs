//! `inspect`: builds the network and tells what its parameters and synapses came out as.

mod connectivity;
mod parameters;

use crate::args::InspectArgs;
use crate::columns::{Columns, bytes, count, number, number_or_dash};
use crate::failure::Failure;
use crate::output;
use connectivity::ProjectionReport;
use parameters::PopulationReport;
use serde::Serialize;
use std::fmt::{self, Write};
use tauspike_network::{Network, NetworkBuilder};
use tauspike_scenario::load;

/// What a network came out as; written with `Display` for people.
#[derive(Serialize)]
pub struct Report {
    scenario: String,
    seed: u64,
    neurons: u32,
    synapses: u64,
    bytes: u64,
    min_delay_ms: Option<f64>,
    max_delay_ms: Option<f64>,
    populations: Vec<PopulationReport>,
    projections: Vec<ProjectionReport>,
}

/// # Errors
/// If the scenario is refused.
pub fn inspect(args: &InspectArgs) -> Result<(), Failure> {
    let scenario = load(&args.scenario.scenario, &args.scenario.overrides())?;
    let builder = scenario.builder()?;
    let network = scenario.build(builder.clone(), args.threads.count())?;
    let report = report(scenario.name(), &builder, &network);
    if args.scenario.json { output::print_json(&report) } else { output::print(&report.to_string()) }
}

/// Of the network that `builder` describes, which is called `name`.
pub fn report(name: &str, builder: &NetworkBuilder, network: &Network) -> Report {
    let synapses = network.synapses();
    Report {
        scenario: name.to_owned(),
        seed: network.seed(),
        neurons: network.neurons(),
        synapses,
        bytes: network.bytes(),
        min_delay_ms: (synapses > 0).then(|| network.min_delay()),
        max_delay_ms: (synapses > 0).then(|| network.max_delay()),
        populations: parameters::of(network, |population| builder.cells(population)),
        projections: (0..network.projections().len()).map(|k| connectivity::of(network, k)).collect(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self))
    }
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{}: {} neurons and sources, {} synapses, {}, seed {}",
        report.scenario,
        count(report.neurons.into()),
        count(report.synapses),
        bytes(report.bytes),
        report.seed
    );
    if let (Some(min), Some(max)) = (report.min_delay_ms, report.max_delay_ms) {
        let _ = writeln!(text, "delays from {min} to {max} ms");
    }
    for population in &report.populations {
        let _ = writeln!(
            text,
            "\npopulation {} ({}, {} members)",
            population.name,
            population.model,
            count(population.size.into())
        );
        let mut table = Columns::new(&["parameter", "", "mean", "CV", "skewness", "smallest", "largest"]);
        for p in &population.parameters {
            let (asked, of) = (&p.asked, &p.realised);
            let moments = |mean, cv, skewness| [number(mean), number_or_dash(cv), number(skewness)];
            let realised =
                moments(of.mean, of.cv, of.skewness).into_iter().chain([of.smallest, of.largest].map(number));
            let constant = of.smallest == of.largest && of.mean == asked.mean;
            let name = if constant {
                [p.name.to_owned(), String::new()]
            } else {
                let asked =
                    moments(asked.mean, asked.cv, asked.skewness).into_iter().chain([String::new(), String::new()]);
                table.row([p.name.to_owned(), "asked for".to_owned()].into_iter().chain(asked));
                [String::new(), "realised".to_owned()]
            };
            table.row(name.into_iter().chain(realised));
        }
        if !population.parameters.is_empty() {
            let _ = write!(text, "{table}");
        }
    }
    for projection in &report.projections {
        let _ = write!(text, "\n{}", projection_text(projection));
    }
    text
}

fn projection_text(p: &ProjectionReport) -> String {
    let mut table = Columns::new(&["", "mean", "sd", "smallest", "largest"]);
    let unit = p.weight_unit;
    for (name, spread) in [
        ("in-degree".to_owned(), &p.in_degree),
        ("out-degree".to_owned(), &p.out_degree),
        (format!("weight ({unit})"), &p.weight),
        ("delay (ms)".to_owned(), &p.delay_ms),
    ] {
        if let Some(of) = spread {
            table.row([name, number(of.mean), number(of.sd), number(of.smallest), number(of.largest)]);
        }
    }
    format!(
        "projection {} ({} to {}): {} synapses, {} pairs, density {}\n{table}",
        p.name,
        p.source,
        p.target,
        count(p.synapses),
        count(p.pairs),
        number(p.density)
    )
}

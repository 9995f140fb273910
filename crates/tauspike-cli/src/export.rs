//! `export`: the synapses of a scenario, and the parameters its neurons came out with, as tables and matrices.

use crate::args::ExportArgs;
use crate::failure::Failure;
use crate::output;
use serde::Serialize;
use std::path::PathBuf;
use tauspike_scenario::export::Export;
use tauspike_scenario::load;

#[derive(Serialize)]
struct Report {
    scenario: String,
    seed: u64,
    outputs: Vec<PathBuf>,
}

/// # Errors
/// If the scenario is refused, or a file exists or cannot be written.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    let scenario = load(&args.scenario.scenario, &args.scenario.overrides())?;
    let export = Export {
        connectivity: args.connectivity.as_deref(),
        projections: &args.projection,
        parameters: args.parameters.as_deref(),
        replace: args.force,
        threads: args.threads.count(),
    };
    let outputs = tauspike_scenario::export::export(&scenario, export)?;
    if args.scenario.json {
        return output::print_json(&Report { scenario: scenario.name().to_owned(), seed: scenario.seed(), outputs });
    }
    output::print(&outputs.iter().map(|path| format!("wrote   {}\n", path.display())).collect::<String>())
}

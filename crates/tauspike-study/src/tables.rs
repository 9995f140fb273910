//! `networks.parquet`, one row per network, and `results.parquet`, one row per network and task.
//!
//! Both depend on the study alone: no clock, no thread, no machine is in them.

use crate::error::StudyError;
use crate::measure::{Measured, Spiking};
use crate::plan::Planned;
use crate::spec::Study;
use std::path::Path;
use tauspike_results::{Rows, columns, write};
use tauspike_task::Task;

/// Rows of `results.parquet` that are encoded at a time.
const ROWS: usize = 1 << 18;

/// Writes both tables into `out`; `measured` belongs to the networks of the plan, one by one.
pub(crate) fn write_both(out: &Path, study: &Study, measured: &[&Measured]) -> Result<(), StudyError> {
    let networks: Vec<(&Planned, &Measured)> = study.plan.iter().zip(measured.iter().copied()).collect();
    write(&out.join(columns::NETWORKS), &columns::networks(), [network_rows(&networks)])?;
    let at_once = (ROWS / study.suite.tasks.len().max(1)).max(1);
    let parts = networks.chunks(at_once).map(|part| result_rows(study, part));
    Ok(write(&out.join(columns::RESULTS), &columns::results(), parts)?)
}

/// What identifies a network: `network_id` to `seed`.
fn identity<'a>(rows: impl Iterator<Item = &'a Planned> + Clone) -> Rows {
    let text = |of: fn(&Planned) -> String| rows.clone().map(of);
    let number = |of: fn(&Planned) -> f64| rows.clone().map(of);
    Rows::default()
        .text(columns::NETWORK_ID, text(Planned::id))
        .text(columns::EXPERIMENT, text(|p| p.experiment.to_owned()))
        .text(columns::MODEL, text(|p| p.cell.model_name().to_owned()))
        .text(columns::CODING, text(|p| p.cell.coding_name().to_owned()))
        .text(columns::READOUT, text(|p| p.cell.readout_name().to_owned()))
        .text(columns::PROFILE, text(|p| p.cell.profile.name.clone()))
        .real(columns::CV, number(|p| p.cell.cv))
        .whole(columns::N, rows.clone().map(|p| u64::from(p.cell.n)))
        .real(columns::TAU, number(|p| p.cell.tau))
        .real(columns::FACTOR, number(|p| p.factor))
        .whole(columns::SEED, rows.clone().map(|p| p.cell.seed))
}

fn network_rows(networks: &[(&Planned, &Measured)]) -> Rows {
    let number = |of: fn(&Measured) -> f64| networks.iter().map(move |(_, m)| of(m));
    let spiking = |of: fn(&Spiking) -> f64| networks.iter().map(move |(_, m)| m.spiking.as_ref().map_or(f64::NAN, of));
    let mut rows = identity(networks.iter().map(|(planned, _)| *planned))
        .real(columns::TAU_MEAN, number(|m| m.tau[0]))
        .real(columns::TAU_REALISED_CV, number(|m| m.tau[1]))
        .real(columns::TAU_SKEWNESS, number(|m| m.tau[2]))
        .real(columns::TAU_MIN, number(|m| m.tau[3]))
        .real(columns::TAU_MAX, number(|m| m.tau[4]))
        .real(columns::RATE, spiking(|s| s.rate));
    for (at, column) in columns::counters().enumerate() {
        let counted = |measured: &Measured| Some(measured.spiking.as_ref()?.counters.entries()[at].1);
        rows = rows.count(column, networks.iter().map(|(_, m)| counted(m)));
    }
    rows.count(columns::OPERATIONS, networks.iter().map(|(_, m)| Some(m.operations)))
        .real(columns::MODEL_TIME, number(|m| m.model_time))
        .real(columns::PARTICIPATION_RATIO, number(|m| m.participation_ratio))
        .real(columns::ENERGY_CHIP_EVENT, spiking(|s| s.chip_event))
        .real(columns::ENERGY_CHIP_CLOCKED, spiking(|s| s.chip_clocked))
        .real(columns::ENERGY_METABOLIC, spiking(|s| s.metabolic))
}

fn result_rows(study: &Study, networks: &[(&Planned, &Measured)]) -> Rows {
    let tasks = &study.suite.tasks;
    let rows = || networks.iter().flat_map(|(_, m)| tasks.iter().zip(&m.scores));
    let of_task = |of: fn(&Task) -> f64| rows().map(move |(task, _)| of(task));
    identity(networks.iter().flat_map(|(planned, _)| tasks.iter().map(|_| *planned)))
        .text(columns::TASK, rows().map(|(task, _)| task.id()))
        .whole(columns::DEGREE, rows().map(|(task, _)| u64::from(task.target.degree())))
        .real(columns::SHIFT, of_task(|task| task.target.factors[0].shift))
        .whole(columns::DIMENSIONS, rows().map(|(task, _)| task.stimulus.dimensions as u64))
        .real(columns::CORRELATION_TIME, of_task(|task| task.correlation_time))
        .real(columns::COMPLEXITY, of_task(Task::complexity))
        .real(columns::R2, rows().map(|(_, score)| score.r2))
        .real(columns::NRMSE, rows().map(|(_, score)| score.nrmse))
        .real(columns::POSSIBLE_R2, of_task(|task| task.possible().unwrap_or(f64::NAN)))
        .real(columns::CHANCE_R2, rows().map(|(_, score)| score.chance_r2))
        .real(columns::LAMBDA, rows().map(|(_, score)| score.lambda))
        .real(columns::ALIGNMENT, rows().map(|(_, score)| score.alignment))
}

//! `networks.parquet`, one row per network and readout, `results.parquet`, one row per network, readout and task, and `taus.parquet`.
//!
//! All depend on the study alone: no clock, no thread, no machine is in them.

use crate::cell::{Cell, Coding, Li, Lif, Model, Readout};
use crate::error::StudyError;
use crate::measure::{Measured, Read, Spiking, TaskScore};
use crate::plan::Planned;
use crate::spec::Study;
use std::path::Path;
use tauspike_results::{Rows, columns, write};
use tauspike_task::Task;

/// Rows of `results.parquet` that are encoded at a time.
const ROWS: usize = 1 << 18;

/// What is read of a network in one way: a row of `networks.parquet`.
struct Row<'a> {
    planned: &'a Planned,
    measured: &'a Measured,
    read: &'a Read,
}

/// Writes both tables into `out`; `measured` belongs to the networks of the plan, one by one.
pub(crate) fn write_both(out: &Path, study: &Study, measured: &[&Measured]) -> Result<(), StudyError> {
    let networks = study.plan.iter().zip(measured.iter().copied());
    let rows: Vec<Row> = networks
        .flat_map(|(planned, measured)| measured.reads.iter().map(move |read| Row { planned, measured, read }))
        .collect();
    write(&out.join(columns::NETWORKS), &columns::networks(), [network_rows(&rows)])?;
    write(&out.join(columns::TAUS), &columns::taus(), [tau_rows(study)?])?;
    let at_once = (ROWS / study.suite.tasks.len().max(1)).max(1);
    let parts = rows.chunks(at_once).map(|part| result_rows(study, part));
    Ok(write(&out.join(columns::RESULTS), &columns::results(), parts)?)
}

/// What identifies a network and what is read from it: `network_id` to `seed`.
fn identity<'a>(rows: impl Iterator<Item = &'a Row<'a>> + Clone) -> Rows {
    let text = |of: fn(&Row) -> String| rows.clone().map(of);
    Rows::default()
        .text(columns::NETWORK_ID, text(|row| row.planned.id()))
        .text(columns::EXPERIMENT, text(|row| row.planned.experiment.clone()))
        .text(columns::MODEL, text(|row| row.planned.cell.model_name().to_owned()))
        .text(columns::READOUT, text(|row| row.read.readout.name().to_owned()))
        .text(columns::PROFILE, text(|row| row.planned.cell.profile.name.clone()))
        .real(columns::CV, rows.clone().map(|row| row.planned.cell.cv))
        .text(columns::AXES, text(|row| row.planned.axes()))
        .whole(columns::SEED, rows.clone().map(|row| row.planned.cell.seed))
}

/// What a network is made from: `n` to `filter_ms`.
fn parameters(table: Rows, rows: &[Row]) -> Rows {
    let cell = |of: fn(&Cell) -> f64| rows.iter().map(move |row| of(&row.planned.cell));
    let whole = |of: fn(&Cell) -> u64| rows.iter().map(move |row| of(&row.planned.cell));
    let li = |of: fn(&Li) -> f64| {
        rows.iter().map(move |row| match &row.planned.cell.model {
            Model::Li(li) => of(li),
            Model::Lif(_) => f64::NAN,
        })
    };
    let lif = |of: fn(&Lif) -> f64| {
        rows.iter().map(move |row| match &row.planned.cell.model {
            Model::Li(_) => f64::NAN,
            Model::Lif(lif) => of(lif),
        })
    };
    let sources = |lif: &Lif| match lif.coding {
        Coding::Poisson { sources, .. } => f64::from(sources),
        _ => f64::NAN,
    };
    let rate = |lif: &Lif| match lif.coding {
        Coding::Poisson { rate, .. } => rate,
        _ => f64::NAN,
    };
    let delta = |lif: &Lif| match lif.coding {
        Coding::SendOnDelta { delta } => delta,
        _ => f64::NAN,
    };
    let noise = |cell: &Cell| match &cell.model {
        Model::Li(li) => li.noise,
        Model::Lif(lif) => lif.noise,
    };
    let filter =
        |row: &Row| if row.read.readout == Readout::Filtered { row.planned.cell.reading.filter } else { f64::NAN };
    table
        .whole(columns::N, whole(|cell| cell.n.into()))
        .real(columns::TAU, cell(|cell| cell.tau))
        .real(columns::TAU_SMALLEST, cell(|cell| cell.tau_min))
        .whole(columns::IN_DEGREE, whole(|cell| cell.in_degree.into()))
        .real(columns::SPECTRAL_RADIUS, li(|li| li.spectral_radius))
        .real(columns::INPUT_WEIGHT, li(|li| li.input_weight))
        .real(columns::BIAS, li(|li| li.bias))
        .real(columns::WEIGHT, lif(|lif| lif.weight))
        .real(columns::INPUT, lif(|lif| lif.input))
        .real(columns::BIAS_MV, lif(|lif| lif.bias))
        .real(columns::BIAS_SPREAD, lif(|lif| lif.bias_spread))
        .real(columns::MATCHED_RATE, lif(|lif| lif.rate.unwrap_or(f64::NAN)))
        .real(columns::NOISE, rows.iter().map(|row| noise(&row.planned.cell)))
        .real(columns::TAU_SYN, lif(|lif| lif.tau_syn))
        .real(columns::DELAY, lif(|lif| lif.delay))
        .text(columns::CODING, rows.iter().map(|row| row.planned.cell.coding_name().to_owned()))
        .real(columns::POISSON_SOURCES, lif(sources))
        .real(columns::POISSON_RATE, lif(rate))
        .real(columns::SEND_ON_DELTA, lif(delta))
        .whole(columns::EVERY, whole(|cell| cell.reading.every as u64))
        .real(
            columns::TRAIN_SAMPLES,
            cell(|cell| cell.reading.train_samples.map_or(f64::NAN, |samples| samples as f64)),
        )
        .real(columns::LOST_NEURONS, cell(|cell| cell.reading.lost_neurons))
        .real(columns::LOST_SYNAPSES, cell(|cell| cell.reading.lost_synapses))
        .real(columns::DRIFT, cell(|cell| cell.reading.drift))
        .real(columns::FILTER, rows.iter().map(filter))
}

/// The time constants of every profile and seed, of the first network at the mean of the file.
fn tau_rows(study: &Study) -> Result<Rows, StudyError> {
    let mut of: Vec<&Cell> = Vec::new();
    for cell in study.plan.iter().map(|planned| &planned.cell).filter(|cell| cell.tau == study.tau) {
        let same =
            |other: &&Cell| (&other.profile.name, other.cv, other.seed) == (&cell.profile.name, cell.cv, cell.seed);
        if !of.iter().any(same) {
            of.push(cell);
        }
    }
    let draw = |cell: &&Cell| cell.profile.draw((cell.tau, cell.cv), cell.tau_min, cell.n, cell.seed);
    let drawn = of.iter().map(draw).collect::<Result<Vec<_>, _>>()?;
    let rows =
        || of.iter().zip(&drawn).flat_map(|(cell, taus)| taus.iter().enumerate().map(move |(i, tau)| (cell, i, *tau)));
    Ok(Rows::default()
        .text(columns::PROFILE, rows().map(|(cell, ..)| cell.profile.name.clone()))
        .real(columns::CV, rows().map(|(cell, ..)| cell.cv))
        .whole(columns::SEED, rows().map(|(cell, ..)| cell.seed))
        .whole(columns::NEURON, rows().map(|(_, i, _)| i as u64))
        .real(columns::TAU_M, rows().map(|(.., tau)| tau)))
}

fn network_rows(rows: &[Row]) -> Rows {
    let number = |of: fn(&Measured) -> f64| rows.iter().map(move |row| of(row.measured));
    let spiking =
        |of: fn(&Spiking) -> f64| rows.iter().map(move |row| row.measured.spiking.as_ref().map_or(f64::NAN, of));
    let events = |of: fn(&Spiking) -> u64| rows.iter().map(move |row| row.measured.spiking.as_ref().map(of));
    let mean = |of: fn(&TaskScore) -> f64| rows.iter().map(move |row| mean_known(row.read.scores.iter().map(of)));
    let mut table = parameters(identity(rows.iter()), rows)
        .real(columns::SCORE, mean(|score| score.r2.max(0.0)))
        .real(columns::MEAN_CHANCE, mean(|score| score.chance_r2))
        .real(columns::MEAN_ALIGNMENT, mean(|score| score.alignment))
        .real(columns::MEAN_EFFECTIVE_RANK, mean(|score| score.effective_rank))
        .real(columns::PARTICIPATION_RATIO, rows.iter().map(|row| row.read.participation_ratio))
        .real(columns::TAU_MEAN, number(|m| m.taus.mean))
        .real(columns::TAU_REALISED_CV, number(|m| m.taus.cv))
        .real(columns::TAU_SKEWNESS, number(|m| m.taus.skewness))
        .real(columns::TAU_MIN, number(|m| m.taus.min))
        .real(columns::TAU_MAX, number(|m| m.taus.max))
        .real(columns::TAU_CLIPPED, number(|m| m.taus.clipped))
        .real(columns::TAU_BELOW_STEP, number(|m| m.taus.below_step))
        .real(columns::RATE, spiking(|s| s.rate));
    for (at, column) in columns::counters().enumerate() {
        let counted = |row: &Row| Some(row.measured.spiking.as_ref()?.counters.entries()[at].1);
        table = table.count(column, rows.iter().map(counted));
    }
    table
        .count(columns::OPERATIONS, rows.iter().map(|row| Some(row.measured.operations.network)))
        .count(columns::OPERATIONS_READOUT, rows.iter().map(|row| Some(row.measured.operations.readout)))
        .real(columns::MODEL_TIME, number(|m| m.model_time))
        .count(columns::RECURRENT_EVENTS, events(|s| s.recurrent_events))
        .count(columns::INPUT_EVENTS, events(|s| s.input_events))
        .real(columns::ENERGY_RECURRENCE, spiking(|s| s.chip_recurrence))
        .real(columns::ENERGY_INPUT, spiking(|s| s.chip_input))
        .real(columns::ENERGY_NEURONS, spiking(|s| s.chip_neurons))
        .real(columns::ENERGY_READOUT, spiking(|s| s.chip_readout))
        .real(columns::ENERGY_METABOLIC, spiking(|s| s.metabolic))
}

/// Arithmetic mean of what is known; NaN of nothing.
fn mean_known(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) =
        values.filter(|value| value.is_finite()).fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    sum / count
}

fn result_rows(study: &Study, networks: &[Row]) -> Rows {
    let tasks = &study.suite.tasks;
    let rows = || networks.iter().flat_map(|row| tasks.iter().zip(&row.read.scores));
    let of_task = |of: fn(&Task) -> f64| rows().map(move |(task, _)| of(task));
    identity(networks.iter().flat_map(|row| tasks.iter().map(move |_| row)))
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
        .real(columns::EFFECTIVE_RANK, rows().map(|(_, score)| score.effective_rank))
}

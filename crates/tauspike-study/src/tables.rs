//! `networks.parquet`, one row per network, and `results.parquet`, one row per network and task.
//!
//! Both depend on the study alone: no clock, no thread, no machine is in them.

use crate::error::StudyError;
use crate::measure::{Measured, Spiking};
use crate::plan::Planned;
use crate::spec::Study;
use arrow::array::{ArrayRef, Float64Array, StringArray, UInt32Array, UInt64Array};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::path::Path;
use std::sync::Arc;
use tauspike_record::write_atomic;

/// A column and its name.
type Column = (&'static str, ArrayRef);

/// Rows of `results.parquet` that are encoded at a time.
const ROWS: usize = 1 << 18;

/// Writes both tables into `out`; `measured` belongs to the networks of the plan, one by one.
pub(crate) fn write(out: &Path, study: &Study, measured: &[&Measured]) -> Result<(), StudyError> {
    let networks: Vec<(&Planned, &Measured)> = study.plan.iter().zip(measured.iter().copied()).collect();
    let mut columns = cell_columns(networks.iter().map(|(planned, _)| *planned));
    columns.extend(network_columns(&networks));
    write_parquet(&out.join("networks.parquet"), [columns])?;
    let at_once = (ROWS / study.suite.tasks.len().max(1)).max(1);
    write_parquet(&out.join("results.parquet"), networks.chunks(at_once).map(|part| result_columns(study, part)))
}

fn numbers(name: &'static str, values: impl Iterator<Item = f64>) -> Column {
    (name, Arc::new(Float64Array::from_iter_values(values)))
}

fn texts(name: &'static str, values: impl Iterator<Item = String>) -> Column {
    (name, Arc::new(StringArray::from_iter_values(values)))
}

/// What identifies a network: `network_id` to `seed`.
fn cell_columns<'a>(rows: impl Iterator<Item = &'a Planned> + Clone) -> Vec<Column> {
    let text = |name, of: fn(&Planned) -> String| texts(name, rows.clone().map(of));
    let number = |name, of: fn(&Planned) -> f64| numbers(name, rows.clone().map(of));
    let n = UInt32Array::from_iter_values(rows.clone().map(|p| p.cell.n));
    let seed = UInt64Array::from_iter_values(rows.clone().map(|p| p.cell.seed));
    vec![
        text("network_id", Planned::id),
        text("experiment", |p| p.experiment.to_owned()),
        text("model", |p| p.cell.model_name().to_owned()),
        text("coding", |p| p.cell.coding_name().to_owned()),
        text("readout", |p| p.cell.readout_name().to_owned()),
        text("profile", |p| p.cell.profile.name.clone()),
        number("cv", |p| p.cell.cv),
        ("n", Arc::new(n)),
        number("tau_ms", |p| p.cell.tau),
        number("factor", |p| p.factor),
        ("seed", Arc::new(seed)),
    ]
}

fn network_columns(networks: &[(&Planned, &Measured)]) -> Vec<Column> {
    let number = |name, of: fn(&Measured) -> f64| numbers(name, networks.iter().map(|(_, m)| of(m)));
    let count = |name, of: fn(&Spiking) -> u64| -> Column {
        (name, Arc::new(networks.iter().map(|(_, m)| m.spiking.as_ref().map(of)).collect::<UInt64Array>()))
    };
    let proxy = |name, of: fn(&Spiking) -> f64| -> Column {
        (name, Arc::new(networks.iter().map(|(_, m)| m.spiking.as_ref().map(of)).collect::<Float64Array>()))
    };
    let operations = UInt64Array::from_iter_values(networks.iter().map(|(_, m)| m.operations));
    vec![
        number("tau_mean_ms", |m| m.tau[0]),
        number("tau_realised_cv", |m| m.tau[1]),
        number("tau_skewness", |m| m.tau[2]),
        number("tau_min_ms", |m| m.tau[3]),
        number("tau_max_ms", |m| m.tau[4]),
        proxy("rate_hz", |s| s.rate),
        count("spikes", |s| s.counters.spikes),
        count("synaptic_events", |s| s.counters.synaptic_arrivals),
        count("external_events", |s| s.counters.external_arrivals),
        count("neuron_updates", |s| s.counters.neuron_updates),
        ("operations", Arc::new(operations)),
        number("model_time_ms", |m| m.model_time),
        number("participation_ratio", |m| m.participation_ratio),
        proxy("energy_chip_event_pj", |s| s.chip_event),
        proxy("energy_chip_clocked_pj", |s| s.chip_clocked),
        proxy("energy_metabolic_atp", |s| s.metabolic),
    ]
}

fn result_columns(study: &Study, networks: &[(&Planned, &Measured)]) -> Vec<Column> {
    let tasks = &study.suite.tasks;
    let mut columns = cell_columns(networks.iter().flat_map(|(planned, _)| tasks.iter().map(|_| *planned)));
    let rows = || networks.iter().flat_map(|(_, m)| tasks.iter().zip(&m.scores));
    let whole =
        |of: fn(&tauspike_task::Task) -> u32| Arc::new(UInt32Array::from_iter_values(rows().map(|(task, _)| of(task))));
    columns.extend([
        texts("task", rows().map(|(task, _)| task.id())),
        ("degree", whole(|task| task.target.degree())),
        numbers("shift_ms", rows().map(|(task, _)| task.target.factors[0].shift)),
        ("dimensions", whole(|task| task.stimulus.dimensions as u32)),
        numbers("correlation_time_ms", rows().map(|(task, _)| task.correlation_time)),
        numbers("complexity", rows().map(|(task, _)| task.complexity())),
        numbers("r2", rows().map(|(_, score)| score.r2)),
        numbers("nrmse", rows().map(|(_, score)| score.nrmse)),
        numbers("chance_r2", rows().map(|(_, score)| score.chance_r2)),
        numbers("lambda", rows().map(|(_, score)| score.lambda)),
        numbers("alignment", rows().map(|(_, score)| score.alignment)),
    ]);
    columns
}

/// Written whole or not at all.
fn write_parquet(path: &Path, parts: impl IntoIterator<Item = Vec<Column>>) -> Result<(), StudyError> {
    let failed = |reason: String| StudyError::Write { path: path.to_owned(), reason };
    let level = ZstdLevel::try_new(3).map_err(|e| failed(e.to_string()))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut writer: Option<ArrowWriter<Vec<u8>>> = None;
    for columns in parts {
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| {
            let nullable = array.null_count() > 0 || NULLABLE.contains(&name);
            (name, array, nullable)
        }));
        let batch = batch.map_err(|e| failed(e.to_string()))?;
        let writer = match &mut writer {
            Some(writer) => writer,
            None => writer.insert(
                ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.clone()))
                    .map_err(|e| failed(e.to_string()))?,
            ),
        };
        writer.write(&batch).map_err(|e| failed(e.to_string()))?;
    }
    let bytes = writer.map_or(Ok(Vec::new()), |writer| writer.into_inner()).map_err(|e| failed(e.to_string()))?;
    Ok(write_atomic(path, &bytes)?)
}

/// Columns that rate networks leave empty.
const NULLABLE: [&str; 8] = [
    "rate_hz",
    "spikes",
    "synaptic_events",
    "external_events",
    "neuron_updates",
    "energy_chip_event_pj",
    "energy_chip_clocked_pj",
    "energy_metabolic_atp",
];

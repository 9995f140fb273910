//! Finished cells on disk: one small file each, so that a study that was stopped goes on where it was.
//!
//! `cells/<key>.json`, where the key is the first half of the SHA-256 of the cell's [`identity`]. The file holds that text, and the
//! result under names of its own (`Stored`), so neither depends on names in the program. It is written aside, synced and renamed,
//! so it is whole or absent. A file of another study has another name, and is never read.

use crate::cell::{Cell, Readout};
use crate::error::StudyError;
use crate::identity;
use crate::measure::{Measured, Operations, Read, Spiking, TaskScore, Taus};
use crate::suite::Suite;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use tauspike_record::{RecordError, sha256_hex, write_atomic};
use tauspike_spike::Counters;

/// The folder of finished cells.
pub struct Store {
    folder: PathBuf,
    suite: String,
    tasks: usize,
}

/// A cell as messages and files call it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The name of its file, without ending.
    pub name: String,
    text: String,
}

impl Store {
    /// In the folder `out`, which is made if need be.
    ///
    /// # Errors
    /// If it cannot be made, or holds cells in the format of an earlier version.
    pub fn open(out: &Path, suite: &Suite) -> Result<Self, StudyError> {
        let store = Self::at(out, suite);
        let folder = store.folder.clone();
        fs::create_dir_all(&folder).map_err(RecordError::io(&folder, "create"))?;
        let names = fs::read_dir(&folder).and_then(|files| files.map(|file| Ok(file?.file_name())).collect());
        let names: Vec<std::ffi::OsString> = names.map_err(RecordError::io(&folder, "read"))?;
        match names.iter().filter(|name| name.to_str().is_some_and(is_of_an_earlier_version)).count() {
            0 => Ok(store),
            cells => Err(StudyError::EarlierCells { folder, cells }),
        }
    }

    /// In the folder `out`, to read; nothing is made.
    pub fn at(out: &Path, suite: &Suite) -> Self {
        Self { folder: out.join("cells"), suite: identity::of_suite(suite), tasks: suite.tasks.len() }
    }

    /// Names the cell under this suite.
    pub fn key(&self, cell: &Cell) -> Key {
        let text = identity::of_cell(cell, &self.suite);
        Key { name: sha256_hex(&text)[..32].to_owned(), text }
    }

    /// The result of the cell with this key, if it has one that can be read.
    pub fn get(&self, key: &Key) -> Option<Measured> {
        let stored: Stored = serde_json::from_slice(&fs::read(self.file(key)).ok()?).ok()?;
        (stored.cell == key.text).then(|| stored.measured(self.tasks)).flatten()
    }

    /// Keeps a result.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, key: &Key, measured: &Measured) -> Result<(), StudyError> {
        let text =
            serde_json::to_string(&Stored::of(key.text.clone(), measured)).expect("texts and numbers are always JSON");
        Ok(write_atomic(&self.file(key), text.as_bytes())?)
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}.json", key.name))
    }
}

/// Until version 2 a cell was named by a hash of program text, without an ending.
fn is_of_an_earlier_version(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A number that JSON can hold: not finite is absent, and read as NaN.
type Number = Option<f64>;

/// The content of a file. Names are those of `networks.parquet` and `results.parquet`.
#[derive(Serialize, Deserialize)]
struct Stored {
    cell: String,
    tau_mean_ms: Number,
    tau_realised_cv: Number,
    tau_skewness: Number,
    tau_min_ms: Number,
    tau_max_ms: Number,
    tau_clipped: Number,
    tau_below_step: Number,
    operations: u64,
    operations_readout: u64,
    model_time_ms: Number,
    spiking: Option<StoredSpiking>,
    reads: Vec<StoredRead>,
}

#[derive(Serialize, Deserialize)]
struct StoredSpiking {
    rate_hz: Number,
    counters: Counters,
    recurrent_events: u64,
    input_events: u64,
    energy_recurrence_pj: Number,
    energy_input_pj: Number,
    energy_neurons_pj: Number,
    energy_readout_pj: Number,
    energy_metabolic_atp: Number,
}

#[derive(Serialize, Deserialize)]
struct StoredRead {
    readout: String,
    participation_ratio: Number,
    r2: Vec<Number>,
    nrmse: Vec<Number>,
    chance_r2: Vec<Number>,
    lambda: Vec<Number>,
    alignment: Vec<Number>,
    effective_rank: Vec<Number>,
}

fn number(value: f64) -> Number {
    value.is_finite().then_some(value)
}

fn value(number: Number) -> f64 {
    number.unwrap_or(f64::NAN)
}

impl Stored {
    fn of(cell: String, measured: &Measured) -> Self {
        let Taus { mean, cv, skewness, min, max, clipped, below_step } = measured.taus;
        let spiking = |spiking: &Spiking| StoredSpiking {
            rate_hz: number(spiking.rate),
            counters: spiking.counters,
            recurrent_events: spiking.recurrent_events,
            input_events: spiking.input_events,
            energy_recurrence_pj: number(spiking.chip_recurrence),
            energy_input_pj: number(spiking.chip_input),
            energy_neurons_pj: number(spiking.chip_neurons),
            energy_readout_pj: number(spiking.chip_readout),
            energy_metabolic_atp: number(spiking.metabolic),
        };
        Self {
            cell,
            tau_mean_ms: number(mean),
            tau_realised_cv: number(cv),
            tau_skewness: number(skewness),
            tau_min_ms: number(min),
            tau_max_ms: number(max),
            tau_clipped: number(clipped),
            tau_below_step: number(below_step),
            operations: measured.operations.network,
            operations_readout: measured.operations.readout,
            model_time_ms: number(measured.model_time),
            spiking: measured.spiking.as_ref().map(spiking),
            reads: measured.reads.iter().map(StoredRead::of).collect(),
        }
    }

    /// `None` if it has not one score for each task, or an unknown readout.
    fn measured(self, tasks: usize) -> Option<Measured> {
        let spiking = |spiking: &StoredSpiking| Spiking {
            rate: value(spiking.rate_hz),
            counters: spiking.counters,
            recurrent_events: spiking.recurrent_events,
            input_events: spiking.input_events,
            chip_recurrence: value(spiking.energy_recurrence_pj),
            chip_input: value(spiking.energy_input_pj),
            chip_neurons: value(spiking.energy_neurons_pj),
            chip_readout: value(spiking.energy_readout_pj),
            metabolic: value(spiking.energy_metabolic_atp),
        };
        let taus = Taus {
            mean: value(self.tau_mean_ms),
            cv: value(self.tau_realised_cv),
            skewness: value(self.tau_skewness),
            min: value(self.tau_min_ms),
            max: value(self.tau_max_ms),
            clipped: value(self.tau_clipped),
            below_step: value(self.tau_below_step),
        };
        Some(Measured {
            taus,
            spiking: self.spiking.as_ref().map(spiking),
            operations: Operations { network: self.operations, readout: self.operations_readout },
            model_time: value(self.model_time_ms),
            reads: self.reads.iter().map(|read| read.read(tasks)).collect::<Option<_>>()?,
        })
    }
}

impl StoredRead {
    fn of(read: &Read) -> Self {
        let scores = |of: fn(&TaskScore) -> f64| read.scores.iter().map(|score| number(of(score))).collect();
        Self {
            readout: read.readout.name().into(),
            participation_ratio: number(read.participation_ratio),
            r2: scores(|score| score.r2),
            nrmse: scores(|score| score.nrmse),
            chance_r2: scores(|score| score.chance_r2),
            lambda: scores(|score| score.lambda),
            alignment: scores(|score| score.alignment),
            effective_rank: scores(|score| score.effective_rank),
        }
    }

    fn read(&self, tasks: usize) -> Option<Read> {
        let columns = [&self.r2, &self.nrmse, &self.chance_r2, &self.lambda, &self.alignment, &self.effective_rank];
        if columns.iter().any(|column| column.len() != tasks) {
            return None;
        }
        let score = |task: usize| {
            let [r2, nrmse, chance_r2, lambda, alignment, effective_rank] = columns.map(|column| value(column[task]));
            TaskScore { r2, nrmse, chance_r2, lambda, alignment, effective_rank }
        };
        let readouts = [Readout::State, Readout::Filtered, Readout::Membrane];
        Some(Read {
            readout: readouts.into_iter().find(|readout| readout.name() == self.readout)?,
            participation_ratio: value(self.participation_ratio),
            scores: (0..tasks).map(score).collect(),
        })
    }
}

#[cfg(test)]
mod tests;

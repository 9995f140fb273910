//! The three tables: spikes, probes and counters, each as a [`Table`] and a recorder of it.

use crate::digest::Digest;
use crate::error::RecordError;
use crate::population::Populations;
use crate::reader::read_digest;
use crate::recorder::{Recorder, Table};
use crate::schema::{self, population_column};
use arrow_array::RecordBatch;
use arrow_array::{ArrayRef, Float64Array, UInt32Array, UInt64Array};
use arrow_schema::SchemaRef;
use std::path::Path;
use std::sync::Arc;
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// Records spikes and their [`Digest`].
pub type SpikeRecorder = Recorder<Spikes>;

/// The table of spikes. `SpikeRecorder::finish` returns it, for its digest.
pub struct Spikes {
    /// Of the spikes recorded so far; computed on the writing thread.
    pub digest: Digest,
    schema: SchemaRef,
}

impl Spikes {
    /// Of neurons of these populations.
    pub fn new(populations: Populations) -> Self {
        Self { schema: schema::spikes(&populations), digest: Digest::new(populations) }
    }
}

impl Table for Spikes {
    type Row = Spike;

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn check(&self, spike: &Spike) -> Result<(), RecordError> {
        self.digest.populations().position(spike.source).map(|_| ())
    }

    fn batch(&mut self, rows: &[Spike]) -> RecordBatch {
        let position = |spike: &Spike| self.digest.add(*spike).expect("checked") as i32;
        let positions = rows.iter().map(position).collect();
        let time: Float64Array = rows.iter().map(|spike| Some(spike.time)).collect();
        let neuron: UInt32Array = rows.iter().map(|spike| Some(spike.source)).collect();
        let population = population_column(positions, self.digest.populations());
        batch(self.schema(), vec![Arc::new(time), Arc::new(neuron), population])
    }

    /// Reads the file once more: the only proof that it holds these spikes.
    fn verify(&self, file: &Path, path: &Path) -> Result<(), RecordError> {
        let (found, recorded) = (read_digest(file, self.digest.populations().clone())?.hex(), self.digest.hex());
        if found == recorded {
            return Ok(());
        }
        Err(RecordError::altered(path, format!("its spikes have the digest {found}; those recorded have {recorded}")))
    }
}

impl SpikeSink for SpikeRecorder {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        Ok(self.push(spikes)?)
    }
}

/// Records membrane probes.
pub type ProbeRecorder = Recorder<Probes>;

/// The table of membrane probes.
pub struct Probes {
    populations: Populations,
    schema: SchemaRef,
}

impl Probes {
    /// Of neurons of these populations.
    pub fn new(populations: Populations) -> Self {
        Self { schema: schema::probes(&populations), populations }
    }
}

impl Table for Probes {
    type Row = ProbeRow;

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn check(&self, row: &ProbeRow) -> Result<(), RecordError> {
        self.populations.position(row.neuron).map(|_| ())
    }

    fn batch(&mut self, rows: &[ProbeRow]) -> RecordBatch {
        let position = |row: &ProbeRow| self.populations.position(row.neuron).expect("checked") as i32;
        let positions = rows.iter().map(position).collect();
        let time: Float64Array = rows.iter().map(|row| Some(row.time)).collect();
        let neuron: UInt32Array = rows.iter().map(|row| Some(row.neuron)).collect();
        let v: Float64Array = rows.iter().map(|row| Some(row.v)).collect();
        let excitatory: Float64Array = rows.iter().map(|row| row.current.map(|(ex, _)| ex)).collect();
        let inhibitory: Float64Array = rows.iter().map(|row| row.current.map(|(_, inh)| inh)).collect();
        let population = population_column(positions, &self.populations);
        let columns: Vec<ArrayRef> =
            vec![Arc::new(time), Arc::new(neuron), population, Arc::new(v), Arc::new(excitatory), Arc::new(inhibitory)];
        batch(self.schema(), columns)
    }
}

/// Takes probe rows and leaves spikes to others; see [`crate::Tee`].
impl SpikeSink for ProbeRecorder {
    fn take(&mut self, _: &[Spike]) -> Result<(), SinkError> {
        Ok(())
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        Ok(self.push(rows)?)
    }
}

/// Records counters per interval.
pub type CounterRecorder = Recorder<Counters>;

/// The table of counters per interval of model time.
pub struct Counters {
    schema: SchemaRef,
}

/// What happened in one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CounterRow {
    /// Start of the interval, ms.
    pub start: f64,
    /// End of the interval, ms.
    pub end: f64,
    /// What was counted in it.
    pub counted: tauspike_spike::Counters,
}

/// With one column for each counter there is.
impl Default for Counters {
    fn default() -> Self {
        Self { schema: schema::counters() }
    }
}

impl Table for Counters {
    type Row = CounterRow;

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// One row may come in an hour, or a hundred thousand in a second.
    fn is_paced(&self) -> bool {
        true
    }

    fn batch(&mut self, rows: &[CounterRow]) -> RecordBatch {
        let start: Float64Array = rows.iter().map(|row| Some(row.start)).collect();
        let end: Float64Array = rows.iter().map(|row| Some(row.end)).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(start), Arc::new(end)];
        for counter in 0..tauspike_spike::Counters::COUNT {
            let values: UInt64Array = rows.iter().map(|row| Some(row.counted.entries()[counter].1)).collect();
            columns.push(Arc::new(values));
        }
        batch(self.schema(), columns)
    }
}

fn batch(schema: SchemaRef, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(schema, columns).expect("columns are built in the order and types of the schema")
}

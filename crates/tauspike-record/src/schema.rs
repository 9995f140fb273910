//! The columns of each table, with unit and description in the field metadata.
//!
//! Every table carries in its schema metadata the version of this layout ([`SCHEMA_VERSION`]), of tauspike, and, where there is
//! a `population` column, the ranges of global indices as JSON. `population` is a dictionary of i32 to strings, which pandas
//! reads as `category` and Polars as `Categorical`. i32 rather than i8, because a reader that joins the dictionaries of two
//! row groups keeps the index type, and i8 would overflow at 128 populations.

use crate::error::RecordError;
use crate::population::Populations;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tauspike_spike::Counters;

/// Version of the columns and their meaning. Raised when a reader of the old layout would misread the new one.
pub const SCHEMA_VERSION: u32 = 1;

pub(crate) const KEY_SCHEMA: &str = "tauspike.schema_version";
pub(crate) const KEY_VERSION: &str = "tauspike.version";
pub(crate) const KEY_TABLE: &str = "tauspike.table";
pub(crate) const KEY_POPULATIONS: &str = "tauspike.populations";

pub(crate) const TIME: &str = "time_ms";
pub(crate) const NEURON: &str = "neuron";
pub(crate) const POPULATION: &str = "population";

const SPIKES: &str = "spikes";
const V: &str = "v_mv";

/// Spikes: `time_ms` f64, `neuron` u32, `population` dictionary. Sorted by time, then neuron.
pub fn spikes(populations: &Populations) -> SchemaRef {
    let fields = vec![
        field(TIME, DataType::Float64, "ms", "model time of the spike"),
        field(NEURON, DataType::UInt32, "1", "global index of the neuron or spike source"),
        field(POPULATION, dictionary(), "1", "name of its population"),
    ];
    schema(SPIKES, fields, Some(populations))
}

/// Refuses another table of tauspike, all of whose columns but the spikes' may look alike.
pub(crate) fn check_spikes(path: &Path, schema: &Schema) -> Result<(), RecordError> {
    let table = schema.metadata().get(KEY_TABLE).map(String::as_str);
    // what went through another program has lost its metadata
    let probes = schema.column_with_name(V).map(|_| "probes");
    match table.or(probes).filter(|table| *table != SPIKES) {
        Some(table) => Err(RecordError::NoRecording {
            path: path.into(),
            reason: format!("it is the table of {table}, not of spikes"),
        }),
        None => Ok(()),
    }
}

/// Spikes of one population, which the name of the folder tells: `time_ms` f64, `neuron` u32. Sorted by time, then neuron.
pub fn spikes_of_one_population() -> SchemaRef {
    let fields = vec![
        field(TIME, DataType::Float64, "ms", "model time of the spike"),
        field(NEURON, DataType::UInt32, "1", "global index of the neuron or spike source"),
    ];
    schema(SPIKES, fields, None)
}

/// Membrane probes: `time_ms`, `neuron`, `population`, `v_mv` f64, and `i_syn_ex_pa`, `i_syn_in_pa` f64, null for neurons with
/// delta synapses, which have no synaptic current.
pub fn probes(populations: &Populations) -> SchemaRef {
    let current = |name, what| field(name, DataType::Float64, "pA", what).with_nullable(true);
    let fields = vec![
        field(TIME, DataType::Float64, "ms", "model time of the probe"),
        field(NEURON, DataType::UInt32, "1", "global index of the neuron"),
        field(POPULATION, dictionary(), "1", "name of its population"),
        field(V, DataType::Float64, "mV", "membrane potential"),
        current("i_syn_ex_pa", "excitatory synaptic current; null for delta synapses"),
        current("i_syn_in_pa", "inhibitory synaptic current; null for delta synapses"),
    ];
    schema("probes", fields, Some(populations))
}

/// Counters: `start_ms` and `end_ms` f64, then one u64 column for each of [`Counters::LIST`].
pub fn counters() -> SchemaRef {
    let mut fields = vec![
        field("start_ms", DataType::Float64, "ms", "start of the interval"),
        field("end_ms", DataType::Float64, "ms", "end of the interval"),
    ];
    fields.extend(Counters::LIST.iter().map(|counter| field(counter.name, DataType::UInt64, "1", counter.meaning)));
    schema("counters", fields, None)
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn field(name: &str, of: DataType, unit: &str, description: &str) -> Field {
    let metadata = [("unit", unit), ("description", description)];
    Field::new(name, of, false).with_metadata(owned(&metadata))
}

fn schema(table: &str, fields: Vec<Field>, populations: Option<&Populations>) -> SchemaRef {
    let version = SCHEMA_VERSION.to_string();
    let mut metadata =
        owned(&[(KEY_SCHEMA, version.as_str()), (KEY_VERSION, env!("CARGO_PKG_VERSION")), (KEY_TABLE, table)]);
    if let Some(populations) = populations {
        let text = serde_json::to_string(populations).expect("strings and integers are always JSON");
        metadata.insert(KEY_POPULATIONS.into(), text);
    }
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

fn owned(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

/// The `population` column from positions in `populations`, which every row group names in the same order.
pub(crate) fn population_column(positions: Vec<i32>, populations: &Populations) -> ArrayRef {
    let names: StringArray = populations.ranges().iter().map(|range| Some(range.name.as_str())).collect();
    let positions = Int32Array::from(positions);
    Arc::new(DictionaryArray::<Int32Type>::new(positions, Arc::new(names)))
}

//! Synapse lists: which neuron projects to which, with which weight and delay.

use crate::columns::column::Kind;
use crate::columns::fields::{Field, Table};
use crate::columns::only::Only;
use crate::columns::{npz, table};
use crate::error::ImportError;
use crate::format::Format;
use crate::scipy;
use crate::source::Source;
use crate::synapse_list::{SynapseColumns, SynapseShape, WeightUnit};

/// Reads a synapse list from CSV, Parquet or NPZ.
///
/// Columns `pre`, `post`, and optionally `weight` (or `weight_mv`, `weight_pa`) and `delay` (or `delay_ms`). An NPZ file holds
/// arrays of these names, or a SciPy sparse matrix (csr, csc or coo; row = pre, column = post, value = weight). Repeated pairs and
/// autapses are kept as they are; whether they are wanted is the projection's decision.
///
/// # Errors
/// [`ImportError`] naming file, field, place and value: unknown or missing column, wrong unit, index out of range, weight not finite,
/// delay negative, columns of different length, truncated or corrupted file.
///
/// ```
/// use tauspike_import::{Format, Source, SynapseShape, WeightUnit, read_synapses};
/// let source = Source::bytes("two.csv", Format::Csv, b"pre,post,weight\n0,1,0.5\n0,7,0.5\n");
/// let error = read_synapses(&source, SynapseShape { n_pre: 1, n_post: 5, unit: WeightUnit::Millivolt }).unwrap_err();
/// assert_eq!(error.to_string(), "two.csv: line 3: `post` = 7; allowed: an integer >= 0 and < 5");
/// ```
pub fn read_synapses(source: &Source, shape: SynapseShape) -> Result<SynapseColumns, ImportError> {
    read(source, shape, None)
}

/// As [`read_synapses`], of a table that may hold other projections too, as `tauspike export` writes it: if it has a column
/// `projection`, the rows that say `name` are read, and what else tells where they belong (`source`, `target`, `source_population`,
/// `target_population`) is not.
///
/// # Errors
/// Those of [`read_synapses`]; if there is a column `projection` and no row says `name`.
pub fn read_projection(source: &Source, shape: SynapseShape, name: &str) -> Result<SynapseColumns, ImportError> {
    read(source, shape, Some(Only { column: PROJECTION, name }))
}

const PROJECTION: &str = "projection";
/// Columns that tell again what the name of the projection and the positions tell.
const LABELS: [&str; 5] = [PROJECTION, "source_population", "target_population", "source", "target"];

fn read(source: &Source, shape: SynapseShape, only: Option<Only>) -> Result<SynapseColumns, ImportError> {
    if source.format() == Format::Npz
        && let Some(format) = npz::scipy_format(source)?
    {
        return scipy::read(source, &format, shape);
    }
    let mut table = read_table(source, shape, only)?;
    Ok(SynapseColumns {
        pre: table.indices(0).unwrap_or_default(),
        post: table.indices(1).unwrap_or_default(),
        weight: table.reals(2),
        delay: table.reals(3),
    })
}

/// The refusal of a value of synapse number `k` of those that [`read_projection`] has read, with its place in the file: of its `pre`, `post`,
/// `weight` or `delay`. The caller knows the value, and what it may be.
pub fn refused_synapse(
    source: &Source,
    (shape, name): (SynapseShape, &str),
    (k, field): (usize, &str),
    value: &str,
    allowed: &str,
) -> ImportError {
    // The entries of a matrix of SciPy are its synapses, in their order.
    if source.format() == Format::Npz && npz::scipy_format(source).is_ok_and(|format| format.is_some()) {
        return source.refuse(k, field, value, allowed);
    }
    // Read again, because the places of rows are not kept for the case that a value is refused.
    match read_table(source, shape, Some(Only { column: PROJECTION, name })) {
        Ok(table) => {
            let names = ["pre", "post", "weight", "delay"];
            let place = names.iter().position(|name| *name == field);
            let column = place.and_then(|place| table.columns[place].as_ref()).map_or(field, |column| &column.name);
            source.refuse(table.kept.row(k), column, value, allowed)
        }
        Err(changed) => changed,
    }
}

/// `pre`, `post`, weight and delay, in this order.
fn read_table(source: &Source, shape: SynapseShape, only: Option<Only>) -> Result<Table, ImportError> {
    // In a table of several projections the weights onto other models have a column of their own.
    const COLUMNS: usize = 4;
    let labelled = only.is_some() && table::names(source)?.iter().any(|name| name == PROJECTION);
    let other_unit: &[&str] = match shape.unit {
        WeightUnit::Millivolt => &["weight_pa"],
        WeightUnit::Picoampere => &["weight_mv"],
    };
    let fields = [
        Field { names: &["pre"], kind: Some(Kind::Index { below: shape.n_pre }), required: true },
        Field { names: &["post"], kind: Some(Kind::Index { below: shape.n_post }), required: true },
        Field { names: shape.unit.names(), kind: Some(Kind::FINITE), required: false },
        Field { names: &["delay", "delay_ms"], kind: Some(Kind::TIME_FROM_0), required: false },
        Field { names: &LABELS, kind: None, required: false },
        Field { names: other_unit, kind: None, required: false },
    ];
    let fields = &fields[..if labelled { fields.len() } else { COLUMNS }];
    table::read_only(source, fields, only).map_err(|error| explain_unit(source, shape.unit, error))
}

/// The name of the other unit is no misspelling: "did you mean `weight_mv`?" would be bad advice.
fn explain_unit(source: &Source, unit: WeightUnit, error: ImportError) -> ImportError {
    match error {
        ImportError::UnknownColumn { column, .. } if column == "weight_mv" || column == "weight_pa" => {
            let taken = match unit {
                WeightUnit::Millivolt => "the target has delta synapses, which take mV",
                WeightUnit::Picoampere => "the target has current synapses, which take pA",
            };
            source.unfit(&column, taken, unit.names().join(", "))
        }
        other => other,
    }
}

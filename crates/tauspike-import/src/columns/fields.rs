//! Which columns of a file are those the caller asks for.

use crate::columns::column::{Column, Kind};
use crate::columns::only::Kept;
use crate::error::{ImportError, excerpt};
use crate::nearest::nearest;
use crate::source::Source;

/// A column the caller takes.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// The first is the name in messages; the others are accepted too.
    pub names: &'a [&'a str],
    /// None: the column may be there and is not read.
    pub kind: Option<Kind>,
    pub required: bool,
}

/// The columns of a file, one slot per [`Field`] and in its order, all of `rows` values.
#[derive(Debug)]
pub(crate) struct Table {
    pub columns: Vec<Option<Column>>,
    pub rows: usize,
    /// Where they stand in the file.
    pub kept: Kept,
}

impl Table {
    /// Of one column without a name.
    pub fn of(values: Vec<f64>, kind: Kind) -> Self {
        let rows = values.len();
        let column = Column { reals: values, ..Column::new("", 0, kind) };
        Self { columns: vec![Some(column), None], rows, kept: Kept::default() }
    }

    /// Takes the indices of field `field`, if the file has them.
    pub fn indices(&mut self, field: usize) -> Option<Vec<u32>> {
        self.columns[field].take().map(|column| column.indices)
    }

    /// Takes the numbers of field `field`, if the file has them.
    pub fn reals(&mut self, field: usize) -> Option<Vec<f64>> {
        self.columns[field].take().map(|column| column.reals)
    }
}

/// For each field its column among `names`, still empty. Any other column is an error, unless pandas numbered the rows in it.
pub(crate) fn bind(source: &Source, names: &[String], fields: &[Field]) -> Result<Vec<Option<Column>>, ImportError> {
    let mut bound: Vec<Option<Column>> = vec![None; fields.len()];
    for (position, name) in names.iter().enumerate() {
        let Some(k) = fields.iter().position(|field| field.names.contains(&name.as_str())) else {
            if is_row_label(position, name) {
                continue;
            }
            return Err(unknown(source, name, fields));
        };
        let Some(kind) = fields[k].kind else { continue };
        if let Some(earlier) = bound[k].replace(Column::new(name, position, kind)) {
            let found = format!("given twice, also as `{}`", earlier.name);
            return Err(source.unfit(name, found, "one column for each quantity"));
        }
    }
    let missing = fields.iter().zip(&bound).find(|(field, column)| field.required && column.is_none());
    match missing {
        Some((field, _)) => Err(missing_column(source, field.names[0], names)),
        None if bound.iter().all(Option::is_none) => Err(missing_column(source, &list(fields), names)),
        None => Ok(bound),
    }
}

/// Whether pandas wrote this column to number the rows: it has no name in CSV, `Unnamed: 0` if that was read and written
/// again, and `__index_level_0__` in Parquet. A named index is a column like any other.
pub(crate) fn is_row_label(position: usize, name: &str) -> bool {
    position == 0 && (name.is_empty() || name == "Unnamed: 0")
        || name.strip_prefix("__index_level_").is_some_and(|rest| rest.ends_with("__"))
}

fn unknown(source: &Source, name: &str, fields: &[Field]) -> ImportError {
    let all: Vec<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
    ImportError::UnknownColumn {
        file: source.name().into(),
        column: excerpt(name.as_bytes()),
        nearest: nearest(name, &all).filter(|near| !is_other_unit(name, near)).map(String::from),
        allowed: list(fields),
    }
}

/// Whether `name` ends in a unit that is not that of `near`: its numbers are others then, and who followed the advice would be wrong by 1000.
fn is_other_unit(name: &str, near: &str) -> bool {
    const UNITS: [&str; 16] =
        ["ns", "us", "ms", "s", "uv", "mv", "v", "pa", "na", "a", "pf", "nf", "uf", "f", "hz", "khz"];
    let unit = |name: &str| {
        let (_, ending) = name.rsplit_once('_')?;
        UNITS.into_iter().find(|unit| unit.eq_ignore_ascii_case(ending))
    };
    unit(name).is_some_and(|unit_of_name| unit(near) != Some(unit_of_name))
}

fn list(fields: &[Field]) -> String {
    let all: Vec<&str> = fields.iter().flat_map(|field| field.names).copied().collect();
    all.join(", ")
}

pub(crate) fn missing_column(source: &Source, column: &str, names: &[String]) -> ImportError {
    ImportError::MissingColumn { file: source.name().into(), column: column.into(), found: shown(names) }
}

/// Names found in a file as they may be shown in a message: the first 20.
pub(crate) fn shown(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(20).map(|name| excerpt(name.as_bytes())).collect();
    if names.len() > shown.len() {
        shown.push("…".into());
    }
    shown.join(", ")
}

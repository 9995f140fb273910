//! The rows of a table in which a column of names holds one name: those of one population, or of one projection, among several.

use crate::error::{ImportError, excerpt};
use crate::source::Source;
use std::collections::BTreeSet;

/// Which rows are read. A table without such a column is read whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Only<'a> {
    pub column: &'a str,
    pub name: &'a str,
}

/// Where the rows that were read stand in the file, if not all were.
#[derive(Debug, Default)]
pub(crate) struct Kept(Option<Vec<usize>>);

impl Kept {
    /// The row of the file, from 0.
    pub fn row(&self, read: usize) -> usize {
        self.0.as_ref().map_or(read, |rows| rows[read])
    }
}

/// Names that an error tells.
const MOST_NAMES: usize = 20;

/// Says of row after row whether it is read.
pub(crate) struct Filter<'a> {
    only: Only<'a>,
    /// Place of the column of names among the columns of the file.
    pub position: usize,
    rows: usize,
    kept: Vec<usize>,
    others: BTreeSet<String>,
}

impl<'a> Filter<'a> {
    /// None if the file has no such column.
    pub fn new(only: Option<Only<'a>>, names: &[String]) -> Option<Self> {
        let only = only?;
        let position = names.iter().position(|name| name == only.column)?;
        Some(Self { only, position, rows: 0, kept: Vec::new(), others: BTreeSet::new() })
    }

    /// Whether the next row, whose name this is, is read.
    ///
    /// # Errors
    /// If it has none: it is nobody's row, and would be lost.
    pub fn takes(&mut self, source: &Source, name: &[u8]) -> Result<bool, ImportError> {
        if name.is_empty() {
            return Err(source.refuse(self.rows, self.only.column, "(empty)", "a name"));
        }
        let takes = name == self.only.name.as_bytes();
        if takes {
            self.kept.push(self.rows);
        } else if self.others.len() < MOST_NAMES {
            self.others.insert(excerpt(name));
        }
        self.rows += 1;
        Ok(takes)
    }

    /// The refusal of what the column holds instead of names.
    pub fn no_names(&self, source: &Source, found: String) -> ImportError {
        source.unfit(self.only.column, found, "text, the names of what the rows are of")
    }

    /// The row of the file in which the row stands that was read as number `read`.
    pub fn row(&self, read: usize) -> usize {
        self.kept[read]
    }

    /// The rows read; an error if the file has rows and none of them has the name.
    pub fn finish(self, source: &Source) -> Result<Kept, ImportError> {
        if self.kept.is_empty() && self.rows > 0 {
            let found = format!("it has rows of {}", self.others.into_iter().collect::<Vec<_>>().join(", "));
            return Err(source.unfit(self.only.column, found, format!("rows of {}", self.only.name)));
        }
        Ok(Kept(Some(self.kept)))
    }
}

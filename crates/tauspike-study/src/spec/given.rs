//! What a stimulus of `kind = "file"` holds: columns that drive, columns that are asked, and labels.

use super::Result;
use std::ops::Range;
use tauspike_import::{Quantity, read_values};
use tauspike_scenario::section::{Entry, Section};
use tauspike_task::Samples;

/// The name under which labels are asked.
const LABELS: &str = "labels";
const MOST_LABELS: usize = 1000;

/// One sample for each row of the file, one dimension for each of `columns`. A given series for each of `targets`, and for each
/// different number in the column `labels` one that is 1 where it stands and 0 elsewhere, in rising order: their names go to `targets`.
pub(super) fn from_file(section: &Section, step: f64, targets: &mut Vec<(String, Range<usize>)>) -> Result<Samples> {
    let file = section.need("file", "the name of a .csv, .parquet, .npz, .npy, .txt or .dat file")?;
    let source = file.source()?;
    let read = |column: Option<&str>| read_values(&source, column, Quantity::Other).map_err(|error| file.import(error));
    let dimensions = match section.get("columns") {
        Some(entry) => names(&entry)?.into_iter().map(|name| read(Some(name))).collect::<Result<Vec<_>>>()?,
        None => vec![read(None)?],
    };
    let mut given = Vec::new();
    if let Some(entry) = section.get("targets") {
        for name in names(&entry)? {
            if name == LABELS || targets.iter().any(|(other, _)| other == name) {
                return Err(entry.refuse(format!("different names, and not \"{LABELS}\"")));
            }
            targets.push((name.to_owned(), given.len()..given.len() + 1));
            given.push(read(Some(name))?);
        }
    }
    if let Some(entry) = section.get("labels") {
        let first = given.len();
        given.extend(indicators(&entry, &read(Some(entry.text()?))?)?);
        targets.push((LABELS.to_owned(), first..given.len()));
    }
    let samples = Samples::new(step, dimensions).and_then(|samples| samples.with_given(given));
    samples.map_err(|error| file.refuse(error.to_string()))
}

fn names<'a>(entry: &Entry<'a>) -> Result<Vec<&'a str>> {
    entry.items("a list of names")?.iter().map(|item| item.text()).collect()
}

fn indicators(entry: &Entry, labels: &[f64]) -> Result<Vec<Vec<f64>>> {
    let mut classes = labels.to_vec();
    classes.sort_by(f64::total_cmp);
    classes.dedup();
    if !(2..=MOST_LABELS).contains(&classes.len()) {
        let allowed = format!("a column of 2 to {MOST_LABELS} different numbers; it has {}", classes.len());
        return Err(entry.refuse(allowed));
    }
    let indicator = |class: &f64| labels.iter().map(|label| f64::from(u8::from(label == class))).collect();
    Ok(classes.iter().map(indicator).collect())
}

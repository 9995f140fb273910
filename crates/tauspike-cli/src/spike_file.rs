//! Spikes of other simulators: which columns of a file are times and neurons, in which unit, and from which number they count.

use crate::failure::Failure;
use clap::Args;
use std::path::Path;
use tauspike_import::{ImportError, Source, SpikeColumns, SpikeRows, TimeUnit, column_names};

/// Names of columns that are taken for times and for neurons, in lower case and without a unit.
const TIMES: [&str; 6] = ["time", "times", "t", "spike_time", "spike_times", "spiketimes"];
const NEURONS: [&str; 11] =
    ["neuron", "neurons", "sender", "senders", "i", "gid", "gids", "id", "ids", "node_id", "node_ids"];

/// How files that are no recordings of tauspike are read.
#[derive(Args, Clone, Default)]
pub struct SpikeFileArgs {
    /// Columns of times and neurons in files of other simulators [default: usual names, such as time_ms or times, neuron or senders]
    #[arg(long, value_name = "TIMES,NEURONS")]
    columns: Vec<String>,
    /// Unit of their times: us, ms or s [default: what the name of the column says, as time_s, else ms]
    #[arg(long, value_name = "UNIT", value_parser = ["us", "ms", "s"])]
    unit: Vec<String>,
    /// Number of their first neuron: NEST counts from 1 [default: 0]
    #[arg(long, value_name = "N")]
    first_id: Vec<u32>,
}

/// What is said about one file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Told<'a> {
    pub columns: Option<(&'a str, &'a str)>,
    pub unit: Option<TimeUnit>,
    pub first: Option<u32>,
}

impl SpikeFileArgs {
    /// What is said about each of two files: an option given once is meant for both, given twice for one after the other.
    ///
    /// # Errors
    /// If an option is given more often, or the columns are not two.
    pub fn told(&self) -> Result<[Told<'_>; 2], Failure> {
        let columns = each("--columns", &self.columns)?;
        let (unit, first) = (each("--unit", &self.unit)?, each("--first-id", &self.first_id)?);
        let told = |k: usize| -> Result<Told, Failure> {
            let columns = columns[k].map(|text| pair(text)).transpose()?;
            Ok(Told { columns, unit: unit[k].and_then(|unit| TimeUnit::parse(unit)), first: first[k].copied() })
        };
        Ok([told(0)?, told(1)?])
    }

    /// Whether anything is said.
    pub fn is_given(&self) -> bool {
        !(self.columns.is_empty() && self.unit.is_empty() && self.first_id.is_empty())
    }

    /// Whether something is said about each file for itself.
    pub fn is_for_each(&self) -> bool {
        self.columns.len().max(self.unit.len()).max(self.first_id.len()) == 2
    }
}

fn each<'a, T>(option: &str, values: &'a [T]) -> Result<[Option<&'a T>; 2], Failure> {
    match values {
        [] => Ok([None, None]),
        [both] => Ok([Some(both), Some(both)]),
        [a, b] => Ok([Some(a), Some(b)]),
        _ => Err(Failure::input(format!(
            "{option} is given {} times; allowed: once, or once for each file",
            values.len()
        ))),
    }
}

fn pair(text: &str) -> Result<(&str, &str), Failure> {
    match text.split_once(',') {
        Some((times, neurons)) if !times.is_empty() && !neurons.is_empty() && times != neurons => Ok((times, neurons)),
        _ => Err(Failure::input(format!("--columns {text}: allowed: the names of two columns, as times,senders"))),
    }
}

/// The spikes of a file in its order, and how it was read.
///
/// # Errors
/// If the file cannot be read, or it cannot be told which columns are meant.
pub fn read(path: &Path, told: Told) -> Result<(SpikeRows, String), Failure> {
    if let Err(error) = path.metadata() {
        return Err(Failure::output(format!("cannot read {}: {error}", path.display())));
    }
    let unreadable = |error: ImportError| Failure::output(error);
    let source = Source::file(path).map_err(unreadable)?;
    let names = column_names(&source).map_err(unreadable)?;
    let (time, neuron) = match told.columns {
        Some((time, neuron)) => (time, neuron),
        None => (found(path, &names, &TIMES, "times")?, found(path, &names, &NEURONS, "neurons")?),
    };
    let unit = match (told.unit, stem_and_unit(time).1) {
        (Some(told), Some(named)) if told != named => {
            let (told, path) = (told.name(), path.display());
            return Err(Failure::input(format!(
                "--unit {told}: {path}: the name of the column `{time}` says another unit"
            )));
        }
        (told, named) => told.or(named).unwrap_or(TimeUnit::Ms),
    };
    let first = told.first.unwrap_or(0);
    let rows = tauspike_import::read_spikes(&source, SpikeColumns { time, unit, neuron, first }).map_err(unreadable)?;
    let how = format!("{}: `{time}` in {}, `{neuron}` counted from {first}", path.display(), unit.name());
    Ok((rows, how))
}

/// The one column whose name is usual for `what`.
fn found<'n>(path: &Path, names: &'n [String], usual: &[&str], what: &str) -> Result<&'n str, Failure> {
    let fits = |name: &&String| {
        usual.contains(&stem_and_unit(name).0.as_str()) || usual.contains(&name.to_lowercase().as_str())
    };
    let fitting: Vec<&String> = names.iter().filter(fits).collect();
    match fitting[..] {
        [one] => Ok(one),
        _ => {
            let number = if fitting.is_empty() { "no column" } else { "more than one column" };
            let all = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let path = path.display();
            Err(Failure::input(format!(
                "{path}: {number} is called as {what} usually are; name the two with --columns TIMES,NEURONS; there are {all}"
            )))
        }
    }
}

/// `spike_times` and s for `Spike_Times (s)`.
fn stem_and_unit(name: &str) -> (String, Option<TimeUnit>) {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let unit = if words.len() > 1 { words.last().and_then(|last| TimeUnit::parse(last)) } else { None };
    if unit.is_some() {
        words.pop();
    }
    (words.join("_"), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_the_last_of_several_words() {
        let stem = |name| stem_and_unit(name);
        assert_eq!(stem("time_ms"), ("time".into(), Some(TimeUnit::Ms)));
        assert_eq!(stem("Spike Times [s]"), ("spike_times".into(), Some(TimeUnit::S)));
        assert_eq!(stem("t/us"), ("t".into(), Some(TimeUnit::Us)));
        assert_eq!(stem("times"), ("times".into(), None));
        assert_eq!(stem("s"), ("s".into(), None));
    }

    #[test]
    fn once_is_for_both_and_twice_for_each() {
        let args = |columns: &[&str], first_id: &[u32]| SpikeFileArgs {
            columns: columns.iter().map(ToString::to_string).collect(),
            unit: vec!["s".into()],
            first_id: first_id.to_vec(),
        };
        let given = args(&["t,i"], &[1, 0]);
        let [a, b] = given.told().unwrap();
        assert_eq!((a.columns, b.columns), (Some(("t", "i")), Some(("t", "i"))));
        assert_eq!((a.first, b.first, b.unit), (Some(1), Some(0), Some(TimeUnit::S)));
        assert!(given.is_for_each() && !SpikeFileArgs::default().is_given());
        for wrong in [args(&["t"], &[]), args(&["t,t"], &[]), args(&[",i"], &[]), args(&[], &[0, 1, 2])] {
            assert!(wrong.told().unwrap_err().to_string().contains("allowed"));
        }
    }
}

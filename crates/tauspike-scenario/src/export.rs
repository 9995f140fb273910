//! The network of a scenario as tables: its synapses, and the parameters its neurons came out with.
//!
//! What is written can be read back by a scenario: `rule = "explicit"` with the file of synapses, `parameters` or
//! `{ file = .., column = .. }` with that of parameters. Tables are written piece by piece, and appear when they are complete.

mod connectivity;
mod parameters;

pub(crate) use parameters::parquet as parameters;

use crate::error::ScenarioError;
use crate::scenario::Scenario;
use crate::section::unknown_name;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use tauspike_import::{Heading, TableWriter, Values};
use tauspike_network::Network;
use tauspike_record::{NewFile, RecordError, check_file};

type Result<T> = std::result::Result<T, ScenarioError>;

/// What to write where. The ending of a name is its format: `.csv`, `.parquet` or `.npz`.
///
/// NPZ holds one projection, as a SciPy matrix, or the neurons of one population; if there are several, each gets a file of its own,
/// with its name before the ending: `weights.E_to_I.npz`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Export<'a> {
    /// Where the synapses go.
    pub connectivity: Option<&'a Path>,
    /// Names of the projections whose synapses are written; all if there are none.
    pub projections: &'a [String],
    /// Where the realised parameters go.
    pub parameters: Option<&'a Path>,
    /// Replace files that are there.
    pub replace: bool,
    /// Threads that build the network.
    pub threads: usize,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
    Npz,
}

impl Format {
    fn of(path: &Path) -> Result<Self> {
        match path.extension().unwrap_or_default().to_string_lossy().to_lowercase().as_str() {
            "csv" => Ok(Format::Csv),
            "parquet" => Ok(Format::Parquet),
            "npz" => Ok(Format::Npz),
            _ => Err(refused(path.display(), "a name that ends in .csv, .parquet or .npz")),
        }
    }
}

/// One file to write, and the positions of the projections or populations in it.
struct Target {
    path: PathBuf,
    format: Format,
    of: Vec<usize>,
}

/// Builds the network of `scenario` and writes what `export` asks for; gives the files written.
///
/// # Errors
/// If a name is wrong, or a file exists or cannot be written, before the network is built; if building it fails, or the disk does.
pub fn export(scenario: &Scenario, export: Export) -> Result<Vec<PathBuf>> {
    let described = scenario.described()?;
    let names = described.projections.iter().map(String::as_str).collect::<Vec<_>>();
    let chosen = chosen(export.projections, &names)?;
    let connectivity = targets(export.connectivity, &names, chosen)?;
    let populations: Vec<&str> = described.populations.iter().map(|population| population.name.as_str()).collect();
    let neurons = (0..populations.len()).filter(|&k| described.populations[k].unit().is_some()).collect();
    let parameters = targets(export.parameters, &populations, neurons)?;
    if let Some(target) = parameters.iter().find(|target| target.of.is_empty()) {
        return Err(refused(
            target.path.display(),
            "a scenario with neurons; this one has only sources, which have no parameters",
        ));
    }
    check(&connectivity, &parameters, export.replace)?;

    let network = match connectivity.is_empty() {
        true => scenario.build_neurons(described.builder)?,
        false => scenario.build(described.builder, export.threads)?,
    };
    for target in &connectivity {
        connectivity::write(&network, target, export.replace)?;
    }
    for target in &parameters {
        parameters::write(&network, target, export.replace)?;
    }
    Ok(connectivity.into_iter().chain(parameters).map(|target| target.path).collect())
}

/// The positions of the projections called by `asked`, or all.
fn chosen(asked: &[String], names: &[&str]) -> Result<Vec<usize>> {
    if asked.is_empty() {
        return Ok((0..names.len()).collect());
    }
    let position = |name: &String| {
        let found = names.iter().position(|other| other == name);
        found.ok_or_else(|| refused(format_args!("projection \"{name}\""), unknown_name(name, names)))
    };
    let positions: BTreeSet<usize> = asked.iter().map(position).collect::<Result<_>>()?;
    Ok(positions.into_iter().collect())
}

/// The files that `path` stands for: one, or for NPZ one for each of the `chosen`.
fn targets(path: Option<&Path>, names: &[&str], chosen: Vec<usize>) -> Result<Vec<Target>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let format = Format::of(path)?;
    if format != Format::Npz || chosen.len() == 1 {
        return Ok(vec![Target { path: path.into(), format, of: chosen }]);
    }
    if chosen.is_empty() {
        return Err(refused(
            path.display(),
            "a name that ends in .csv or .parquet: there is nothing to make a matrix of",
        ));
    }
    let mut taken = BTreeSet::new();
    let target = |k: usize| {
        let plain: String = names[k].chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let unique = if taken.insert(plain.clone()) { plain } else { format!("{plain}-{k}") };
        taken.insert(unique.clone());
        Target { path: path.with_extension(format!("{unique}.npz")), format, of: vec![k] }
    };
    Ok(chosen.into_iter().map(target).collect())
}

fn check(connectivity: &[Target], parameters: &[Target], replace: bool) -> Result<()> {
    let mut taken = BTreeSet::new();
    for target in connectivity.iter().chain(parameters) {
        if !taken.insert(&target.path) {
            return Err(refused(target.path.display(), "one file for the synapses and another one for the parameters"));
        }
        check_file(&target.path, replace)?;
    }
    Ok(())
}

fn refused(what: impl fmt::Display, allowed: impl Into<String>) -> ScenarioError {
    ScenarioError::Export { what: what.to_string(), allowed: allowed.into() }
}

fn unwritten(path: &Path) -> impl Fn(io::Error) -> ScenarioError + '_ {
    move |error| RecordError::Io { path: path.to_owned(), action: "write", reason: error.to_string() }.into()
}

/// A table in the making.
struct Table<'a> {
    writer: TableWriter<NewFile>,
    path: &'a Path,
}

impl<'a> Table<'a> {
    fn create(path: &'a Path, format: Format, columns: &[Heading], replace: bool) -> Result<Self> {
        let file = NewFile::create(path, replace)?;
        let writer = match format {
            Format::Parquet => TableWriter::parquet(file, columns),
            _ => TableWriter::csv(file, columns),
        };
        Ok(Self { writer: writer.map_err(unwritten(path))?, path })
    }

    fn write(&mut self, columns: &[Values]) -> Result<()> {
        self.writer.write(columns).map_err(unwritten(self.path))
    }

    fn finish(self) -> Result<()> {
        Ok(self.writer.finish().map_err(unwritten(self.path))?.finish()?)
    }
}

fn names_of(network: &Network) -> Vec<String> {
    network.populations().iter().map(|population| population.name.clone()).collect()
}

//! A network that a program composes, call by call, with the tables of a scenario and arrays in place of files.
//!
//! Each call is checked as the table of a file is, at once, and changes nothing if it is refused.
//!
//! ```
//! use tauspike_scenario::Composition;
//! use tauspike_scenario::tree::{Node, Origin, Table, Value};
//!
//! let table = |keys: Vec<(&str, Value)>| -> Table {
//!     keys.into_iter().map(|(key, value)| (key.to_owned(), Node { origin: Origin::Call, value })).collect()
//! };
//! let text = |text: &str| Value::Text(text.to_owned());
//!
//! let mut composition = Composition::new("two", 42)?;
//! let tau_m_ms = Value::Numbers(vec![10.0, 20.0]);
//! let two = vec![("name", text("two")), ("size", Value::Integer(2)), ("model", text("lif_delta")), ("tau_m_ms", tau_m_ms)];
//! composition.population(table(two), None)?;
//! let both_ways = vec![("from", text("two")), ("to", text("two")), ("weight_mv", Value::Float(1.0)), ("delay_ms", Value::Float(1.5))];
//! composition.projection(table(both_ways), Some((vec![0, 1], vec![1, 0])))?;
//! assert_eq!(composition.ready(1, None)?.network.synapses(), 2);
//! # Ok::<(), tauspike_scenario::ScenarioError>(())
//! ```

use crate::draft::Draft;
use crate::error::ScenarioError;
use crate::locate::located;
use crate::places::Places;
use crate::ready::Ready;
use crate::record::{self, ProbeSpec, Record};
use crate::section::Section;
use crate::tree::{Node, Origin, Table, Value};
use crate::{memory, ready};
use std::path::Path;
use std::sync::Arc;
use tauspike_network::{BuildOptions, NetworkBuilder, NetworkError, SynapseList};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A network in description, and what is to be recorded of it.
#[derive(Clone, Debug)]
pub struct Composition {
    name: String,
    seed: u64,
    draft: Draft,
    /// By owner, as the network builder names it.
    tables: Vec<(String, Table)>,
    probes: Vec<ProbeSpec>,
}

/// Positions of the sources and of the targets of synapses in their populations, one of each for a synapse.
pub type Pairs = (Vec<u32>, Vec<u32>);

impl Composition {
    /// Of nothing yet. Every random draw is keyed by `seed`; messages and manifests call it `name`.
    ///
    /// # Errors
    /// If a file could not have this name.
    pub fn new(name: &str, seed: u64) -> Result<Self> {
        let table = vec![("name".to_owned(), call(Value::Text(name.to_owned())))];
        Section::whole(name, &table).need("name", "a text")?.file_name()?;
        Ok(Self { name: name.to_owned(), seed, draft: Draft::new(seed), tables: Vec::new(), probes: Vec::new() })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seed of all random draws.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Adds the population of a `[[population]]` table. `trains` are those of `model = "spike_trains"`, ms, one ascending train for
    /// each member.
    ///
    /// # Errors
    /// The first thing that is wrong with the table or the trains.
    pub fn population(&mut self, table: Table, trains: Option<Vec<Vec<f64>>>) -> Result<()> {
        let read = self.draft.read_population(&self.section("population", &table), trains)?;
        let owner = format!("population \"{}\"", read.name);
        let mut alone = NetworkBuilder::new(self.seed);
        alone.population(read.name.clone(), read.size, read.cells.clone());
        // Before its parameters are drawn, which may take much of the memory itself.
        memory::check(&alone.predict(), &self.name)?;
        self.locate(alone.validate(), &owner, &table)?;
        self.draft.add_population(read);
        self.tables.push((owner, table));
        Ok(())
    }

    /// Adds the projection of a `[[projection]]` table; gives back its name. Where `pairs` are given the table has no rule, and its
    /// weight and delay may have one number for each pair.
    ///
    /// # Errors
    /// The first thing that is wrong with the table or the pairs.
    pub fn projection(&mut self, table: Table, pairs: Option<Pairs>) -> Result<String> {
        let list = pairs.map(|(pre, post)| SynapseList { pre, post, weight: None, delay: None });
        let spec = self.draft.read_projection(&self.section("projection", &table), list)?;
        let (name, owner) = (spec.name.clone(), format!("projection \"{}\"", spec.name));
        self.locate(self.draft.builder.check_projection(&spec), &owner, &table)?;
        self.draft.add_projection(spec);
        self.tables.push((owner, without_numbers(table)));
        Ok(name)
    }

    /// Adds the input of an `[[input]]` table; gives back its name.
    ///
    /// # Errors
    /// The first thing that is wrong with the table.
    pub fn input(&mut self, table: Table) -> Result<String> {
        let spec = self.draft.read_input(&self.section("input", &table))?;
        let (name, owner) = (spec.name.clone(), format!("input \"{}\"", spec.name));
        self.locate(self.draft.builder.check_input(&spec), &owner, &table)?;
        self.draft.add_input(spec);
        self.tables.push((owner, table));
        Ok(name)
    }

    /// Adds the probe of a `[[record.probe]]` table.
    ///
    /// # Errors
    /// The first thing that is wrong with the table.
    pub fn probe(&mut self, table: Table) -> Result<()> {
        let probes = call(Value::List(vec![call(Value::Table(table))]));
        self.probes.extend(self.record(vec![("probe".to_owned(), probes)])?.probes);
        Ok(())
    }

    /// What the tables describe, in the words of the network builder.
    pub fn builder(&self) -> &NetworkBuilder {
        &self.draft.builder
    }

    /// Checks everything, the neurons' drawn parameters included. No synapse is drawn.
    ///
    /// # Errors
    /// The first thing that is wrong, or if the network would not fit into memory.
    pub fn check(&self) -> Result<()> {
        memory::check(&self.draft.builder.predict(), &self.name)?;
        self.draft.builder.validate().map_err(|error| located(error, &self.places(), &self.name))
    }

    /// The network, built by `threads` threads, on which it does not depend, and its probes. Counters are told every
    /// `counters_interval` ms.
    ///
    /// # Errors
    /// As [`Composition::check`], or if a drawn weight or delay is beyond the range of f32, or the interval is not allowed.
    pub fn ready(&self, threads: usize, counters_interval: Option<f64>) -> Result<Ready> {
        let interval = counters_interval.map(|ms| ("counters_interval_ms".to_owned(), call(Value::Float(ms))));
        let record = Record { probes: self.probes.clone(), ..self.record(interval.into_iter().collect())? };
        self.check()?;
        let options = BuildOptions { threads, ranks: 1, memory_limit: None };
        let network = self.draft.builder.clone().build(&options);
        let network = network.map_err(|e| ScenarioError::Network { file: self.name.clone(), source: Box::new(e) })?;
        Ok(ready::of(Arc::new(network), record))
    }

    fn section<'t>(&'t self, kind: &str, table: &'t Table) -> Section<'t> {
        let named = table.iter().find_map(|(key, node)| match &node.value {
            Value::Text(name) if key == "name" => Some(name.as_str()),
            _ => None,
        });
        let prefix = named.map_or(format!("{kind}: "), |name| format!("{kind} \"{name}\": "));
        Section { file: &self.name, folder: Path::new(""), prefix, origin: &Origin::Call, table }
    }

    fn locate(&self, checked: std::result::Result<(), NetworkError>, owner: &str, table: &Table) -> Result<()> {
        checked.map_err(|error| {
            let mut places = self.places();
            places.push((owner.to_owned(), self.place(table)));
            located(error, &places, &self.name)
        })
    }

    fn places(&self) -> Places<'_> {
        self.tables.iter().map(|(owner, table)| (owner.clone(), self.place(table))).collect()
    }

    fn place<'t>(&'t self, table: &'t Table) -> Section<'t> {
        Section { file: &self.name, folder: Path::new(""), prefix: String::new(), origin: &Origin::Call, table }
    }

    /// What a `[record]` table says.
    fn record(&self, table: Table) -> Result<Record> {
        let whole = vec![("record".to_owned(), call(Value::Table(table)))];
        record::read(&Section::whole(&self.name, &whole), &self.draft.populations)
    }
}

fn call(value: Value) -> Node {
    Node { origin: Origin::Call, value }
}

/// Arrays of synapses are in the network builder already; messages need the keys alone.
fn without_numbers(table: Table) -> Table {
    let emptied = |(key, node): (String, Node)| match node.value {
        Value::Numbers(_) => (key, call(Value::Numbers(Vec::new()))),
        value => (key, Node { value, ..node }),
    };
    table.into_iter().map(emptied).collect()
}

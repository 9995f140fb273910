//! A network as table after table says it: those of a file, or those of a program.

use crate::error::ScenarioError;
use crate::population::{self, Declared};
use crate::section::Section;
use crate::{input, projection};
use tauspike_network::{InputSpec, NetworkBuilder, ProjectionSpec, SynapseList};

type Result<T> = std::result::Result<T, ScenarioError>;

/// What the tables so far describe.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub builder: NetworkBuilder,
    pub populations: Vec<Declared>,
    /// Their names.
    pub projections: Vec<String>,
    /// Their names.
    pub inputs: Vec<String>,
}

impl Draft {
    /// Of no table yet.
    pub fn new(seed: u64) -> Self {
        let (populations, projections, inputs) = (Vec::new(), Vec::new(), Vec::new());
        Self { builder: NetworkBuilder::new(seed), populations, projections, inputs }
    }

    /// Reads a population. `trains` are those of sources, ms, if no file has them.
    pub fn read_population(&self, section: &Section, trains: Option<Vec<Vec<f64>>>) -> Result<population::Read> {
        let read = population::read(section, trains)?;
        if self.populations.iter().any(|other| other.name == read.name) {
            return Err(section.need("name", "")?.refuse("a unique name; another population has this one"));
        }
        Ok(read)
    }

    /// Adds a population.
    pub fn add_population(&mut self, population::Read { name, model, size, cells }: population::Read) {
        let id = self.builder.population(name.clone(), size, cells);
        self.populations.push(Declared { name, model, size, id });
    }

    /// Reads a projection. `synapses` are its own, if neither a rule nor a file has them.
    pub fn read_projection(&self, section: &Section, synapses: Option<SynapseList>) -> Result<ProjectionSpec> {
        let spec = projection::read(section, &self.populations, &self.projections, synapses)?;
        unique(section, &spec.name, &self.projections)?;
        Ok(spec)
    }

    /// Adds a projection.
    pub fn add_projection(&mut self, spec: ProjectionSpec) {
        self.projections.push(spec.name.clone());
        self.builder.project(spec);
    }

    /// Reads an input.
    pub fn read_input(&self, section: &Section) -> Result<InputSpec> {
        let spec = input::read(section, &self.populations, &self.inputs)?;
        unique(section, &spec.name, &self.inputs)?;
        Ok(spec)
    }

    /// Adds an input.
    pub fn add_input(&mut self, spec: InputSpec) {
        self.inputs.push(spec.name.clone());
        self.builder.input(spec);
    }
}

fn unique(section: &Section, name: &String, taken: &[String]) -> Result<()> {
    if taken.contains(name) {
        return Err(section.need("name", "")?.refuse("a unique name; another one has it"));
    }
    Ok(())
}

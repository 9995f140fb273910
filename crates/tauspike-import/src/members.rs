//! Which row of a table belongs to which neuron.

use crate::columns::only::{Kept, Only};
use crate::error::ImportError;
use crate::source::Source;

/// The neurons that a table has one row for each of.
#[derive(Clone, Copy, Debug)]
pub struct Members<'a> {
    /// Size of the population. A neuron is called by its position in it, from 0 to `size - 1`: local numbering.
    pub size: u32,
    /// The positions meant, each once; none if all are.
    pub listed: Option<&'a [u32]>,
    /// Name of the population. If a table has a column `population` with names in it, other rows are not read.
    pub population: Option<&'a str>,
}

/// The name of the column that says which neuron a row is for, by its position in the population; and that of the same in tables
/// where `neuron` is the global index, as `tauspike export` writes them.
pub(crate) const NEURON: &str = "neuron";
pub(crate) const LOCAL: &str = "local";
pub(crate) const POPULATION: &str = "population";

impl<'a> Members<'a> {
    /// Every neuron of a population of this size.
    pub fn all(size: u32) -> Self {
        Self { size, listed: None, population: None }
    }

    /// The same of the population of this name.
    pub fn of(self, population: &'a str) -> Self {
        Self { population: Some(population), ..self }
    }

    /// The rows of a table that are for them.
    pub(crate) fn only(&self) -> Option<Only<'a>> {
        self.population.map(|name| Only { column: POPULATION, name })
    }

    fn count(&self) -> usize {
        self.listed.map_or(self.size as usize, <[u32]>::len)
    }

    /// The rows of the table in the order of the members, where `neurons` is the column of that name, if there is one.
    pub(crate) fn rows(
        &self,
        source: &Source,
        neurons: Option<Vec<u32>>,
        (rows, kept): (usize, &Kept),
    ) -> Result<Rows, ImportError> {
        let Some(neurons) = neurons else { return self.as_read(source, rows) };
        let mut by_neuron: Vec<(u32, usize)> = neurons.iter().copied().zip(0..).collect();
        by_neuron.sort_unstable();
        if let Some(pair) = by_neuron.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let allowed = format!("each neuron once; it stands at {} too", source.place(kept.row(pair[0].1)));
            return Err(source.refuse(kept.row(pair[1].1), NEURON, pair[1].0, allowed));
        }
        let row_of = |neuron: u32| {
            let found = by_neuron.binary_search_by_key(&neuron, |(neuron, _)| *neuron);
            found.map(|k| by_neuron[k].1).map_err(|_| self.missing(source, neuron))
        };
        let ordered: Vec<usize> = match self.listed {
            None => (0..self.size).map(row_of).collect::<Result<_, _>>()?,
            Some(listed) => listed.iter().map(|neuron| row_of(*neuron)).collect::<Result<_, _>>()?,
        };
        let is_member = |neuron: &u32| self.listed.is_none_or(|listed| listed.contains(neuron));
        // Each member has a row, so a row more is one of no member.
        match neurons.iter().position(|neuron| rows > ordered.len() && !is_member(neuron)) {
            Some(row) => {
                Err(source.refuse(kept.row(row), NEURON, neurons[row], "one of the members, and no other neuron"))
            }
            None => Ok(Rows::Ordered(ordered)),
        }
    }

    fn as_read(&self, source: &Source, rows: usize) -> Result<Rows, ImportError> {
        if rows == self.count() {
            return Ok(Rows::AsRead);
        }
        let allowed = format!("{}, one per {}", self.count(), if self.listed.is_some() { "member" } else { "neuron" });
        Err(ImportError::Rows { file: source.name().into(), found: rows as u64, allowed })
    }

    fn missing(&self, source: &Source, neuron: u32) -> ImportError {
        let all = if self.listed.is_some() { "each of the members" } else { "each neuron from 0" };
        let allowed = format!("{all} once, {} in all, called by their positions in the population", self.count());
        source.unfit(NEURON, format!("neuron {neuron} is missing"), allowed)
    }
}

/// Where the value of each member stands.
pub(crate) enum Rows {
    AsRead,
    Ordered(Vec<usize>),
}

impl Rows {
    /// The row of a member, among those that were read.
    pub fn row(&self, member: usize) -> usize {
        match self {
            Rows::AsRead => member,
            Rows::Ordered(rows) => rows[member],
        }
    }

    /// The values by member.
    pub fn of(&self, values: Vec<f64>) -> Vec<f64> {
        match self {
            Rows::AsRead => values,
            Rows::Ordered(rows) => rows.iter().map(|&row| values[row]).collect(),
        }
    }
}

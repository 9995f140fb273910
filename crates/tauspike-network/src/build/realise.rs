//! Draws the parameters of populations and inputs, and checks what can only be checked on drawn values.

use crate::describe::description::{Description, PopulationSpec};
use crate::describe::lif::{LifParameter, LifSpec};
use crate::describe::parameter::{Field, Parameter, Range};
use crate::describe::spec::{CellsSpec, DriveSpec, InputSpec, RateSpec};
use crate::draw::key::Key;
use crate::error::NetworkError;
use crate::table::column::Column;
use crate::table::input::{Drive, Input};
use crate::table::population::{Cells, Lif, Population, Rate};
use tauspike_spike::Domain;

/// Populations are numbered from 0 and inputs from here downwards, so their parameters share no draw.
pub(crate) const LAST_OWNER: u32 = (1 << 16) - 1;

/// What each member of populations and inputs has of its own. Beside the LIF parameters (numbers 0 to 9).
#[derive(Clone, Copy)]
pub(crate) struct Quantity {
    /// In the random key; part of what a seed means: never renumber.
    number: u32,
    pub(crate) name: &'static str,
    pub(crate) range: Range,
}

pub(crate) const RATE: Quantity = Quantity { number: 10, name: "rate", range: Range::NotNegative };
pub(crate) const WEIGHT: Quantity = Quantity { number: 11, name: "weight", range: Range::Finite };
pub(crate) const SCALE: Quantity = Quantity { number: 12, name: "scale", range: Range::Finite };

impl From<&LifParameter> for Quantity {
    fn from(parameter: &LifParameter) -> Self {
        Self { number: parameter.number, name: parameter.name, range: parameter.range }
    }
}

/// Everything of a network but its synapses.
pub(crate) struct Realised {
    pub(crate) populations: Vec<Population>,
    pub(crate) inputs: Vec<Input>,
}

impl Realised {
    pub(crate) fn of(description: &Description) -> Result<Self, NetworkError> {
        let seed = description.seed;
        let mut first = 0;
        let mut populations = Vec::with_capacity(description.populations.len());
        for (number, spec) in (0..).zip(&description.populations) {
            let name = spec.owner();
            let owner = Owner { name: &name, seed, number, size: spec.size, members: None };
            populations.push(population(&owner, spec, first)?);
            first += spec.size;
        }
        let mut inputs = Vec::with_capacity(description.inputs.len());
        for (number, spec) in (0..).zip(&description.inputs) {
            let (name, size) = (spec.owner(), description.size(spec.population.index()));
            let members = spec.members.as_deref();
            inputs.push(input(&Owner { name: &name, seed, number: LAST_OWNER - number, size, members }, spec)?);
        }
        Ok(Self { populations, inputs })
    }
}

/// Whose parameters are drawn: the key, and the positions of the members in their population.
struct Owner<'a> {
    name: &'a str,
    seed: u64,
    number: u32,
    size: u32,
    members: Option<&'a [u32]>,
}

impl Owner<'_> {
    fn column(&self, parameter: &Parameter, quantity: impl Into<Quantity>) -> Result<Column, NetworkError> {
        let Quantity { number, name, range } = quantity.into();
        let field = Field { owner: self.name, name, range };
        let key = Key { seed: self.seed, domain: Domain::parameter(self.number, number) };
        match self.members {
            Some(members) => values(parameter, field, key, members.iter().copied()),
            None => values(parameter, field, key, 0..self.size),
        }
    }

    fn len(&self) -> usize {
        self.members.map_or(self.size as usize, <[u32]>::len)
    }
}

/// The value of each member. Drawn values are checked here, because a distribution may reach what a field does not allow.
fn values(
    parameter: &Parameter,
    field: Field,
    key: Key,
    positions: impl Iterator<Item = u32>,
) -> Result<Column, NetworkError> {
    match parameter {
        Parameter::Value(value) => Ok(Column::Shared(*value)),
        Parameter::PerMember(values) => Ok(Column::of(values.clone())),
        Parameter::Drawn(distribution) => {
            let sampler = field.check_distribution(distribution)?.sampler().map_err(|e| field.distribution(e))?;
            let draw = |position| {
                let value = sampler.draw(&mut key.stream(position));
                if field.range.holds(value) { Ok(value) } else { Err(field.drawn(position as usize, value)) }
            };
            Ok(Column::of(positions.map(draw).collect::<Result<_, _>>()?))
        }
    }
}

/// One realised population whose first member has global index `first`.
fn population(owner: &Owner, spec: &PopulationSpec, first: u32) -> Result<Population, NetworkError> {
    let cells = match &spec.cells {
        CellsSpec::Lif(spec) => Cells::Lif(lif(owner, spec)?),
        CellsSpec::Trains(trains) => Cells::Trains(trains.clone()),
        CellsSpec::Poisson(spec) => Cells::Poisson(rate(owner, spec)?),
    };
    Ok(Population { name: spec.name.clone(), first, size: spec.size, cells })
}

fn lif(owner: &Owner, spec: &LifSpec) -> Result<Lif, NetworkError> {
    let lif = Lif::of(spec, |parameter| {
        let source = parameter.source(spec);
        owner.column(source.asked(spec), source)
    })?;
    let checked = if lif.v_reset.shared().is_some() && lif.v_th.shared().is_some() { 1 } else { owner.len() };
    if let Some(member) = (0..checked).find(|&i| lif.v_reset.get(i) >= lif.v_th.get(i)) {
        return Err(NetworkError::Member {
            owner: owner.name.to_owned(),
            field: if spec.v_reset.is_some() { "v_reset" } else { "v_reset (= e_l)" },
            member,
            value: lif.v_reset.get(member),
            allowed: format!("below v_th = {} of the same neuron", lif.v_th.get(member)),
        });
    }
    Ok(lif)
}

fn rate(owner: &Owner, spec: &RateSpec) -> Result<Rate, NetworkError> {
    let base_hz = owner.column(&spec.base_hz, RATE)?;
    Ok(Rate { base_hz, profile: spec.profile.clone(), start: spec.start, stop: spec.stop })
}

/// One realised input.
fn input(owner: &Owner, spec: &InputSpec) -> Result<Input, NetworkError> {
    let drive = match &spec.drive {
        DriveSpec::Poisson { rate: spec, weight } => {
            Drive::Poisson { rate: rate(owner, spec)?, weight: owner.column(weight, WEIGHT)? }
        }
        DriveSpec::Current { signal, scale } => {
            Drive::Current { signal: signal.clone(), scale: owner.column(scale, SCALE)? }
        }
    };
    Ok(Input { name: spec.name.clone(), population: spec.population.0, members: spec.members.clone(), drive })
}

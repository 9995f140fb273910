//! How large a network will be, computed without drawing a synapse.

use crate::builder::NetworkBuilder;
use crate::parameter::Parameter;
use crate::placement::{Inflow, block_size};
use crate::rule::Rule;
use crate::spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, ProjectionSpec, SynapseSpec};

/// Bytes that the engine keeps per LIF neuron besides its individual parameters: the cell, its times and place in the calendar, and
/// room for 36 arrivals that wait. Measured on `scenarios/million`: 917 MB resident, 152 of them Poisson input and parameters.
const NEURON_STATE: u64 = 760;
/// Bytes per private Poisson train: its position, and sixteen intervals drawn ahead.
const TRAIN_STATE: u64 = 144;

/// Expected size of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// Neurons and spike sources.
    pub neurons: u64,
    /// Expected number of synapses, rounded; exact for every rule but pairwise Bernoulli.
    pub synapses: u64,
    /// Fan-out table, parameters and neuron state, bytes; and for explicit lists what is held while they are built in. Spikes in
    /// flight are not included, nor the rows that an epoch draws of procedural projections.
    pub bytes: u64,
    /// Expected arrivals from Poisson inputs in a second of model time, rounded: at the base rates, as if profiles were 1 and no
    /// input ever stopped.
    pub external_per_s: u64,
    /// Whether any neuron has exponential currents, whose arrivals cost more.
    pub exponential: bool,
}

impl NetworkBuilder {
    /// Expected neurons, synapses and memory. Meaningful for a description that [`NetworkBuilder::validate`] accepts.
    pub fn predict(&self) -> Prediction {
        let neurons = self.populations.iter().map(|p| u64::from(p.size)).sum();
        let parameters: u64 = self.populations.iter().map(|p| u64::from(p.size) * cell_bytes(&p.cells)).sum();
        let inputs: u64 = self
            .inputs
            .iter()
            .map(|input| {
                self.members(input) * (drive_bytes(&input.drive) + if input.members.is_some() { 4 } else { 0 })
            })
            .sum();
        let synapses: f64 = self.projections.iter().map(|spec| self.expected_synapses(spec)).sum();
        let tables: f64 = self.projections.iter().map(|spec| self.table_bytes(spec)).sum();
        Prediction {
            neurons,
            synapses: synapses.round() as u64,
            external_per_s: self.external_per_s(),
            exponential: self.populations.iter().any(|p| is_exponential(&p.cells)),
            bytes: (tables.ceil() as u64).saturating_add(parameters + inputs),
        }
    }

    fn external_per_s(&self) -> u64 {
        let rate = |input: &InputSpec| match &input.drive {
            DriveSpec::Poisson { rate, .. } => self.members(input) as f64 * rate.base_hz.moments().mean,
            DriveSpec::Current { .. } => 0.0,
        };
        self.inputs.iter().map(rate).sum::<f64>().round() as u64
    }

    fn members(&self, input: &InputSpec) -> u64 {
        input.members.as_ref().map_or(self.size(input.population.index()), |members| members.len() as u64)
    }

    /// Size of a population; 0 if there is none of this index.
    fn size(&self, population: usize) -> u64 {
        self.populations.get(population).map_or(0, |p| u64::from(p.size))
    }

    fn expected_synapses(&self, spec: &ProjectionSpec) -> f64 {
        let (sources, targets) = (self.size(spec.source.index()) as f64, self.size(spec.target.index()) as f64);
        let candidates = if spec.excludes_self() { sources - 1.0 } else { sources };
        match &spec.rule {
            Rule::FixedInDegree(degree) => targets * f64::from(*degree),
            Rule::FixedOutDegree(degree) => sources * f64::from(*degree),
            Rule::FixedTotal(total) => *total as f64,
            Rule::PairwiseBernoulli(p) => p * targets * candidates,
            Rule::OneToOne => targets,
            Rule::AllToAll => targets * candidates,
            Rule::Explicit(list) => list.len() as f64,
        }
    }

    fn table_bytes(&self, spec: &ProjectionSpec) -> f64 {
        if spec.procedural {
            return 0.0;
        }
        let individual = spec.values(0, 0).map_or(0, |(weights, delays)| weights.bytes() + delays.bytes());
        // Entries of the list (two positions, up to two values) and their order by target.
        let list = if let Rule::Explicit(_) = spec.rule { 8 + individual + 4 } else { 0 };
        let blocks = self.size(spec.target.index()).div_ceil(u64::from(self.block_size_of(spec.target.index())));
        let offsets = blocks * (self.size(spec.source.index()) + 1) * 4;
        self.expected_synapses(spec) * (2 + individual + list) as f64 + offsets as f64
    }

    /// Block size of a population: chosen, or from what is projected onto it.
    pub(crate) fn block_size_of(&self, population: usize) -> u32 {
        if let Some(size) = self.block_size {
            return size;
        }
        let mut inflow = Inflow::default();
        let neurons = self.size(population).max(1);
        for spec in self.projections.iter().filter(|spec| spec.target.index() == population) {
            let synapses = self.expected_synapses(spec);
            inflow.sources += self.size(spec.source.index()) as f64;
            inflow.synapses += synapses;
            inflow.in_degree = inflow.in_degree.max(synapses / neurons as f64);
        }
        block_size(neurons as u32, inflow)
    }
}

fn is_exponential(cells: &CellsSpec) -> bool {
    matches!(cells, CellsSpec::Lif(LifSpec { synapse: SynapseSpec::Exponential { .. }, .. }))
}

fn cell_bytes(cells: &CellsSpec) -> u64 {
    match cells {
        CellsSpec::Lif(spec) => NEURON_STATE + lif_bytes(spec),
        CellsSpec::Poisson(spec) => 16 + spec.base_hz.bytes_per_member(),
        CellsSpec::Trains(trains) => {
            let spikes: usize = trains.iter().map(Vec::len).sum();
            24 + 8 * spikes as u64 / trains.len().max(1) as u64
        }
    }
}

fn lif_bytes(spec: &LifSpec) -> u64 {
    let individual = |p: &Option<Parameter>| p.as_ref().unwrap_or(&spec.e_l).bytes_per_member();
    let membrane = [&spec.tau_m, &spec.c_m, &spec.e_l, &spec.v_th, &spec.t_ref, &spec.i_e];
    let membrane: u64 = membrane.into_iter().map(Parameter::bytes_per_member).sum();
    let synapse = match &spec.synapse {
        SynapseSpec::Delta => 0,
        SynapseSpec::Exponential { tau_syn_ex, tau_syn_in } => {
            tau_syn_ex.bytes_per_member() + tau_syn_in.bytes_per_member()
        }
    };
    membrane + individual(&spec.v_reset) + individual(&spec.v_init) + synapse
}

fn drive_bytes(drive: &DriveSpec) -> u64 {
    match drive {
        DriveSpec::Poisson { rate, weight } => {
            TRAIN_STATE + rate.base_hz.bytes_per_member() + weight.bytes_per_member()
        }
        DriveSpec::Current { scale, .. } => scale.bytes_per_member(),
    }
}

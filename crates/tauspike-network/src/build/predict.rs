//! How large a network will be, computed without drawing a synapse.

use crate::build::layout::Layout;
use crate::build::values::SynapseValues;
use crate::describe::description::Description;
use crate::describe::lif::LifParameter;
use crate::describe::rule::Rule;
use crate::describe::spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, ProjectionSpec, SynapseSpec};
use crate::draw::values::Values;
use crate::table::rows::is_listed;

/// Bytes that a run keeps per LIF neuron besides its individual parameters: its integers, times and constants. Measured as resident memory: 257 MB
/// on `scenarios/million`, 61 on `balanced_const`.
const NEURON_STATE: u64 = 240;
/// So many more where each has a time constant of its own (71 MB on `scenarios/sparse_low`).
const OWN_DECAY: u64 = 100;
/// So many more for each number of its two currents: one where they are exponential, two where they are alpha functions (97 MB on sparse_low with
/// exponential currents).
const CURRENT_STATE: u64 = 240;
/// Bytes per private Poisson train: events drawn ahead.
const TRAIN_STATE: u64 = 16;

/// Expected size of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Smallest delay that a synapse may have, ms: of drawn delays the lower bound, which may be below the smallest that is drawn. Infinite if
    /// there is no projection.
    pub least_delay: f64,
    /// Whether any neuron has synaptic currents, whose arrivals cost more.
    pub exponential: bool,
}

/// Expected neurons, synapses and memory, of the blocks that are asked for.
pub(crate) fn size(description: &Description, layout: &Layout) -> Prediction {
    let asked = |bytes: u64, population: usize| (bytes as f64 * layout.share(population)) as u64;
    let members = description.populations.iter().enumerate().map(|(index, p)| {
        let state = if let CellsSpec::Lif(spec) = &p.cells { state_bytes(spec) } else { 0 };
        u64::from(p.size) * cell_bytes(&p.cells) + asked(u64::from(p.size) * state, index)
    });
    let inputs = description.inputs.iter().map(|input| {
        let position = if input.members.is_some() { 4 } else { 0 };
        let state = if let DriveSpec::Poisson { .. } = input.drive { TRAIN_STATE } else { 0 };
        let members = description.members(input);
        members * (drive_bytes(&input.drive) + position) + asked(members * state, input.population.index())
    });
    let synapses: f64 = description.projections.iter().map(|spec| description.expected_synapses(spec)).sum();
    let tables: f64 = description.projections.iter().map(|spec| table_bytes(description, layout, spec)).sum();
    Prediction {
        neurons: description.populations.iter().map(|p| u64::from(p.size)).sum(),
        synapses: synapses.round() as u64,
        external_per_s: external_per_s(description),
        least_delay: description.projections.iter().map(least_delay).fold(f64::INFINITY, f64::min),
        exponential: description.populations.iter().any(|p| p.cells.has_currents()),
        bytes: (tables.ceil() as u64).saturating_add(members.sum::<u64>() + inputs.sum::<u64>()),
    }
}

fn external_per_s(description: &Description) -> u64 {
    let rate = |input: &InputSpec| match &input.drive {
        DriveSpec::Poisson { rate, .. } => description.members(input) as f64 * rate.base_hz.moments().mean,
        DriveSpec::Current { .. } => 0.0,
    };
    description.inputs.iter().map(rate).sum::<f64>().round() as u64
}

fn table_bytes(description: &Description, layout: &Layout, spec: &ProjectionSpec) -> f64 {
    if spec.procedural {
        return 0.0;
    }
    let values = SynapseValues::of(spec, 0, 0);
    let individual = values.map_or(0, |values| values.weights.bytes() + values.delays.bytes());
    let synapses = description.expected_synapses(spec);
    // Entries of the list (two positions, up to two values) and their order by target.
    let list = if let Rule::Explicit(_) = spec.rule { synapses * (8 + individual + 4) as f64 } else { 0.0 };
    let asked = layout.targets(spec.target.index()).asked.iter().filter(|asked| **asked).count() as f64;
    let mine = synapses * layout.share(spec.target.index());
    let sources = f64::from(description.size(spec.source.index()));
    let index = asked * index_bytes(sources, mine / asked.max(1.0));
    mine * (2 + individual) as f64 + list + index
}

/// Of the index of a block onto which so many synapses lead, by chance, from so many sources.
fn index_bytes(sources: f64, synapses: f64) -> f64 {
    let with_row = sources * -libm::expm1(-synapses / sources);
    if is_listed(with_row, sources) { 8.0 * with_row + 4.0 } else { 4.0 * (sources + 1.0) }
}

/// ms.
fn least_delay(spec: &ProjectionSpec) -> f64 {
    match SynapseValues::of(spec, 0, 0).map(|values| values.delays) {
        Ok(Values::Shared(delay)) => delay,
        Ok(Values::Drawn { sampler, step, least_steps, .. }) => {
            let lowest = sampler.lowest();
            step.map_or(lowest, |step| step * (lowest / step).round().max(least_steps)).max(0.0)
        }
        Ok(Values::Listed(delays)) => delays.iter().copied().fold(f64::INFINITY, f64::min),
        Err(_) => f64::INFINITY,
    }
}

/// Of one member, without the state of a neuron.
fn cell_bytes(cells: &CellsSpec) -> u64 {
    match cells {
        CellsSpec::Lif(spec) => lif_bytes(spec),
        CellsSpec::Poisson(spec) => 16 + spec.base_hz.bytes_per_member(),
        CellsSpec::Trains(trains) => {
            let spikes: usize = trains.iter().map(Vec::len).sum();
            24 + 8 * spikes as u64 / trains.len().max(1) as u64
        }
    }
}

/// Of one neuron, without its parameters.
fn state_bytes(spec: &LifSpec) -> u64 {
    let currents = match spec.synapse {
        SynapseSpec::Delta => 0,
        SynapseSpec::Exponential { .. } => 1,
        SynapseSpec::Alpha { .. } => 2,
    };
    let own = if spec.tau_m.bytes_per_member() > 0 { OWN_DECAY } else { 0 };
    NEURON_STATE + own + currents * CURRENT_STATE
}

fn lif_bytes(spec: &LifSpec) -> u64 {
    LifParameter::of(spec).map(|parameter| parameter.asked(spec).bytes_per_member()).sum()
}

/// Of one member, without the state of a train.
fn drive_bytes(drive: &DriveSpec) -> u64 {
    match drive {
        DriveSpec::Poisson { rate, weight } => rate.base_hz.bytes_per_member() + weight.bytes_per_member(),
        DriveSpec::Current { scale, .. } => scale.bytes_per_member(),
    }
}

//! Which models of neurons there are, by the names that scenarios, messages and files give them.
//!
//! A model is what an arrival does, and whether there is a threshold. One that does something else on arrival takes
//!
//! 1. here: a kind, and its rows in [`MODELS`], from which scenarios, messages and files have them;
//! 2. `describe/lif.rs` and `table/population.rs`: its synapse, asked for and realised;
//! 3. `tauspike-neuron`: how it moves (`dynamics`), what an arrival adds (`kinetics`), where it crosses threshold (`crossing`), whether it may
//!    soon (`glance`);
//! 4. the engine: its arms in `block.rs` and `block/scaled/kind.rs`, where all that asks how many numbers a current has is one code;
//! 5. the oracle, which has equations of its own.

/// What an arrival of weight w does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SynapseKind {
    /// V jumps by w, mV.
    Delta,
    /// A current jumps by w, pA, and decays exponentially.
    Exponential,
    /// A current rises to w, pA, in tau_syn and decays: `w e s / tau_syn e^(-s / tau_syn)`.
    Alpha,
}

impl SynapseKind {
    /// Of weights: mV or pA.
    pub fn unit(self) -> &'static str {
        match self {
            SynapseKind::Delta => "mV",
            SynapseKind::Exponential | SynapseKind::Alpha => "pA",
        }
    }
}

/// A model of a neuron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// As scenarios call it.
    pub name: &'static str,
    /// Whether there is a threshold; without one the neuron is a leaky integrator.
    pub fires: bool,
    /// What an arrival does.
    pub synapse: SynapseKind,
}

/// Every model: leaky integrate-and-fire neurons, then leaky integrators.
pub static MODELS: [Model; 6] = [
    Model { name: "lif_delta", fires: true, synapse: SynapseKind::Delta },
    Model { name: "lif_exp", fires: true, synapse: SynapseKind::Exponential },
    Model { name: "lif_alpha", fires: true, synapse: SynapseKind::Alpha },
    Model { name: "li_delta", fires: false, synapse: SynapseKind::Delta },
    Model { name: "li_exp", fires: false, synapse: SynapseKind::Exponential },
    Model { name: "li_alpha", fires: false, synapse: SynapseKind::Alpha },
];

impl Model {
    /// The model of this name: `lif_exp`.
    pub fn named(name: &str) -> Option<&'static Model> {
        MODELS.iter().find(|model| model.name == name)
    }

    /// What neurons that fire, or not, at which arrivals do that, are called.
    pub(crate) fn name(fires: bool, synapse: SynapseKind) -> &'static str {
        let model = MODELS.iter().find(|model| model.fires == fires && model.synapse == synapse);
        model.expect("the table has all").name
    }
}

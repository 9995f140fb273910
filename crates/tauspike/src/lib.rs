//! Exact, event-driven simulation of sparse spiking networks, as one dependency.
//!
//! Leaky integrate-and-fire neurons with a time constant of their own are carried from event to event in closed form: there is
//! no time step, and a spike time is the solution of an equation. The same description and seed give the same spikes, bit by
//! bit, for any number of threads and after any restart.
//!
//! | module | question | feature |
//! |---|---|---|
//! | [`network`] | which neurons, synapses and inputs are there? | |
//! | [`engine`] | how is the network set in motion? | |
//! | [`energy`] | what would that work cost on some hardware? | |
//! | [`neuron`] | how does one neuron move? | |
//! | [`spike`] | what is a spike, and which of two comes first? | |
//! | `record` | how are its spikes kept, and read again? | `record` |
//! | `import` | how are the files of others read? | `import` |
//! | `task` | which stimuli, and what should come of them? | `task` |
//! | `scenario` | how is all of that written in one file? | `scenario`, brings the other three |
//! | `sprs` | weights as sparse matrices: `SynapseList::from_csmat`, `Network::weight_matrix` | `sprs` |
//!
//! All features are on by default. Without any, no file format and no linear algebra is compiled: `default-features = false`.
//!
//! Nothing is implemented here. Times are f64 in ms, potentials in mV, currents in pA, capacitances in pF, rates in Hz.
//!
//! A hundred neurons with skewed time constants, driven by private Poisson trains, inhibit each other:
//!
//! ```
//! use std::sync::Arc;
//! use tauspike::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut builder = NetworkBuilder::new(42);
//! let tau_m = Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5));
//! let cells = builder.population("cells", 100, LifSpec { tau_m: tau_m.into(), ..LifSpec::default() });
//! builder.project(
//!     ProjectionSpec::new("inhibition", (cells, cells), Rule::FixedInDegree(10)).weight(-0.5).delay(1.5),
//! );
//! builder.input(InputSpec {
//!     name: "drive".into(),
//!     population: cells,
//!     members: None,
//!     drive: DriveSpec::Poisson { rate: RateSpec::constant(10_000.0), weight: 0.1.into() },
//! });
//! let network = Arc::new(builder.build(&BuildOptions::default())?);
//!
//! let mut simulation = Simulation::new(network, Options::default())?;
//! let mut spikes: Vec<Spike> = Vec::new();
//! simulation.run(500.0, &mut spikes)?;
//!
//! assert_eq!(spikes.len() as u64, simulation.counters().spikes);
//! assert!(spikes.is_sorted());
//! # assert!(spikes.len() > 100);
//! # Ok(())
//! # }
//! ```
//!
//! From a file to a folder of Parquet, as `tauspike run` does it: `scenario::load` and `scenario::run`.

pub use tauspike_energy as energy;
pub use tauspike_engine as engine;
#[cfg(feature = "import")]
pub use tauspike_import as import;
pub use tauspike_network as network;
pub use tauspike_neuron as neuron;
#[cfg(feature = "record")]
pub use tauspike_record as record;
#[cfg(feature = "scenario")]
pub use tauspike_scenario as scenario;
pub use tauspike_spike as spike;
#[cfg(feature = "task")]
pub use tauspike_task as task;

/// The sparse matrices in which weights are handed in ([`SynapseList::from_csmat`]) and out ([`Network::weight_matrix`]).
#[cfg(feature = "sprs")]
pub use sprs;

pub use tauspike_engine::{
    Counters, EngineError, Injected, LATEST, Options, Probe, ProbeTimes, Schedule, Simd, Simulation, SnapshotError,
};
pub use tauspike_network::population::Signal;
pub use tauspike_network::{
    BuildOptions, CellsSpec, Distribution, DriveSpec, Family, InputSpec, LifSpec, MODELS, Model, Moments, Network,
    NetworkBuilder, NetworkError, Parameter, PopulationId, Prediction, ProjectionSpec, RateSpec, Rule, Shape, Spread,
    SynapseKind, SynapseList, SynapseSpec,
};
pub use tauspike_neuron::Membrane;
#[cfg(feature = "record")]
pub use tauspike_record::{OutputDir, PopulationRange, Populations, RecordError, SpikeRecorder};
pub use tauspike_spike::{ProbeRow, Recorded, SinkError, Spike, SpikeSink, Tee};

//! Advances blocks of exact neurons through epochs and carries spikes between them.
//!
//! | module | question |
//! |---|---|
//! | [`simulation`] | how do I run a network? |
//! | [`closed_loop`] | how does a program act on it while it runs? |
//! | [`options`] | with how many threads, in which order? |
//! | [`probe`] | what was the membrane potential at these times? |
//! | [`snapshot`] | how do I stop here and go on elsewhere? |
//! | [`exchange`] | how do several processes share one network? |
//!
//! Inside, by question:
//!
//! ```text
//! run       what is due next, and who works on it
//! transit   spikes on their way, and what of them arrives in an epoch
//! block     one block of neurons and its way through an epoch
//! inputs    what reaches neurons by itself
//! hardware  instruction sets, cache lines
//! ```
//!
//! No file formats, no scenario, no network construction.
//!
//! ```
//! use std::sync::Arc;
//! use tauspike_engine::{Options, Simulation};
//! use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};
//! use tauspike_spike::Spike;
//!
//! // A neuron that fires by itself excites another, 1.5 ms away.
//! let mut builder = NetworkBuilder::new(1);
//! let driven = builder.population("driven", 1, LifSpec { i_e: 400.0.into(), ..LifSpec::default() }); // pA
//! let follower = builder.population("follower", 1, LifSpec::default());
//! builder.project(ProjectionSpec::new("one", (driven, follower), Rule::AllToAll).weight(30.0).delay(1.5)); // mV, ms
//! let network = Arc::new(builder.build(&BuildOptions::default())?);
//!
//! let mut simulation = Simulation::new(network.clone(), Options::default())?;
//! let mut spikes: Vec<Spike> = Vec::new();
//! simulation.run(50.0, &mut spikes)?; // to 50 ms
//! assert_eq!(spikes[1].time, spikes[0].time + 1.5);
//!
//! // Stopped, saved and restored, it goes on with the same bits.
//! let mut restored = Simulation::restore(network, Options::default(), &simulation.save()?)?;
//! let mut more: Vec<Spike> = Vec::new();
//! simulation.run(100.0, &mut spikes)?;
//! restored.run(100.0, &mut more)?;
//! assert_eq!(spikes[spikes.len() - more.len()..], more);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod block;
pub mod closed_loop;
pub mod error;
mod hardware;
mod inputs;
pub mod options;
pub mod probe;
mod run;
pub mod simulation;
pub mod snapshot;
mod transit;

pub use closed_loop::Injected;
pub use error::EngineError;
pub use options::{LATEST, Options, Schedule, Simd, THREADS};
pub use probe::{Probe, ProbeTimes};
pub use simulation::Simulation;
pub use snapshot::{Snapshot, SnapshotError, is_snapshot};
pub use tauspike_spike::Counters;
pub use transit::exchange;

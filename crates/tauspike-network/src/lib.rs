//! Turns populations and rules into a validated, partition-independent fan-out table.
//!
//! | folder | question | modules |
//! |---|---|---|
//! | `describe` | what does a user ask for? | [`spec`], [`lif`] (the table of parameters), [`rule`], [`parameter`], [`distribution`], [`cut`], [`moments`] |
//! | `build` | how does a description become a network? | [`builder`], [`predict`]; [`shared`]: with the synapses of another; [`allowed`]: what may be done to it |
//! | `draw` | how are random numbers made of a seed? | [`sampler`] |
//! | `table` | what is the finished network? | [`network`], [`population`], [`fanout`], [`procedural`], [`input`], [`mod@column`]; `matrix` (feature `sprs`) |
//! | | is it the same network, and what differs? | [`fingerprint`] |
//!
//! The invariant: which synapse exists, its weight and its delay depend on the description and the seed alone. It is *not* a
//! parser and knows no file; it does not advance time.
//!
//! ```
//! use tauspike_network::{BuildOptions, Distribution, Family, LifSpec, NetworkBuilder, ProjectionSpec, Rule, Spread};
//!
//! let mut builder = NetworkBuilder::new(42);
//! let tau_m = Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.5)); // ms
//! let e = builder.population("E", 1000, LifSpec { tau_m: tau_m.into(), ..LifSpec::default() });
//! let rule = Rule::FixedInDegree(100);
//! builder.project(ProjectionSpec::new("E to E", (e, e), rule).weight(0.1).delay(1.5).without_autapses());
//! assert_eq!(builder.predict().synapses, 100_000);
//!
//! let network = builder.build(&BuildOptions { threads: 2, memory_limit: Some(1 << 30), ..BuildOptions::default() })?;
//! assert_eq!((network.synapses(), network.min_delay()), (100_000, 1.5));
//! assert!(network.synapses_of(0).all(|s| s.source != s.target));
//! # Ok::<(), tauspike_network::NetworkError>(())
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

mod build;
mod describe;
mod draw;
pub mod error;
pub mod fingerprint;
mod table;

pub use build::{allowed, builder, predict, shared};
pub use describe::{cut, distribution, lif, model, moments, parameter, rule, spec};
pub use draw::sampler;
#[cfg(feature = "sprs")]
pub use table::matrix;
pub use table::{column, fanout, input, network, population, procedural};

pub use allowed::Allowed;
pub use builder::{BuildOptions, NetworkBuilder, available_memory};
pub use cut::Cut;
pub use distribution::{Distribution, Family, Shape, Spread};
pub use error::NetworkError;
pub use fingerprint::{Difference, Fingerprint};
pub use lif::{LIF, LifParameter, LifSpec, SynapseSpec, Unless};
pub use model::{MODELS, Model, SynapseKind};
pub use moments::Moments;
pub use network::Network;
pub use parameter::{Parameter, Range};
pub use predict::Prediction;
pub use rule::{Rule, SynapseList};
pub use shared::SharedSynapses;
pub use spec::{CellsSpec, DriveSpec, InputSpec, PopulationId, ProjectionSpec, RateSpec};

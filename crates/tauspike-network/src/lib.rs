//! Turns populations and rules into a validated, partition-independent fan-out table.
//!
//! | module | question |
//! |---|---|
//! | [`builder`] | how does a description become a network? |
//! | [`spec`], [`rule`] | what does a user describe? |
//! | [`parameter`], [`distribution`], [`moments`] | which values do the members get, and how are those spread? |
//! | [`predict`] | how large will it be? |
//! | [`population`] | what neurons are there, and with which parameters? |
//! | [`mod@column`] | how are many equal or individual values kept in few bytes? |
//! | [`fanout`] | where does a spike of this source go? |
//! | [`input`] | what drives the neurons from outside? |
//! | [`fingerprint`] | is it the same network, and what differs? |
//! | [`network`], [`matrix`] | the finished network, and its weights as a sparse matrix |
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
//! let network = builder.build(&BuildOptions { threads: 2, memory_limit: Some(1 << 30) })?;
//! assert_eq!((network.synapses(), network.min_delay()), (100_000, 1.5));
//! assert!(network.synapses_of(0).all(|s| s.source != s.target));
//! # Ok::<(), tauspike_network::NetworkError>(())
//! ```

pub mod builder;
pub mod column;
mod count;
pub mod distribution;
mod draft;
pub mod error;
pub mod fanout;
pub mod fingerprint;
pub mod input;
pub mod matrix;
pub mod moments;
pub mod network;
mod parallel;
pub mod parameter;
mod partners;
mod pick;
mod placement;
pub mod population;
pub mod predict;
pub mod procedural;
mod realise;
pub mod rule;
pub mod sampler;
pub mod spec;
mod synapse_value;
mod table;
mod validate;
mod variate;

pub use builder::{BuildOptions, NetworkBuilder};
pub use distribution::{Distribution, Family, Shape, Spread};
pub use error::NetworkError;
pub use fingerprint::{Difference, Fingerprint};
pub use moments::Moments;
pub use network::Network;
pub use parameter::Parameter;
pub use predict::Prediction;
pub use rule::{Rule, SynapseList};
pub use spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, PopulationId, ProjectionSpec, RateSpec, SynapseSpec};

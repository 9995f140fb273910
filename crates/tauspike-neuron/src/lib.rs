//! The exact leaky integrate-and-fire neuron: decay, jump, refractoriness, first threshold crossing.
//!
//! `tau_m dV/dt = -(V - E_L) + tau_m / C_m * (I_e + I(t) + I_ex + I_in)`; a neuron fires at the first instant with V >= V_th, is
//! held at V_reset on the half-open interval `[t_s, t_s + t_ref)`, and goes on from V_reset. Between events the closed-form
//! solution is evaluated in f64; no time step exists. Semantics follow NEST's precise models (Morrison et al. 2007, Neural
//! Comput 19:47; Hanuschkin et al. 2010, Front Neuroinform 4:113).
//!
//! | module | question |
//! |---|---|
//! | [`elementary`] | what is e^x, to the last bit, on any machine? |
//! | [`lattice`] | potentials as integers, of which sums have no order |
//! | [`decay`] | how much has a membrane decayed since time 0, exactly? |
//! | [`scaled`] | the neuron whose potential jumps |
//! | [`synaptic`] | the neuron with synaptic currents, exponential or alpha functions |
//! | [`dynamics`] | how do those currents and the membrane move between events? |
//! | [`kinetics`] | what are they as integers, and what does an arrival add? |
//! | [`crossing`] | does that neuron reach threshold, and when first? |
//! | `extrema` | where does its potential turn, driven by alpha functions? |
//! | [`glance`] | may it do so soon? |
//! | [`cell`] | what comes to a neuron, and what it shows |
//!
//! No queue, no clock, no IO, no network: one neuron at a time.
//!
//! ```
//! use tauspike_neuron::{Decay, Extent, Lattice, Passes, scaled::BITS};
//!
//! // V_th 20 mV above V_inf, tau_m = 20 ms: 15 mV at 1 ms and 10 mV at 3 ms together reach threshold
//! let lattice = Lattice::of(&Extent { scales: (20.0, 20.0), drive: f64::INFINITY, bits: BITS });
//! let passes = Passes::within(20.0, 1.0);
//! let decay = Decay::new(20.0, passes);
//! let scaled = |potential: f64, time: f64| lattice.scaled::<i64>(potential, decay.growth(0.0, time));
//! let u = scaled(15.0, 1.0) + scaled(10.0, 3.0);
//! assert!(u >= scaled(20.0, 3.0) && scaled(15.0, 1.0) < scaled(20.0, 1.0));
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod cell;
pub mod crossing;
pub mod decay;
pub mod dynamics;
pub mod elementary;
pub(crate) mod extrema;
pub mod glance;
pub mod kinetics;
pub mod lattice;
pub mod scaled;
pub mod synaptic;

pub use cell::{Arrival, Membrane, Work};
pub use decay::{Decay, Passes, Phase, Phases};
pub use kinetics::{Kinetics, Part};
pub use lattice::Int;
pub use scaled::{Extent, Lattice};
pub use synaptic::Synaptic;

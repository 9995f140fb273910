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
//! | [`delta`] | the neuron whose potential jumps |
//! | [`exponential`] | the neuron with exponentially decaying synaptic currents |
//! | [`dynamics`] | how do those currents and the membrane move between events? |
//! | [`crossing`] | does that neuron reach threshold, and when first? |
//! | [`cell`] | what an engine needs of either |
//! | [`factors`] | how are the exponentials of many gaps computed together? |
//!
//! No queue, no clock, no IO, no network: one neuron at a time.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod cell;
pub mod crossing;
pub mod delta;
pub mod dynamics;
pub mod elementary;
pub mod exponential;
pub mod factors;

pub use cell::{Arrival, Cell, Drive, Membrane, Work};
pub use delta::{Delta, Parameters};
pub use exponential::{Exponential, SynapticTimes};
pub use factors::{Factors, Foreseen};

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
//!
//! ```
//! use tauspike_neuron::{Arrival, Cell, Delta, Factors, Parameters, Work};
//!
//! let p = Parameters { tau_m: 20.0, c_m: 250.0, e_l: -70.0, v_th: -50.0, v_reset: -60.0, t_ref: 2.0, i_e: 0.0, v_init: -70.0 };
//! let mut neuron = Delta::new(&p);
//! let arrivals = [Arrival { time: 1.0, weight: 15.0 }, Arrival { time: 3.0, weight: 10.0 }]; // ms, mV
//! let mut spikes = Vec::new();
//! neuron.advance_alone(&arrivals, &mut Factors::default(), 50.0, &mut Work::default(), &mut |time| spikes.push(time));
//! assert_eq!(spikes, [3.0]); // -70 + 15 exp(-2 / 20) + 10 mV is above threshold
//! assert_eq!(neuron.membrane(4.0).v, -60.0); // refractory
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests compare and time"))]

pub mod cell;
pub mod crossing;
pub mod decay;
pub mod delta;
pub mod dynamics;
pub mod elementary;
pub mod exponential;
pub mod factors;
pub mod lattice;
pub mod scaled;

pub use cell::{Arrival, Cell, Drive, Membrane, Work};
pub use decay::{Decay, Passes, Phase, Phases};
pub use delta::{Delta, Parameters};
pub use exponential::{Exponential, SynapticTimes};
pub use factors::{Factors, Foreseen};
pub use lattice::Int;
pub use scaled::{Extent, Lattice};

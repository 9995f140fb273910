//! What an engine needs of a neuron model.

use crate::factors::{Factors, Foreseen};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::ControlFlow;

/// A synaptic or external event at one neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Arrival {
    /// ms.
    pub time: f64,
    /// mV for [`crate::Delta`], pA for [`crate::Exponential`].
    pub weight: f64,
}

/// The gap before each of `arrivals`, the first of which begins at `from`, ms.
#[inline(always)]
pub(crate) fn gaps(from: f64, arrivals: &[Arrival]) -> impl Iterator<Item = f64> + Clone {
    let mut before = from;
    arrivals.iter().map(move |arrival| {
        let gap = arrival.time - before;
        before = arrival.time;
        gap
    })
}

/// What a neuron shows of itself at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Membrane {
    /// Potential, mV.
    pub v: f64,
    /// Excitatory and inhibitory synaptic current, pA; `None` for neurons without synaptic currents.
    pub current: Option<(f64, f64)>,
}

/// Work done, for counters and energy proxies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Times a neuron's state was brought up to an event that changed it.
    pub updates: u64,
    /// Intervals or jumps for which "does it cross?" was asked.
    pub crossings_tested: u64,
    /// Crossing times computed (logarithm or bracketed root).
    pub crossings_solved: u64,
}

/// An exactly integrated neuron.
///
/// The state belongs to the neuron's last event, never to a time at which somebody looked: how a run is cut into calls of
/// [`Cell::advance`] cannot change a bit of the result.
pub trait Cell: Clone + Send + Sync {
    /// What changes in time. All else follows from the parameters.
    type Saved: Clone + Send + Serialize + DeserializeOwned;

    /// What a snapshot keeps of the neuron.
    fn save(&self) -> Self::Saved;

    /// Takes up what was saved of a neuron with these parameters, bit by bit; `v_th` and `v_reset` in mV. False, and without
    /// effect, if no neuron has such a state.
    #[must_use]
    fn load(&mut self, saved: &Self::Saved, v_th: f64, v_reset: f64) -> bool;

    /// V_inf, mV.
    fn v_inf(&self) -> f64;

    /// Time of the state, ms: that of the last event.
    fn clock(&self) -> f64;

    /// Appends the factors over the gap before each of `arrivals`, the first of which begins at `from`, to `factors`, to be raised
    /// with those of other neurons. Only the gaps between arrivals that all reach the membrane are foreseen; [`Cell::advance`]
    /// works out the others itself.
    fn measure(&self, from: f64, arrivals: &[Arrival], factors: &mut Factors);

    /// Applies `arrivals` (ascending times, equal times in the order of `tauspike_spike::order`, none earlier than those of any
    /// call before) and then fires whatever is due strictly before `until`. `emit` gets each spike time in ascending order;
    /// if it breaks, the neuron has fired for the last time: its run has to end.
    ///
    /// `foreseen` are the factors that this neuron measured for these arrivals. Every arrival must be earlier than `until`.
    fn advance(
        &mut self,
        arrivals: &[Arrival],
        foreseen: Foreseen,
        until: f64,
        work: &mut Work,
        emit: &mut impl FnMut(f64) -> ControlFlow<()>,
    );

    /// [`Cell::advance`] for a neuron by itself; what `factors` held is lost.
    #[inline(always)]
    fn advance_alone(
        &mut self,
        arrivals: &[Arrival],
        factors: &mut Factors,
        until: f64,
        work: &mut Work,
        emit: &mut impl FnMut(f64),
    ) {
        factors.clear();
        let from = self.clock();
        self.measure(from, arrivals, factors);
        factors.raise();
        self.advance(arrivals, Foreseen { factors, first: 0, from }, until, work, &mut |time| {
            emit(time);
            ControlFlow::Continue(())
        });
    }

    /// A time later than `from` before which the neuron cannot fire without a further arrival; infinite if it never will. A
    /// lower bound, so that only a neuron that may be close needs the exact answer. The neuron must have been advanced to `from`.
    fn quiet_until(&self, from: f64, work: &mut Work) -> f64;

    /// How much positive weight may arrive in all, whenever it does, without making the neuron fire before `before`, which is no
    /// later than [`Cell::quiet_until`]; 0 if any may. A lower bound; negative weights never matter.
    fn headroom(&self, before: f64) -> f64;

    /// The potential and currents at `time`, which must not be earlier than the last event nor later than the next spike.
    fn membrane(&self, time: f64) -> Membrane;

    /// Sets the drive from `time` on: V_inf = E_L + tau_m / C_m * I, and with it V_th and V_reset, all in mV (V_inf and not a
    /// step is given, so that many steps do not add up their rounding). All earlier arrivals and spikes must have been advanced.
    fn set_drive(&mut self, time: f64, drive: Drive);
}

/// What a neuron is driven to and where it fires, mV.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drive {
    /// E_L + tau_m / C_m * I.
    pub v_inf: f64,
    /// Threshold.
    pub v_th: f64,
    /// Reset.
    pub v_reset: f64,
}

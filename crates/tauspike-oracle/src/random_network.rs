//! proptest strategies for small networks in which much happens: every kind of synapse, tau over four decades, every kind of input,
//! blocks of 1 to 8 neurons.
//!
//! Two things are arranged on purpose.
//!
//! *Ties*: about half of the delays are multiples of 0.5 ms, of the train times of 0.25 ms, and of the refractory times odd multiples
//! of 0.25 ms (but where neurons reach neurons), so that simultaneous arrivals, and arrivals exactly at the end of refractoriness, are common.
//!
//! *Comparability*: two simulators that round differently must still agree. So parameters differ between neurons (equal neurons
//! would tie up to rounding), no two delays differ by a refractory time (a neuron fires at T, and two of its arrivals d and
//! d + t_ref later: whether the second is refractory would hang on the last bit of T), V_inf stays 7 % of `V_th - E_L` away from V_th (a crossing at slope 0 has no time), and nothing runs
//! away: a neuron with t_ref = 0 gets only inhibition from its own population and from later ones. So no cascade is endless.

mod build;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use std::ops::Range;
use tauspike_network::SynapseKind;
use tauspike_network::network::Network;
use tauspike_network::population::Signal;

/// Which delays the synapses of a network have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delays {
    /// 0.1 ms or more.
    Positive,
    /// Some 0, some not.
    SomeZero,
    /// 0 everywhere.
    AllZero,
}

/// Random networks: up to 18 neurons and 7 sources. Of interest for about 50 ms.
pub fn networks(delays: Delays) -> impl Strategy<Value = Network> {
    let sources = (vec(vec(moment(), 0..10), 1..4), option::of(vec(20.0..300.0, 1..4)), option::of(profile()));
    let populations = vec(population(), 1..4);
    let projections = vec(projection(delays), 1..6);
    (any::<u64>(), 1u32..9, sources, populations, projections).prop_map(
        |(seed, block_size, (trains, rates_hz, profile), populations, projections)| {
            let description = Description { seed, block_size, trains, rates_hz, profile, populations, projections };
            description.build()
        },
    )
}

#[derive(Clone, Debug)]
struct Description {
    seed: u64,
    block_size: u32,
    trains: Vec<Vec<f64>>,
    rates_hz: Option<Vec<f64>>,
    profile: Option<Signal>,
    populations: Vec<Cells>,
    projections: Vec<Synapses>,
}

/// A LIF population and its inputs.
#[derive(Clone, Debug)]
struct Cells {
    synapse: SynapseKind,
    members: Vec<Member>,
    poisson: Option<PoissonInput>,
    /// Times, ms, and levels in units of (V_th - E_L) / 4.
    steps: Option<Vec<(f64, i8)>>,
}

#[derive(Clone, Debug)]
struct Member {
    tau_m: f64,
    /// tau_syn / tau_m, excitatory and inhibitory.
    ratio: (f64, f64),
    c_m: f64,
    e_l: f64,
    /// V_th - E_L, mV.
    gap: f64,
    /// V_reset - E_L, mV, below `gap`.
    reset: f64,
    /// V_init - E_L, mV, may lie above `gap`.
    init: f64,
    t_ref: f64,
    /// (V_inf - E_L) / gap; in the middle between multiples of 1/4.
    drive: f64,
    /// Factor near 1 on every step of the input current.
    scale: f64,
}

#[derive(Clone, Debug)]
struct PoissonInput {
    rate_hz: f64,
    /// Weight as the size of a PSP, mV.
    psp: f64,
    profile: Option<Signal>,
    window: Range<f64>,
    /// Only every second member gets it.
    sparse: bool,
}

#[derive(Clone, Debug)]
struct Synapses {
    source: Index,
    target: Index,
    list: Vec<Synapse>,
    /// The delay of all synapses, if they share one.
    shared_delay: Option<f64>,
}

#[derive(Clone, Debug)]
struct Synapse {
    pre: Index,
    post: Index,
    /// Weight as the size of a PSP, mV.
    psp: f64,
    delay: f64,
}

fn population() -> impl Strategy<Value = Cells> {
    let poisson = (20.0..300.0, psp(), option::of(profile()), 0.0..20.0, 5.0..60.0, any::<bool>()).prop_map(
        |(rate_hz, psp, profile, start, length, sparse)| {
            let window = start..start + length;
            PoissonInput { rate_hz, psp, profile, window, sparse }
        },
    );
    let steps = vec((moment(), -4i8..5), 1..6);
    let synapse = prop_oneof![Just(SynapseKind::Delta), Just(SynapseKind::Exponential), Just(SynapseKind::Alpha)];
    (synapse, vec(member(), 1..7), option::of(poisson), option::of(steps))
        .prop_map(|(synapse, members, poisson, steps)| Cells { synapse, members, poisson, steps })
}

fn member() -> impl Strategy<Value = Member> {
    let membrane = (decades(-1.0..3.0), (ratio(), ratio()), 50.0..500.0);
    let potentials = (-80.0..-60.0, 8.0..20.0, -5.0..5.0, -10.0..22.0);
    let drive = (prop_oneof![3 => 0u8..4, 1 => 4u8..7], -0.03..0.03);
    (membrane, potentials, refractory_time(), drive, 0.98..1.02).prop_map(
        |((tau_m, ratio, c_m), (e_l, gap, reset, init), t_ref, (level, jitter), scale)| {
            let drive = 0.125 + 0.25 * f64::from(level) + jitter;
            Member { tau_m, ratio, c_m, e_l, gap, reset, init, t_ref, drive, scale }
        },
    )
}

fn projection(delays: Delays) -> impl Strategy<Value = Synapses> {
    let synapse = (any::<Index>(), any::<Index>(), psp(), delay(delays)).prop_map(|(pre, post, psp, delay)| Synapse {
        pre,
        post,
        psp,
        delay,
    });
    (any::<Index>(), any::<Index>(), vec(synapse, 0..24), option::of(delay(delays)))
        .prop_map(|(source, target, list, shared_delay)| Synapses { source, target, list, shared_delay })
}

fn delay(delays: Delays) -> BoxedStrategy<f64> {
    let positive = prop_oneof![multiple_of_half(1..8), 0.1..5.0];
    match delays {
        Delays::Positive => positive.boxed(),
        Delays::SomeZero => prop_oneof![Just(0.0), positive].boxed(),
        Delays::AllZero => Just(0.0).boxed(),
    }
}

/// Size of a PSP, mV, of either sign.
fn psp() -> impl Strategy<Value = f64> {
    prop_oneof![2 => 1.0..12.0, 1 => -12.0..-1.0]
}

/// A time of an event, ms.
fn moment() -> impl Strategy<Value = f64> {
    prop_oneof![multiple_of_half(0..160).prop_map(|time| 0.5 * time), 0.0..40.0]
}

fn refractory_time() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), multiple_of_half(0..8).prop_map(|time| time + 0.25), 0.3..5.0]
}

/// tau_syn / tau_m: equal, nearly equal, or anything over four decades.
fn ratio() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(1.0), 1 => Just(1.0 + 1e-9), 4 => decades(-2.0..2.0)]
}

/// A rate profile.
fn profile() -> impl Strategy<Value = Signal> {
    vec((0.0..50.0, prop_oneof![Just(0.0), 0.0..2.0]), 1..5).prop_map(build::signal)
}

fn multiple_of_half(range: Range<u32>) -> impl Strategy<Value = f64> {
    range.prop_map(|k| 0.5 * f64::from(k))
}

fn decades(exponent: Range<f64>) -> impl Strategy<Value = f64> {
    exponent.prop_map(|e| 10f64.powf(e))
}

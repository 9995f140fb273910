//! One block of neurons, and all that may be asked of it. What it is made of is the business of this folder alone.
//!
//! ```text
//! scaled    the neurons, and their way through an epoch
//! deliver   which arrivals there are: fan-out rows
//! signs     excitation and inhibition
//! slots     those over drawn delays, by the span of time they fall into
//! arrivals  lists of them
//! calendar  which neurons have something of their own to do
//! guard     a neuron that fires without end
//! state     what of it a snapshot keeps
//! columns   where a block is, and its parameters
//! ```

mod arrivals;
mod calendar;
mod columns;
mod deliver;
mod divided;
mod guard;
mod scaled;
mod scratch;
mod signs;
pub(crate) mod slots;
pub(crate) mod state;

pub(crate) use guard::{Endless, Pace};
pub(crate) use scratch::Scratch;

use crate::hardware::simd::{Job, Simd};
use crate::inputs::follow::Following;
use crate::inputs::injected::Landing;
use crate::inputs::rates::SetRate;
use crate::probe::Probe;
use crate::transit::Transit;
use columns::{LifColumns, Site};
use scaled::currents::neurons::Currents;
use scaled::jumps::neurons::Jumps;
use scaled::kind::Kind;
use scaled::model::Model;
use scaled::neurons::Scaled;
use scaled::room::{Room, Spread};
use state::BlockState;
use std::sync::Arc;
use tauspike_network::fanout;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Synapse};
use tauspike_neuron::dynamics::{ALPHA, EXPONENTIAL};
use tauspike_neuron::{Arrival, Int, Membrane};
use tauspike_spike::Counters;
use tauspike_spike::{ProbeRow, Spike};

/// What a block has brought forth.
#[derive(Default)]
pub(crate) struct Yield {
    pub spikes: Vec<Spike>,
    pub rows: Vec<ProbeRow>,
    /// A neuron that fired without end; the run cannot go on.
    pub endless: Option<Endless>,
}

/// A block of one model, with cells of 64 bits, or of 128 where those are not enough. Another way to integrate neurons is another arm here.
pub(crate) enum Block {
    /// Delta synapses.
    Jumps(Scaled<Jumps<i64>>),
    WideJumps(Scaled<Jumps<i128>>),
    /// Exponential synapses.
    Currents(Scaled<Currents<i64, EXPONENTIAL>>),
    WideCurrents(Scaled<Currents<i128, EXPONENTIAL>>),
    /// Synapses whose currents are alpha functions.
    Alphas(Scaled<Currents<i64, ALPHA>>),
    WideAlphas(Scaled<Currents<i128, ALPHA>>),
}

/// Runs `$body` with `$neurons` bound to the neurons inside.
macro_rules! of_any {
    ($block:expr, $neurons:ident => $body:expr) => {
        match $block {
            Block::Jumps($neurons) => $body,
            Block::WideJumps($neurons) => $body,
            Block::Currents($neurons) => $body,
            Block::WideCurrents($neurons) => $body,
            Block::Alphas($neurons) => $body,
            Block::WideAlphas($neurons) => $body,
        }
    };
}

impl Block {
    /// Those blocks of a network that have these numbers, at time 0. `width` is the length of an epoch, ms.
    pub fn of(network: &Network, numbers: impl IntoIterator<Item = usize>, width: f64) -> Vec<Self> {
        let shared = |cells: &Cells| match cells {
            Cells::Lif(lif) => Some(Arc::new(lif.clone())),
            _ => None,
        };
        let of_population: Vec<_> = network.populations().iter().map(|p| shared(&p.cells)).collect();
        let kinds: Vec<_> = (0..).zip(network.populations()).map(|(p, _)| Kind::of(network, p)).collect();
        let mut blocks = Vec::new();
        for number in numbers {
            let range = network.blocks()[number];
            let first_of_population = network.blocks().partition_point(|b| b.population < range.population);
            let population = range.population as usize;
            let (Some(lif), Some(kind)) = (&of_population[population], &kinds[population]) else {
                unreachable!("blocks hold LIF neurons only")
            };
            let first = (range.first - network.populations()[population].first) as usize;
            let lif = LifColumns { first, lif: lif.clone() };
            let site = Site { range, ordinal: number - first_of_population };
            blocks.push(Self::at(network, (site, kind), lif, width));
        }
        blocks
    }

    fn at(network: &Network, (site, kind): (Site, &Kind), lif: LifColumns, width: f64) -> Self {
        let (neurons, at) = (site.range.len as usize, (site, lif.first));
        match (&lif.lif.synapse, kind.narrow) {
            (Synapse::Delta, true) => {
                Self::Jumps(Scaled::new(network, at, kind, |excited| Jumps::new(kind, neurons, lif, excited), width))
            }
            (Synapse::Delta, false) => Self::WideJumps(Scaled::new(
                network,
                at,
                kind,
                |excited| Jumps::new(kind, neurons, lif, excited),
                width,
            )),
            (Synapse::Exponential { .. }, true) => {
                Self::Currents(Scaled::new(network, at, kind, |_| Currents::new(kind, neurons, lif), width))
            }
            (Synapse::Exponential { .. }, false) => {
                Self::WideCurrents(Scaled::new(network, at, kind, |_| Currents::new(kind, neurons, lif), width))
            }
            (Synapse::Alpha { .. }, true) => {
                Self::Alphas(Scaled::new(network, at, kind, |_| Currents::new(kind, neurons, lif), width))
            }
            (Synapse::Alpha { .. }, false) => {
                Self::WideAlphas(Scaled::new(network, at, kind, |_| Currents::new(kind, neurons, lif), width))
            }
        }
    }

    /// Goes on with cells of 128 bits.
    fn widen(&mut self) {
        match self {
            Self::Jumps(neurons) => *self = Self::WideJumps(neurons.widened(Jumps::widened)),
            Self::Currents(neurons) => *self = Self::WideCurrents(neurons.widened(Currents::widened)),
            Self::Alphas(neurons) => *self = Self::WideAlphas(neurons.widened(Currents::widened)),
            Self::WideJumps(_) | Self::WideCurrents(_) | Self::WideAlphas(_) => {}
        }
    }

    fn is_wide(&self) -> bool {
        matches!(self, Self::WideJumps(_) | Self::WideCurrents(_) | Self::WideAlphas(_))
    }

    /// Its neurons.
    pub fn range(&self) -> fanout::Block {
        of_any!(self, neurons => neurons.range)
    }

    /// Delivers and advances the epoch that `transit` plans.
    pub fn epoch(&mut self, network: &Network, transit: &Transit, scratch: &mut Scratch, simd: Simd) {
        let Scratch { spread, .. } = scratch;
        if !of_any!(self, neurons => neurons.receive(network, transit, spread)) {
            if self.is_wide() {
                of_any!(self, neurons => neurons.give_up(transit.plan.epoch.from));
                return;
            }
            self.widen();
        }
        match self {
            Self::Jumps(neurons) => simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.jumps }),
            Self::WideJumps(neurons) => {
                simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.wide_jumps })
            }
            Self::Currents(neurons) => {
                simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.currents })
            }
            Self::WideCurrents(neurons) => {
                simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.wide_currents })
            }
            Self::Alphas(neurons) => simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.alphas }),
            Self::WideAlphas(neurons) => {
                simd.run(Epoch { neurons, network, transit, spread, room: &mut scratch.wide_alphas })
            }
        }
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` (a global index) then; returns its next event.
    pub fn instant(&mut self, neuron: u32, arrivals: &[Arrival], time: f64) -> f64 {
        let weight = || arrivals.iter().map(|arrival| arrival.weight.abs()).sum();
        while !of_any!(self, neurons => neurons.holds_at(neuron, weight())) {
            if self.is_wide() {
                of_any!(self, neurons => neurons.give_up(time));
                break;
            }
            self.widen();
        }
        of_any!(self, neurons => neurons.instant(neuron, arrivals, time))
    }

    /// Begins to go instant by instant at `now`.
    pub fn begin_instants(&mut self, now: f64) {
        of_any!(self, neurons => neurons.begin_instants(now));
    }

    /// Whether [`Block::wakes`] are new for all neurons since this was last asked.
    pub fn take_changed(&mut self) -> bool {
        of_any!(self, neurons => neurons.take_changed())
    }

    /// A time before which it has nothing to do unless more arrives, ms, all before `now` being done; infinite if it never has. Not for
    /// between instants.
    pub fn next_event(&self, now: f64) -> f64 {
        of_any!(self, neurons => neurons.next_event(now))
    }

    /// When each neuron next has something of its own to do, ms.
    pub fn wakes(&self) -> &[f64] {
        of_any!(self, neurons => neurons.wakes())
    }

    /// Applies all that has arrived before `until`: the end of a run instant by instant.
    pub fn settle(&mut self, until: f64) {
        of_any!(self, neurons => neurons.settle(until));
    }

    /// Lets the probes look that are due at `time` or before, all before it having been settled.
    pub fn look(&mut self, time: f64) {
        of_any!(self, neurons => neurons.look(time));
    }

    /// Moves what came of it since it was last asked.
    pub fn collect(&mut self, yielded: &mut Yield) {
        of_any!(self, neurons => {
            yielded.spikes.append(&mut neurons.fired);
            yielded.rows.append(&mut neurons.rows);
            yielded.endless = Endless::first(yielded.endless, neurons.endless.take());
        });
    }

    /// Sets the probes, which look from time `now` on (at `now` itself if that is 0).
    pub fn set_probes(&mut self, probes: &[Probe], now: f64) {
        of_any!(self, neurons => {
            neurons.set_probes(probes, now);
            neurons.reschedule(now);
        });
    }

    /// Begins the calendar anew at `now`: after a schedule that does not keep it.
    pub fn reschedule(&mut self, now: f64) {
        of_any!(self, neurons => neurons.reschedule(now));
    }

    /// Puts in an arrival at a neuron (a global index), of a weight in mV or pA, at `time`, ms, which has not been done.
    pub fn inject(&mut self, neuron: u32, time: f64, weight: f64) {
        let target = (neuron - self.range().first) as u16;
        of_any!(self, neurons => neurons.inject(Landing { time, target, weight }));
    }

    /// Arrivals that have been put in, for instants: neuron (a global index), ms, mV or pA.
    pub fn injected(&self) -> Vec<(u32, f64, f64)> {
        of_any!(self, neurons => neurons.injected().collect())
    }

    /// Forgets those before `now`, ms: the end of a run instant by instant.
    pub fn forget_injected(&mut self, now: f64) {
        of_any!(self, neurons => neurons.forget_injected(now));
    }

    /// Whether any integers hold what comes of such a current, pA, at a neuron (a global index).
    pub fn bears_current(&self, neuron: u32, value: f64) -> bool {
        of_any!(self, neurons => neurons.jump_with(neuron, value)) <= i128::LIMIT
    }

    /// Sets the current of a neuron (a global index), pA, from `time` on, ms, which has not been done.
    pub fn set_current(&mut self, neuron: u32, time: f64, value: f64) {
        if !self.is_wide() && of_any!(self, neurons => neurons.jump_with(neuron, value)) > i64::LIMIT {
            self.widen();
        }
        of_any!(self, neurons => neurons.set_current(neuron, time, value));
    }

    /// Makes the rate of a Poisson input onto its neurons another: see [`Scaled::set_rate`].
    pub fn set_rate(&mut self, network: &Network, set: &SetRate, now: Option<f64>) {
        of_any!(self, neurons => neurons.set_rate(network, set, now));
    }

    /// Takes it that a source of these projections fires as a Poisson process of this rate, events per ms; if there is none, as often as it likes.
    pub fn expect_spikes(&mut self, projections: impl Iterator<Item = usize>, rate: Option<f64>) {
        of_any!(self, neurons => neurons.expect_spikes(projections, rate));
    }

    /// Potential and currents of the neuron with this global index at `time`, to which it has been settled.
    pub fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        of_any!(self, neurons => neurons.membrane(neuron, time))
    }

    /// Totals since time 0, or since it was loaded.
    pub fn counters(&self) -> Counters {
        of_any!(self, neurons => neurons.counters())
    }

    /// The part that a snapshot keeps, at `now` ms.
    pub fn save(&self, now: f64) -> BlockState {
        match self {
            Self::Jumps(neurons) => BlockState::Jumps(neurons.save(now)),
            Self::WideJumps(neurons) => BlockState::Jumps(neurons.save(now)),
            Self::Currents(neurons) => BlockState::Currents(neurons.save(now)),
            Self::WideCurrents(neurons) => BlockState::Currents(neurons.save(now)),
            Self::Alphas(neurons) => BlockState::Alphas(neurons.save(now)),
            Self::WideAlphas(neurons) => BlockState::Alphas(neurons.save(now)),
        }
    }

    /// Takes up what [`Block::save`] gave of a run that had come to `now` ms; none if it does not fit.
    pub fn load(&mut self, saved: &BlockState, following: &Following, now: f64) -> Option<()> {
        let narrow = match (&*self, saved) {
            (Self::Jumps(neurons), BlockState::Jumps(saved)) => neurons.has_room_for(saved),
            (Self::Currents(neurons), BlockState::Currents(saved)) => neurons.has_room_for(saved),
            (Self::Alphas(neurons), BlockState::Alphas(saved)) => neurons.has_room_for(saved),
            _ => true,
        };
        if !narrow {
            self.widen();
        }
        match (self, saved) {
            (Self::Jumps(neurons), BlockState::Jumps(saved)) => neurons.load(saved, following, now),
            (Self::WideJumps(neurons), BlockState::Jumps(saved)) => neurons.load(saved, following, now),
            (Self::Currents(neurons), BlockState::Currents(saved)) => neurons.load(saved, following, now),
            (Self::WideCurrents(neurons), BlockState::Currents(saved)) => neurons.load(saved, following, now),
            (Self::Alphas(neurons), BlockState::Alphas(saved)) => neurons.load(saved, following, now),
            (Self::WideAlphas(neurons), BlockState::Alphas(saved)) => neurons.load(saved, following, now),
            _ => None,
        }
    }

    /// Bytes of dynamic state.
    pub fn bytes(&self) -> usize {
        of_any!(self, neurons => neurons.bytes())
    }
}

/// One epoch of one block, to be compiled for each instruction set.
struct Epoch<'a, M: Model> {
    neurons: &'a mut Scaled<M>,
    network: &'a Network,
    transit: &'a Transit,
    spread: &'a mut Spread,
    room: &'a mut Room<M>,
}

impl<M: Model> Job for Epoch<'_, M> {
    #[inline(always)]
    fn run(self) {
        self.neurons.epoch(self.network, self.transit, self.spread, self.room);
    }
}

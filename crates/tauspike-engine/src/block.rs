//! One block of neurons, and all that may be asked of it. What it is made of is the business of this folder alone.
//!
//! ```text
//! scaled    neurons with delta synapses, as integers
//! neurons   neurons with exponential synapses, and their way through an epoch
//!   deliver     which arrivals there are: fan-out rows
//!   slots       those over drawn delays, by the span of time they fall into
//!   buckets     those of an epoch, by target
//!   patience    which neurons can wait
//!   calendar    which neurons have something of their own to do
//!   visit       arrivals + private input -> spikes, many neurons (a group) at a time
//!   merge       two sorted lists become one
//!   looks       which neurons a probe looks at next
//!   guard       a neuron that fires without end
//!   state       what of it a snapshot keeps
//! columns   where a block is, and its parameters
//! ```

mod buckets;
mod calendar;
mod columns;
mod deliver;
mod group;
mod guard;
mod looks;
mod merge;
mod neurons;
mod patience;
mod scaled;
mod scratch;
pub(crate) mod slots;
pub(crate) mod state;
mod visit;

pub(crate) use guard::{Endless, Pace};
pub(crate) use scratch::Scratch;

use crate::hardware::simd::{Job, Simd};
use crate::inputs::follow::{Following, Resuming};
use crate::probe::Probe;
use crate::transit::Transit;
use columns::{LifColumns, Site};
use neurons::Neurons;
use scaled::kind::Kind;
use scaled::neurons::Scaled;
use scaled::room::{Room, Spread};
use state::BlockState;
use std::sync::Arc;
use tauspike_network::fanout;
use tauspike_network::network::Network;
use tauspike_network::population::{Cells, Synapse};
use tauspike_neuron::{Arrival, Cell, Exponential, Int, Membrane, SynapticTimes};
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

/// A block of either model. Another way to integrate neurons is another arm here.
pub(crate) enum Block {
    /// Delta synapses: potentials as integers (ADR 0013).
    Scaled(Scaled<i64>),
    /// The same, where 64 bits are not enough.
    Wide(Scaled<i128>),
    Exponential(Neurons<Exponential>),
}

/// Runs `$body` with `$neurons` bound to the neurons inside.
macro_rules! of_any {
    ($block:expr, $neurons:ident => $body:expr) => {
        match $block {
            Block::Scaled($neurons) => $body,
            Block::Wide($neurons) => $body,
            Block::Exponential($neurons) => $body,
        }
    };
}

impl Block {
    /// Those blocks of a network that have these numbers, at time 0. `width` is the length of an epoch, ms.
    pub fn of(network: &Network, numbers: std::ops::Range<usize>, width: f64) -> Vec<Self> {
        let shared = |cells: &Cells| match cells {
            Cells::Lif(lif) => Some(Arc::new(lif.clone())),
            _ => None,
        };
        let of_population: Vec<_> = network.populations().iter().map(|p| shared(&p.cells)).collect();
        let kinds: Vec<_> = (0..).zip(network.populations()).map(|(p, _)| Kind::of(network, p)).collect();
        let mut blocks = Vec::with_capacity(numbers.len());
        for number in numbers {
            let range = network.blocks()[number];
            let first_of_population = network.blocks().partition_point(|b| b.population < range.population);
            let Some(lif) = &of_population[range.population as usize] else {
                unreachable!("blocks hold LIF neurons only")
            };
            let first = (range.first - network.populations()[range.population as usize].first) as usize;
            let lif = LifColumns { first, lif: lif.clone() };
            let site = Site { range, ordinal: number - first_of_population };
            blocks.push(Self::at(network, (site, kinds[range.population as usize]), lif, width));
        }
        blocks
    }

    fn at(network: &Network, (site, kind): (Site, Option<Kind>), lif: LifColumns, width: f64) -> Self {
        let neurons = 0..site.range.len as usize;
        match (kind, &lif.lif.synapse) {
            (Some(kind), _) if kind.narrow => Self::Scaled(Scaled::new(network, site, kind, lif, width)),
            (Some(kind), _) => Self::Wide(Scaled::new(network, site, kind, lif, width)),
            (None, Synapse::Exponential { tau_syn_ex, tau_syn_in }) => {
                let times = |n| SynapticTimes { ex: tau_syn_ex.get(lif.first + n), inh: tau_syn_in.get(lif.first + n) };
                let cells = neurons.map(|n| Exponential::new(&lif.parameters(n), times(n))).collect();
                Self::Exponential(Neurons::new(network, site, cells, lif, width))
            }
            (None, Synapse::Delta) => unreachable!("delta neurons are of a kind"),
        }
    }

    /// Its neurons.
    pub fn range(&self) -> fanout::Block {
        of_any!(self, neurons => neurons.range)
    }

    /// Delivers and advances the epoch that `transit` plans.
    pub fn epoch(&mut self, network: &Network, transit: &Transit, scratch: &mut Scratch, simd: Simd) {
        if let Self::Scaled(neurons) = self
            && !neurons.receive(network, transit, &mut scratch.spread)
        {
            *self = Self::Wide(neurons.widened());
        } else if let Self::Wide(neurons) = self
            && !neurons.receive(network, transit, &mut scratch.spread)
        {
            neurons.give_up(transit.plan.epoch.from);
            return;
        }
        match self {
            Self::Scaled(neurons) => {
                let Scratch { spread, narrow: room, .. } = scratch;
                simd.run(ScaledEpoch { neurons, network, transit, spread, room });
            }
            Self::Wide(neurons) => {
                let Scratch { spread, wide: room, .. } = scratch;
                simd.run(ScaledEpoch { neurons, network, transit, spread, room });
            }
            Self::Exponential(neurons) => simd.run(Epoch { neurons, network, transit, scratch }),
        }
    }

    /// Applies `arrivals`, all at `time`, and whatever else is due at `neuron` (a global index) then; returns its next event.
    pub fn instant(
        &mut self,
        neuron: u32,
        arrivals: impl ExactSizeIterator<Item = Arrival> + Clone,
        time: f64,
        scratch: &mut Scratch,
    ) -> f64 {
        let weight = || arrivals.clone().map(|arrival| arrival.weight.abs()).sum();
        if let Self::Scaled(neurons) = self
            && !neurons.holds_at(neuron, weight())
        {
            *self = Self::Wide(neurons.widened());
        }
        if let Self::Wide(neurons) = self
            && !neurons.holds_at(neuron, weight())
        {
            neurons.give_up(time);
        }
        match self {
            Self::Scaled(neurons) => neurons.instant(neuron, arrivals, time),
            Self::Wide(neurons) => neurons.instant(neuron, arrivals, time),
            Self::Exponential(neurons) => neurons.instant(neuron, arrivals, time, &mut scratch.group),
        }
    }

    /// Begins to go instant by instant at `now`.
    pub fn begin_instants(&mut self, now: f64) {
        match self {
            Self::Scaled(neurons) => neurons.begin_instants(now),
            Self::Wide(neurons) => neurons.begin_instants(now),
            Self::Exponential(_) => {}
        }
    }

    /// Whether [`Block::wakes`] are new for all neurons since this was last asked.
    pub fn take_changed(&mut self) -> bool {
        match self {
            Self::Scaled(neurons) => neurons.take_changed(),
            Self::Wide(neurons) => neurons.take_changed(),
            Self::Exponential(_) => false,
        }
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

    /// Applies all that has arrived before `until`: the end of a run. `sorted` says that each neuron's arrivals came in order.
    pub fn settle(&mut self, sorted: bool, until: f64, scratch: &mut Scratch) {
        match self {
            Self::Scaled(neurons) => neurons.settle(until),
            Self::Wide(neurons) => neurons.settle(until),
            Self::Exponential(neurons) => neurons.catch_up(sorted, until, &mut scratch.group),
        }
    }

    /// Lets the probes that are due at `time` look, all before having been settled.
    pub fn look_at(&mut self, time: f64) {
        of_any!(self, neurons => neurons.look_at(time));
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

    /// Potential and currents of the neuron with this global index at `time`, to which it has been settled.
    pub fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        of_any!(self, neurons => neurons.membrane(neuron, time))
    }

    /// Totals since time 0, or since it was loaded.
    pub fn counters(&self) -> Counters {
        of_any!(self, neurons => neurons.counters())
    }

    /// The part that a snapshot keeps.
    pub fn save(&self) -> BlockState {
        match self {
            Self::Scaled(neurons) => BlockState::Scaled(neurons.save()),
            Self::Wide(neurons) => BlockState::Scaled(neurons.save()),
            Self::Exponential(neurons) => BlockState::Exponential(neurons.save()),
        }
    }

    /// Takes up what [`Block::save`] gave; none if it does not fit.
    pub fn load(&mut self, saved: BlockState, following: &Following, resuming: Resuming) -> Option<()> {
        match (self, saved) {
            (Self::Scaled(neurons), BlockState::Scaled(saved)) if neurons.has_room_for(&saved) => {
                neurons.load(saved, following, resuming)
            }
            (narrow @ Self::Scaled(_), BlockState::Scaled(saved)) => {
                let Self::Scaled(neurons) = &*narrow else { return None };
                let mut wide = neurons.widened();
                let loaded = wide.load(saved, following, resuming);
                *narrow = Self::Wide(wide);
                loaded
            }
            (Self::Wide(neurons), BlockState::Scaled(saved)) => neurons.load(saved, following, resuming),
            (Self::Exponential(neurons), BlockState::Exponential(saved)) => neurons.load(saved, following, resuming),
            _ => None,
        }
    }

    /// Bytes of dynamic state.
    pub fn bytes(&self) -> usize {
        of_any!(self, neurons => neurons.bytes())
    }
}

/// One epoch of one block, to be compiled for each instruction set.
struct Epoch<'a, C> {
    neurons: &'a mut Neurons<C>,
    network: &'a Network,
    transit: &'a Transit,
    scratch: &'a mut Scratch,
}

impl<C: Cell> Job for Epoch<'_, C> {
    #[inline(always)]
    fn run(self) {
        self.neurons.epoch(self.network, self.transit, self.scratch);
    }
}

/// The same for delta neurons.
struct ScaledEpoch<'a, I> {
    neurons: &'a mut Scaled<I>,
    network: &'a Network,
    transit: &'a Transit,
    spread: &'a mut Spread,
    room: &'a mut Room<I>,
}

impl<I: Int> Job for ScaledEpoch<'_, I> {
    #[inline(always)]
    fn run(self) {
        self.neurons.epoch(self.network, self.transit, self.spread, self.room);
    }
}

//! The neurons of a block, and what may be asked of them between runs.

use crate::block::columns::{Site, compact};
use crate::block::guard::Endless;
use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::ahead::Ahead;
use crate::block::scaled::headroom::Headroom;
use crate::block::scaled::kind::Kind;
use crate::block::scaled::looks::Views;
use crate::block::scaled::model::{Cells, HitOf, Model};
use crate::block::scaled::stride::{FIRST, LONGEST, SHORTEST, Stride};
use crate::block::scaled::table::Table;
use crate::block::signs::Signs;
use crate::block::slots::Slots;
use crate::inputs::bulk::BulkLane;
use crate::inputs::currents::Currents;
use crate::inputs::injected::{Awaited, Landing};
use crate::inputs::process::Process;
use crate::inputs::steps::StepLane;
use crate::probe::Probe;
use crate::transit::plan::Incoming;
use tauspike_network::column::Column;
use tauspike_network::fanout::{self, FanOut};
use tauspike_network::input::{Drive, Input};
use tauspike_network::network::Network;
use tauspike_network::population::Rate;
use tauspike_neuron::{Int, Membrane, Work};
use tauspike_spike::{Counters, ProbeRow, Spike};

/// A block of neurons.
pub(crate) struct Scaled<M: Model> {
    pub(crate) range: fanout::Block,
    pub(super) ordinal: usize,
    pub(super) model: M,
    pub(super) cells: Table<M::Cell>,
    /// Events of private input in a ms at a neuron that gets most.
    pub(super) privately: f64,
    /// Synaptic arrivals at a neuron in a ms, lately.
    pub(super) lately: f64,
    pub(super) stride: Stride,
    /// Length of an epoch, ms.
    width: f64,
    pub(super) private: Vec<Private>,
    pub(super) currents: Currents,
    /// A step of no size is due, ms: the present current is another than that of a snapshot.
    pub(super) restep: f64,
    pub(super) views: Views,
    pub(super) slots: Slots,
    /// Arrivals that a program has put in.
    pub(super) injected: Awaited<Landing>,
    /// Of the weights of each projection.
    pub(super) signs: Vec<Signs>,
    pub(super) excited: bool,
    /// Synapses of a row that arrived last, on the mean.
    pub(super) row_length: usize,
    pub(super) headroom: Headroom,
    pub(super) ahead: Ahead,
    /// Room for what arrives at an instant.
    pub(super) hits: Vec<HitOf<M>>,
    pub(crate) fired: Vec<Spike>,
    pub(crate) rows: Vec<ProbeRow>,
    pub(crate) endless: Option<Endless>,
    pub(super) work: Work,
    pub(super) counters: Counters,
}

impl<M: Model> Scaled<M> {
    /// The neurons at time 0: `model` makes them and their cells, told whether anything excites them. `width` is the length of an epoch, ms.
    pub fn new(
        network: &Network,
        (site, first): (Site, usize),
        kind: &Kind,
        model: impl FnOnce(bool) -> (M, Table<M::Cell>),
        width: f64,
    ) -> Self {
        let range = site.range;
        let signs = network.projections().iter().map(|p| match p.target == range.population {
            true => signs_of(&p.fan_out, site.ordinal),
            false => Signs::NONE,
        });
        let signs: Vec<Signs> = signs.collect();
        let mut attached = Attached::default();
        for (ordinal, input) in network.inputs().iter().enumerate().filter(|(_, i)| i.population == range.population) {
            attached.push(network, (range, first as u32), ordinal as u32, input);
        }
        let Attached { private, currents } = attached;
        let excited = signs.iter().chain(private.iter().map(|private| &private.signs)).any(|signs| signs.positive);
        let (model, cells) = model(excited);
        let mut block = Self {
            range,
            ordinal: site.ordinal,
            model,
            cells,
            privately: kind.private,
            lately: 0.0,
            stride: Stride::new(kind.passes.length),
            width,
            private,
            currents,
            restep: f64::INFINITY,
            views: Views::default(),
            slots: Slots::new(Incoming::is_handed_out(network, range.population), width),
            injected: Awaited::default(),
            signs,
            excited,
            row_length: 0,
            headroom: Headroom::new(network, range, site.ordinal, kind.reach),
            ahead: Ahead::default(),
            hits: Vec::new(),
            fired: Vec::new(),
            rows: Vec::new(),
            endless: None,
            work: Work::default(),
            counters: Counters::default(),
        };
        block.reschedule(0.0);
        block
    }

    /// Makes sure that `units` more at any neuron are not too much; whether that is so.
    pub(super) fn holds(&mut self, units: f64) -> bool {
        if self.headroom.take(units) {
            return true;
        }
        let peak = self.model.peak(&mut self.cells);
        self.headroom.look(peak, M::Int::LIMIT);
        self.headroom.take(units)
    }

    /// Ends the run: more comes to some neuron at `time` or after than any integer holds.
    pub fn give_up(&mut self, time: f64) {
        self.endless = Some(Endless { neuron: self.range.first, time, beyond: true });
    }

    /// Potential of the neuron with this global index at `time`, to which all has arrived.
    pub fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        self.model.membrane((neuron - self.range.first) as usize, &self.cells, time)
    }

    pub fn set_probes(&mut self, probes: &[Probe], now: f64) {
        self.views = Views::new(probes, self.range, now);
    }

    /// Begins to keep times anew at `now`, and forgets what has been drawn ahead.
    pub fn reschedule(&mut self, now: f64) {
        self.ahead = Ahead::default();
        self.private.iter_mut().for_each(|private| private.lane.stand(now));
        // slots much longer than windows are gone through again and again
        let slot = if self.excited { FIRST } else { LONGEST };
        self.model.restart(&self.cells, now, slot.min(self.model.passes().length).max(SHORTEST).min(self.width));
    }

    /// A time before which it has nothing to do unless more arrives, ms, all before `now` being done.
    pub fn next_event(&self, now: f64) -> f64 {
        let next = self.next_input(now).min(self.slots.next()).min(self.injected.next());
        // a run leaps over whole epochs only
        if next < now + self.width { next } else { next.min(self.model.next(&self.cells, now)) }
    }

    /// A time before which no private event comes, no current steps and no probe looks, ms, all before `now` being done.
    pub(super) fn next_input(&self, now: f64) -> f64 {
        let private = self.private.iter().map(|private| private.lane.next(now)).fold(f64::INFINITY, f64::min);
        private.min(self.currents.next()).min(self.restep).min(self.views.next())
    }

    pub fn counters(&self) -> Counters {
        Counters {
            neuron_updates: self.work.updates,
            crossings_tested: self.work.crossings_tested,
            crossings_solved: self.work.crossings_solved,
            queue_operations: self.model.queue_operations(),
            ..self.counters
        }
    }

    pub fn bytes(&self) -> usize {
        self.model.len() * (size_of::<M::Cell>() + M::BYTES)
    }

    /// The same block of neurons whose cells have room for more, as `wider` makes them.
    pub fn widened<W: Model>(&self, wider: impl FnOnce(&M, &Cells<M>) -> (W, Table<W::Cell>)) -> Scaled<W> {
        let mut headroom = self.headroom.clone();
        headroom.forget();
        let (model, cells) = wider(&self.model, &self.cells);
        Scaled {
            range: self.range,
            ordinal: self.ordinal,
            model,
            cells,
            privately: self.privately,
            lately: self.lately,
            stride: self.stride,
            width: self.width,
            private: self.private.clone(),
            currents: self.currents.clone(),
            restep: self.restep,
            views: self.views.clone(),
            slots: self.slots.clone(),
            injected: self.injected.clone(),
            signs: self.signs.clone(),
            excited: self.excited,
            row_length: self.row_length,
            headroom,
            ahead: self.ahead.clone(),
            hits: Vec::new(),
            fired: self.fired.clone(),
            rows: self.rows.clone(),
            endless: self.endless,
            work: self.work,
            counters: self.counters,
        }
    }
}

/// The inputs of a block.
#[derive(Default)]
struct Attached {
    private: Vec<Private>,
    currents: Currents,
}

impl Attached {
    /// Adds an input onto neurons of which the first is number `first` of its population.
    fn push(&mut self, network: &Network, (range, first): (fanout::Block, u32), ordinal: u32, input: &Input) {
        match &input.drive {
            Drive::Poisson { rate, .. } => self.private.push(private(network, range, (ordinal, input), rate)),
            Drive::Current { signal, scale } => {
                let here = first..first + range.len;
                let scale = here.map(|k| member(input, k).map(|m| scale.get(m))).collect();
                self.currents.push(StepLane::new(signal.clone(), scale));
            }
        }
    }
}

/// Which member of an input the neuron at this position is.
fn member(input: &Input, position: u32) -> Option<usize> {
    match &input.members {
        None => Some(position as usize),
        Some(members) => members.binary_search(&position).ok(),
    }
}

/// Poisson input number `ordinal` onto the neurons `range`, at this rate; nothing where it is none.
pub(super) fn private(
    network: &Network,
    range: fanout::Block,
    (ordinal, input): (u32, &Input),
    rate: &Rate,
) -> Private {
    let population = &network.populations()[range.population as usize];
    let process = Process::new(network.seed(), ordinal, rate);
    let weight = |k: u32| match &input.drive {
        Drive::Poisson { weight, .. } => member(input, k).map_or(0.0, |m| weight.get(m)),
        Drive::Current { .. } => 0.0,
    };
    let first = range.first - population.first;
    let weights: Vec<f64> = (first..first + range.len).map(weight).collect();
    let per_ms = |k: u32| member(input, k).map_or(0.0, |m| process.per_ms(rate.base_hz.get(m)));
    let all = (population.first, population.size);
    let signs = Signs::of_column(&Column::Double(weights.clone()), weights.len());
    let lane = BulkLane::new(process.clone(), range, all, per_ms, compact(weights));
    Private { lane, signs }
}

/// One private input.
#[derive(Clone)]
pub(super) struct Private {
    pub lane: BulkLane,
    /// Of its weights.
    pub signs: Signs,
}

impl Private {
    /// The events that are due.
    pub fn batch(&self) -> Batch<'_> {
        let (targets, times) = self.lane.due();
        Batch { targets, times, weights: Weights::OfTarget(&self.lane.weights), signs: self.signs }
    }
}

/// Of the synapses onto block `ordinal` of the target population.
fn signs_of(fan_out: &FanOut, ordinal: usize) -> Signs {
    match fan_out {
        FanOut::Stored(blocks) => Signs::of_column(&blocks[ordinal].weights, blocks[ordinal].targets.len()),
        FanOut::Procedural(procedural) => procedural.weight().map_or(Signs::UNKNOWN, Signs::of),
    }
}

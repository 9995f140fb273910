//! The neurons of a block, and what may be asked of them between runs.

use crate::block::calendar::Calendar;
use crate::block::columns::{LifColumns, Site, compact};
use crate::block::guard::Endless;
use crate::block::scaled::add::{Batch, Weights};
use crate::block::scaled::ahead::Ahead;
use crate::block::scaled::headroom::Headroom;
use crate::block::scaled::kind::{Calm, Kind};
use crate::block::scaled::looks::Views;
use crate::block::scaled::members::Members;
use crate::block::scaled::resolve::Hit;
use crate::block::scaled::signs::Signs;
use crate::block::scaled::table::{Table, table};
use crate::block::slots::Slots;
use crate::inputs::bulk::BulkLane;
use crate::inputs::currents::Currents;
use crate::inputs::process::Process;
use crate::inputs::steps::StepLane;
use crate::probe::Probe;
use crate::transit::plan::Incoming;
use tauspike_network::column::Column;
use tauspike_network::fanout::{self, FanOut};
use tauspike_network::input::{Drive, Input};
use tauspike_network::network::Network;
use tauspike_neuron::{Int, Membrane, Work};
use tauspike_spike::{Counters, ProbeRow, Spike};

/// A block of delta neurons; potentials are kept as `I`.
pub(crate) struct Scaled<I> {
    pub(crate) range: fanout::Block,
    pub(super) ordinal: usize,
    pub(super) members: Members,
    /// Scaled potentials, standing in the present pass; [`Int::DEAF`] and whatever has arrived since, while refractory.
    pub(super) u: Table<I>,
    /// End of refractoriness, or the last step of the current if that is later, ms.
    pub(super) since: Vec<f64>,
    /// Refractory until `since`.
    pub(super) asleep: Vec<bool>,
    /// When refractoriness ends, and a bound of when driven neurons fire, where these are not looked at in every window.
    pub(super) calendar: Calendar,
    pub(super) wake: Vec<f64>,
    pub(super) calm: Calm,
    /// Synaptic arrivals at a neuron in a ms, lately.
    pub(super) lately: f64,
    /// Length of a window, ms: a power of two.
    pub(super) window: f64,
    pub(super) private: Vec<Private>,
    pub(super) currents: Currents,
    /// A step of no size is due, ms: the present current is another than that of a snapshot.
    pub(super) restep: f64,
    pub(super) views: Views,
    pub(super) slots: Slots,
    /// Of the weights of each projection.
    pub(super) signs: Vec<Signs>,
    pub(super) excited: bool,
    /// Synapses of a row that arrived last, on the mean.
    pub(super) row_length: usize,
    pub(super) headroom: Headroom,
    pub(super) ahead: Ahead,
    /// Room for what arrives at an instant.
    pub(super) hits: Vec<Hit<I>>,
    pub(crate) fired: Vec<Spike>,
    pub(crate) rows: Vec<ProbeRow>,
    pub(crate) endless: Option<Endless>,
    pub(super) work: Work,
    pub(super) counters: Counters,
}

impl<I: Int> Scaled<I> {
    /// The neurons at time 0. `width` is the length of an epoch, ms.
    pub fn new(network: &Network, site: Site, kind: Kind, lif: LifColumns, width: f64) -> Self {
        let (range, neurons) = (site.range, site.range.len as usize);
        let members = Members::new(kind.lattice, kind.passes, neurons, lif);
        let v_init = |n: usize| members.lif.lif.v_init.get(members.lif.first + n);
        let window = kind.calm.window(0.0);
        let mut u = table();
        for (n, u) in u[..neurons].iter_mut().enumerate() {
            *u = kind.lattice.scaled(v_init(n) - members.v_inf[n], 1.0);
        }
        let signs = network.projections().iter().map(|p| match p.target == range.population {
            true => signs_of(&p.fan_out, site.ordinal),
            false => Signs::NONE,
        });
        let mut block = Self {
            range,
            ordinal: site.ordinal,
            members,
            u,
            since: vec![0.0; neurons],
            asleep: vec![false; neurons],
            calendar: Calendar::new(neurons, window.min(width)),
            wake: vec![f64::INFINITY; neurons],
            calm: kind.calm,
            lately: 0.0,
            window,
            private: Vec::new(),
            currents: Currents::default(),
            restep: f64::INFINITY,
            views: Views::default(),
            slots: Slots::new(Incoming::handed_out(network, range.population), width),
            signs: signs.collect(),
            excited: false,
            row_length: 0,
            headroom: Headroom::new(network, range, site.ordinal, (kind.scale, kind.growth * kind.lattice.unit)),
            ahead: Ahead::default(),
            hits: Vec::new(),
            fired: Vec::new(),
            rows: Vec::new(),
            endless: None,
            work: Work::default(),
            counters: Counters::default(),
        };
        block.excited = block.signs.iter().any(|signs| signs.positive);
        for (ordinal, input) in network.inputs().iter().enumerate().filter(|(_, i)| i.population == range.population) {
            block.attach(network, ordinal as u32, input);
        }
        block.reschedule(0.0);
        block
    }

    pub(super) fn attach(&mut self, network: &Network, ordinal: u32, input: &Input) {
        let first = self.members.lif.first as u32;
        let member = |position: u32| match &input.members {
            None => Some(position as usize),
            Some(members) => members.binary_search(&position).ok(),
        };
        let here = first..first + self.range.len;
        match &input.drive {
            Drive::Poisson { rate, weight } => {
                let process = Process::new(network.seed(), ordinal, rate);
                let weights: Vec<f64> = here.map(|k| member(k).map_or(0.0, |m| weight.get(m))).collect();
                let population = &network.populations()[self.range.population as usize];
                let per_ms = |k: u32| member(k).map_or(0.0, |m| process.per_ms(rate.base_hz.get(m)));
                let range = (population.first, population.range().len() as u32);
                let signs = Signs::of_column(&Column::Double(weights.clone()), weights.len());
                self.excited |= signs.positive;
                let lane = BulkLane::new(process.clone(), self.range, range, per_ms, compact(weights));
                self.private.push(Private { lane, signs });
            }
            Drive::Current { signal, scale } => {
                let scale = here.map(|k| member(k).map(|m| scale.get(m))).collect();
                self.currents.push(StepLane::new(signal.clone(), scale));
            }
        }
    }

    /// Driven neurons are in the calendar, because nothing but they themselves can make them fire.
    pub(super) fn is_by_calendar(&self) -> bool {
        self.members.driven && !self.excited
    }

    /// Puts neuron `n` into the calendar where it has to be looked at.
    pub(super) fn schedule(&mut self, n: usize) {
        self.wake[n] = match self.asleep[n] {
            true => self.since[n],
            false if self.is_by_calendar() => self.earliest(n),
            false => f64::INFINITY,
        };
        self.calendar.schedule(n as u16, self.wake[n]);
    }

    /// A time before which neuron `n` does not fire by itself, ms.
    pub(super) fn earliest(&self, n: usize) -> f64 {
        let (members, theta) = (&self.members, self.members.theta[n]);
        if !members.lattice.is_driven(theta) {
            return f64::INFINITY;
        }
        if self.asleep[n] {
            return self.since[n];
        }
        let (decay, phase) = members.decay(n);
        let after = members.lattice.meets(self.u[n], theta, phase.fraction, decay.rate) - 1e-6 * members.passes.length;
        (members.pass + after).max(self.since[n])
    }

    /// Goes to the pass of `time`.
    #[inline(always)]
    pub(super) fn go_to(&mut self, time: f64) {
        let (u, asleep) = (&mut self.u, &self.asleep);
        self.members.go_to(time, |first, octaves| {
            for ((u, asleep), octaves) in u[first..].iter_mut().zip(&asleep[first..]).zip(octaves) {
                *u = if *asleep { I::DEAF } else { u.halved(*octaves) };
            }
        });
    }

    /// Makes sure that `units` more at any neuron are not too much; whether that is so.
    pub fn holds(&mut self, units: f64) -> bool {
        if self.headroom.take(units) {
            return true;
        }
        let neurons = self.members.len();
        let mut peak = 0.0f64;
        for (u, asleep) in self.u[..neurons].iter_mut().zip(&self.asleep) {
            if *asleep {
                *u = I::DEAF;
            } else {
                peak = peak.max(u.to_f64().abs());
            }
        }
        self.headroom.look(peak, I::LIMIT);
        self.headroom.take(units)
    }

    /// Ends the run: more comes to some neuron at `time` or after than any integer holds.
    pub fn give_up(&mut self, time: f64) {
        self.endless = Some(Endless { neuron: self.range.first, time, beyond: true });
    }

    pub(super) fn membrane_of(&self, n: usize, time: f64) -> Membrane {
        let members = &self.members;
        if self.asleep[n] && time < self.since[n] {
            return Membrane { v: members.reset(n) + members.v_inf[n], current: None };
        }
        let ((decay, phase), start) = (members.decay(n), members.passes.start(time));
        let then = decay.phase(members.passes, start);
        let (u, from) = match self.asleep[n] {
            true => {
                let (u, woken) = members.woken(n, self.since[n]);
                (u, decay.phase(members.passes, woken))
            }
            false => (self.u[n], phase),
        };
        let growth = decay.growth(then.fraction, time - start);
        let x = members.lattice.potential(u.halved(then.since(from)), growth);
        Membrane { v: members.v_inf[n] + x, current: None }
    }

    /// Potential of the neuron with this global index at `time`, to which all has arrived.
    pub fn membrane(&self, neuron: u32, time: f64) -> Membrane {
        self.membrane_of((neuron - self.range.first) as usize, time)
    }

    pub fn set_probes(&mut self, probes: &[Probe], now: f64) {
        self.views = Views::new(probes, self.range, now);
    }

    /// Begins the calendar anew at `now`, and forgets what has been drawn ahead.
    pub fn reschedule(&mut self, now: f64) {
        self.ahead = Ahead::default();
        self.private.iter_mut().for_each(|private| private.lane.stand(now));
        let operations = self.calendar.operations;
        self.calendar.restart(now);
        for n in 0..self.members.len() {
            self.schedule(n);
        }
        self.calendar.operations = operations;
    }

    /// A time before which it has nothing to do unless more arrives, ms, all before `now` being done.
    pub fn next_event(&self, now: f64) -> f64 {
        let private = self.private.iter().map(|private| private.lane.next(now)).fold(f64::INFINITY, f64::min);
        let own = match self.members.driven {
            true if self.is_by_calendar() => self.calendar.next(&self.wake),
            true => (0..self.members.len()).map(|n| self.earliest(n)).fold(f64::INFINITY, f64::min),
            false => f64::INFINITY,
        };
        private.min(own).min(self.slots.next()).min(self.currents.next()).min(self.restep).min(self.views.next())
    }

    pub fn counters(&self) -> Counters {
        Counters {
            neuron_updates: self.work.updates,
            crossings_tested: self.work.crossings_tested,
            crossings_solved: self.work.crossings_solved,
            queue_operations: self.calendar.operations,
            ..self.counters
        }
    }

    pub fn bytes(&self) -> usize {
        self.members.len() * (size_of::<I>() + 4 * size_of::<f64>() + 1)
    }
}

impl Scaled<i64> {
    /// The same neurons with room for more.
    pub fn widened(&self) -> Scaled<i128> {
        let mut u = table();
        for ((wide, narrow), asleep) in u.iter_mut().zip(self.u.iter()).zip(&self.asleep) {
            *wide = if *asleep { i128::DEAF } else { i128::from(*narrow) };
        }
        let mut headroom = self.headroom.clone();
        headroom.forget();
        Scaled {
            range: self.range,
            ordinal: self.ordinal,
            members: self.members.clone(),
            u,
            since: self.since.clone(),
            asleep: self.asleep.clone(),
            calendar: self.calendar.clone(),
            wake: self.wake.clone(),
            calm: self.calm,
            lately: self.lately,
            window: self.window,
            private: self.private.clone(),
            currents: self.currents.clone(),
            restep: self.restep,
            views: self.views.clone(),
            slots: self.slots.clone(),
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

//! What a snapshot keeps of a block: what changes in time, and no parameter.

use crate::block::divided::Divided;
use crate::block::scaled::model::Saves;
use crate::block::scaled::neurons::{Private, Scaled};
use crate::block::scaled::stride::Stride;
use crate::inputs::bulk::Lane;
use crate::inputs::follow::{Following, Whose};
use crate::inputs::held::Held;
use crate::inputs::injected::{Awaited, Landing};
use crate::inputs::steps::StepLane;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tauspike_neuron::Int;

#[derive(Serialize, Deserialize)]
pub(crate) struct ScaledState<S> {
    neurons: S,
    /// By Poisson input.
    lanes: Vec<Lane>,
    /// Synaptic arrivals at a neuron in a ms, synapses of a row, how long windows are: no bit of a spike depends on them, but what is counted.
    lately: f64,
    row_length: usize,
    stride: Stride,
    /// What a program has put in, and is to come, in order.
    injected: Vec<Landing>,
    /// Currents that a program has set.
    held: Held,
    /// Number of neurons.
    len: usize,
}

impl<S: Divided> Divided for ScaledState<S> {
    fn part(&self, positions: Range<usize>) -> Option<Self> {
        let here = |landing: &&Landing| positions.contains(&landing.target.into());
        let moved = |landing: &Landing| Landing { target: landing.target - positions.start as u16, ..*landing };
        Some(Self {
            neurons: self.neurons.part(positions.clone())?,
            lanes: self.lanes.clone(),
            lately: self.lately,
            row_length: self.row_length,
            stride: self.stride,
            injected: self.injected.iter().filter(here).map(moved).collect(),
            held: self.held.part(positions.clone()),
            len: positions.len(),
        })
    }

    fn append(&mut self, following: Self) -> Option<()> {
        self.neurons.append(following.neurons)?;
        let before = self.len;
        let moved = |landing: Landing| Landing { target: landing.target + before as u16, ..landing };
        self.injected.extend(following.injected.into_iter().map(moved));
        self.held.append(before, following.held, following.len);
        self.len += following.len;
        Some(())
    }
}

impl<M: Saves> Scaled<M> {
    /// Whether its integers hold what was saved, on the lattice of now.
    pub fn has_room_for(&self, saved: &ScaledState<M::State>) -> bool {
        let jump = |(n, value): (usize, f64)| self.jump_with(self.range.first + n as u32, value);
        let here = saved.held.each().filter(|(n, _)| *n < self.model.len());
        self.model.has_room_for(&saved.neurons) && here.map(jump).all(|jump| jump <= M::Int::LIMIT)
    }

    pub fn save(&self, now: f64) -> ScaledState<M::State> {
        ScaledState {
            neurons: self.model.save(&self.cells, now),
            lanes: self.private.iter().map(|private| private.lane.save()).collect(),
            lately: self.lately,
            row_length: self.row_length,
            stride: self.stride,
            injected: self.injected.save(),
            held: self.currents.held.clone(),
            len: self.model.len(),
        }
    }

    pub fn load(&mut self, saved: &ScaledState<M::State>, following: &Following, now: f64) -> Option<()> {
        let here = |landing: &Landing| usize::from(landing.target) < self.model.len() && landing.weight.is_finite();
        let fits = saved.lanes.len() == following.saved
            && (0.0..f64::INFINITY).contains(&saved.lately)
            && saved.row_length <= u32::MAX as usize
            && saved.stride.is_sound(self.model.passes().length)
            && saved.injected.iter().all(here)
            && saved.held.fits(self.model.len(), now)
            && saved
                .held
                .each()
                .all(|(n, value)| self.headroom.jump_with(self.model.moves_v_inf(n, value)) <= i128::LIMIT);
        fits.then_some(())?;
        self.model.load(&mut self.cells, &saved.neurons, now)?;
        self.headroom.forget();
        (self.lately, self.row_length, self.stride) = (saved.lately, saved.row_length, saved.stride);
        Awaited::load(&saved.injected, now)?.each().for_each(|landing| self.inject(landing));
        self.currents.held = saved.held.clone();
        for (n, value) in saved.held.each() {
            self.headroom.expect_current(self.model.moves_v_inf(n, value));
        }
        for (Private { lane, .. }, whose) in self.private.iter_mut().zip(&following.trains) {
            match whose {
                Whose::Saved(number) => lane.follow(*saved.lanes.get(*number)?, now),
                Whose::Added(stream) => lane.begin(*stream),
            }
        }
        self.currents.stand(now);
        let changed = |(lane, changed): (&StepLane, &bool)| *changed && lane.scale.iter().any(Option::is_some);
        let moves = |n| {
            let (then, before) = self.model.driven_to(n, &self.currents);
            then != before
        };
        let another =
            self.currents.lanes().iter().zip(&following.changed).any(changed) || (0..self.model.len()).any(moves);
        self.restep = if another { now } else { f64::INFINITY };
        self.reschedule(now);
        Some(())
    }
}

/// Whether so many units per mV make a lattice: a power of two.
pub(super) fn is_unit(unit: f64) -> bool {
    unit.to_bits() << 12 == 0 && unit.is_normal() && unit > 0.0
}

/// A saved integer on the lattice of now, which is so much finer: other inputs may have made another of it. None if it has no room.
pub(super) fn refined<I: Int>(u: i128, finer: f64) -> Option<I> {
    if finer == 1.0 { I::try_from(u).ok() } else { Some(I::round(u as f64 * finer)) }
}

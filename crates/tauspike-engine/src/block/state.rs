//! What a snapshot keeps of a block: what changes in time, and no parameter.

use crate::block::neurons::Neurons;
use crate::inputs::follow::{Following, Whose};
use crate::inputs::steps::StepLane;
use crate::inputs::trains::Trains;
use serde::{Deserialize, Serialize};
use tauspike_neuron::{Cell, Work, delta, exponential};

#[derive(Serialize, Deserialize)]
pub(crate) struct BlockState {
    pub(super) cells: Cells,
    pub(super) rest: Rest,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Cells {
    Delta(Vec<delta::Saved>),
    Exponential(Vec<exponential::Saved>),
}

/// A [`BlockState`] without its cells.
#[derive(Serialize, Deserialize)]
pub(super) struct Rest {
    wake: Vec<f64>,
    headroom: Vec<f64>,
    patient: bool,
    /// By Poisson input.
    trains: Vec<Trains>,
}

/// From when, and whether all is as it was.
#[derive(Clone, Copy)]
pub(crate) struct Resuming {
    /// ms.
    pub now: f64,
    /// Inputs differ from those before.
    pub differs: bool,
}

impl<C: Cell> Neurons<C> {
    pub(super) fn save(&self, cells: impl Fn(Vec<C::Saved>) -> Cells) -> BlockState {
        let rest = Rest {
            wake: self.wake.clone(),
            headroom: self.headroom.clone(),
            patient: self.patient,
            trains: self.poisson.iter().map(|lane| lane.save()).collect(),
        };
        BlockState { cells: cells(self.cells.iter().map(Cell::save).collect()), rest }
    }

    pub(super) fn load(
        &mut self,
        cells: Vec<C::Saved>,
        rest: Rest,
        following: &Following,
        resuming: Resuming,
    ) -> Option<()> {
        let (neurons, now) = (self.cells.len(), resuming.now);
        let Rest { wake, headroom, patient, trains } = rest;
        let known = |values: &[f64]| values.len() == neurons && !values.iter().any(|value| value.is_nan());
        if cells.len() != neurons || !known(&wake) || !known(&headroom) || trains.len() != following.saved {
            return None;
        }
        (self.wake, self.headroom, self.patient) = (wake, headroom, patient && self.can_wait);
        for (n, saved) in cells.iter().enumerate() {
            let parameters = self.lif.parameters(n);
            self.cells[n].load(saved, parameters.v_th, parameters.v_reset).then_some(())?;
        }
        for (lane, whose) in self.poisson.iter_mut().zip(&following.trains) {
            match whose {
                Whose::Saved(number) => lane.resume(self.range.first, &trains[*number], now)?,
                Whose::Added(stream) => lane.resume(self.range.first, &Trains::none(*stream), now)?,
            }
        }
        self.resume_steps(&following.changed, now);
        if resuming.differs {
            self.find_stops();
            (0..neurons).for_each(|n| self.settle(n, now));
            self.work = Work::default();
        }
        Some(())
    }

    /// Steps before `now` have been taken. There is one at `now` where the signal of an input, or in all the current, is another.
    fn resume_steps(&mut self, changed: &[bool], now: f64) {
        self.steps.iter_mut().for_each(|lane| lane.stand(now));
        let another = |n: usize| {
            let of_input = |(lane, changed): (&StepLane, &bool)| *changed && lane.scale[n].is_some();
            self.steps.iter().zip(changed).any(of_input) || self.drive(n).v_inf != self.cells[n].v_inf()
        };
        let members: Vec<bool> = (0..self.cells.len()).map(another).collect();
        if members.contains(&true) {
            self.steps.push(StepLane::once(now, &members));
        }
    }
}

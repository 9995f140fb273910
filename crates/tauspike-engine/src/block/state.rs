//! What a snapshot keeps of a block: what changes in time, and no parameter.

use crate::block::neurons::Neurons;
use crate::block::scaled::state::ScaledState;
use crate::inputs::follow::{Following, Resuming, Whose};
use crate::inputs::steps::StepLane;
use crate::inputs::trains::Trains;
use serde::{Deserialize, Serialize};
use tauspike_neuron::{Cell, Work, exponential};

#[derive(Serialize, Deserialize)]
pub(crate) enum BlockState {
    Exponential(NeuronsState<exponential::Saved>),
    Scaled(ScaledState),
}

#[derive(Serialize, Deserialize)]
pub(crate) struct NeuronsState<S> {
    cells: Vec<S>,
    wake: Vec<f64>,
    headroom: Vec<f64>,
    patient: bool,
    /// By Poisson input.
    trains: Vec<Trains>,
}

impl<C: Cell> Neurons<C> {
    pub(super) fn save(&self) -> NeuronsState<C::Saved> {
        NeuronsState {
            cells: self.cells.iter().map(Cell::save).collect(),
            wake: self.wake.clone(),
            headroom: self.headroom.clone(),
            patient: self.patient,
            trains: self.poisson.iter().map(|lane| lane.save()).collect(),
        }
    }

    pub(super) fn load(
        &mut self,
        saved: NeuronsState<C::Saved>,
        following: &Following,
        resuming: Resuming,
    ) -> Option<()> {
        let (neurons, now) = (self.cells.len(), resuming.now);
        let NeuronsState { cells, wake, headroom, patient, trains } = saved;
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

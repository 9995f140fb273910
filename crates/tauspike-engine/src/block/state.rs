//! What a snapshot keeps of a block.

use crate::block::neurons::Neurons;
use crate::inputs::process::Position;
use serde::{Deserialize, Serialize};
use tauspike_neuron::{Cell, Delta, Exponential};

#[derive(Serialize, Deserialize)]
pub(crate) struct BlockState {
    pub(super) cells: Cells,
    pub(super) rest: Rest,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Cells {
    Delta(Vec<Delta>),
    Exponential(Vec<Exponential>),
}

/// A [`BlockState`] without its cells.
#[derive(Serialize, Deserialize)]
pub(super) struct Rest {
    wake: Vec<f64>,
    headroom: Vec<f64>,
    patient: bool,
    positions: Vec<Vec<Position>>,
    taken: Vec<Vec<u32>>,
}

impl<C: Cell> Neurons<C> {
    pub(super) fn save(&self, cells: impl Fn(Vec<C>) -> Cells) -> BlockState {
        let rest = Rest {
            wake: self.wake.clone(),
            headroom: self.headroom.clone(),
            patient: self.patient,
            positions: self.poisson.iter().map(|lane| lane.positions.clone()).collect(),
            taken: self.steps.iter().map(|lane| lane.taken.clone()).collect(),
        };
        BlockState { cells: cells(self.cells.clone()), rest }
    }

    pub(super) fn load(&mut self, cells: Vec<C>, rest: Rest) -> Option<()> {
        let neurons = self.cells.len();
        let Rest { wake, headroom, patient, positions, taken } = rest;
        let known = |(lane, known): (&Vec<u32>, &crate::inputs::steps::StepLane)| {
            lane.len() == neurons && lane.iter().all(|&k| k as usize <= known.signal.times.len())
        };
        let fits = cells.len() == neurons
            && wake.len() == neurons
            && headroom.len() == neurons
            && positions.len() == self.poisson.len()
            && positions.iter().all(|lane| lane.len() == neurons)
            && taken.len() == self.steps.len()
            && taken.iter().zip(&self.steps).all(known);
        if !fits {
            return None;
        }
        (self.cells, self.wake, self.headroom, self.patient) = (cells, wake, headroom, patient);
        for (lane, positions) in self.poisson.iter_mut().zip(positions) {
            lane.stand(self.range.first, positions);
        }
        for (lane, taken) in self.steps.iter_mut().zip(taken) {
            lane.taken = taken;
        }
        Some(())
    }
}

//! Input currents of a block of neurons: which neurons step, and when.

use crate::inputs::held::Held;
use crate::inputs::steps::StepLane;

/// All current inputs of a block.
#[derive(Clone, Default)]
pub(crate) struct Currents {
    lanes: Vec<StepLane>,
    /// What a program has set: an input after all that are described.
    pub held: Held,
}

impl Currents {
    pub fn push(&mut self, lane: StepLane) {
        self.lanes.push(lane);
    }

    pub fn lanes(&self) -> &[StepLane] {
        &self.lanes
    }

    /// Time of the next step of any neuron, ms; infinite if there is none.
    pub fn next(&self) -> f64 {
        self.lanes.iter().map(StepLane::next_of_any).fold(self.held.next(), f64::min)
    }

    /// Takes the steps at `time` or before; the neurons that step.
    pub fn take(&mut self, time: f64) -> Vec<usize> {
        let neurons = self.lanes.first().map_or(0, |lane| lane.scale.len());
        let steps = |lane: &StepLane, n: usize| lane.next(n) <= time;
        let mut stepping: Vec<usize> = (0..neurons).filter(|&n| self.lanes.iter().any(|lane| steps(lane, n))).collect();
        for lane in &mut self.lanes {
            for &n in &stepping {
                while lane.next(n) <= time {
                    lane.taken[n] += 1;
                }
            }
        }
        let described = stepping.len();
        self.held.take(time, &mut stepping);
        if stepping.len() > described {
            // each once
            stepping.sort_unstable();
            stepping.dedup();
        }
        stepping
    }

    /// Current of all inputs at neuron `n`, pA.
    pub fn amplitude(&self, n: usize) -> f64 {
        // ORDER: as if what is set were the last input
        self.lanes.iter().map(|lane| lane.amplitude(n)).sum::<f64>() + self.held.amplitude(n)
    }

    /// All steps before `now` have been taken.
    pub fn stand(&mut self, now: f64) {
        self.lanes.iter_mut().for_each(|lane| lane.stand(now));
    }
}

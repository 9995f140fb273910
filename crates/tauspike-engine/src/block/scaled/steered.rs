//! What a program does to the neurons of a block while the network runs: arrivals put in, currents and rates set.

use crate::block::scaled::model::Model;
use crate::block::scaled::neurons::{Scaled, private};
use crate::block::scaled::room::Spread;
use crate::block::signs::Side;
use crate::inputs::injected::Landing;
use crate::inputs::process::Process;
use crate::inputs::rates::SetRate;
use tauspike_network::input::Drive;
use tauspike_network::network::Network;

impl<M: Model> Scaled<M> {
    /// Puts in an arrival at a time that has not been done.
    pub fn inject(&mut self, landing: Landing) {
        if Side::of_weight(landing.weight) == Side::Excitation && !self.excited {
            self.excited = true;
            self.model.excite();
        }
        self.injected.push(landing);
    }

    /// Arrivals that have been put in: global index of the neuron, time in ms and weight of each, in no order.
    pub fn injected(&self) -> impl Iterator<Item = (u32, f64, f64)> {
        let first = self.range.first;
        self.injected.each().map(move |Landing { time, target, weight }| (first + u32::from(target), time, weight))
    }

    /// Forgets those before `now`, which have been taken from [`Scaled::injected`].
    pub fn forget_injected(&mut self, now: f64) {
        while self.injected.pop(now).is_some() {}
    }

    /// Takes those before `until`.
    pub(super) fn take_injected(&mut self, until: f64, spread: &mut Spread) {
        let mut taken = Vec::new();
        while let Some(Landing { time, target, weight }) = self.injected.pop(until) {
            spread.sides()[Side::of_weight(weight) as usize].0.push(target, time, weight);
            taken.push((target, weight.abs()));
        }
        taken.sort_unstable_by_key(|(target, _)| *target);
        let sums = taken.chunk_by(|a, b| a.0 == b.0).map(|of_one| of_one.iter().map(|(_, weight)| weight).sum());
        self.headroom.expect_injected(sums.fold(0.0, f64::max));
    }

    /// Sets the current of a neuron (a global index), pA, from `time` on, ms, which has not been done.
    pub fn set_current(&mut self, neuron: u32, time: f64, value: f64) {
        let n = (neuron - self.range.first) as usize;
        self.currents.held.set((n as u16, self.model.len()), time, value);
        self.headroom.expect_current(self.model.moves_v_inf(n, value));
    }

    /// Most that such a current at a neuron (a global index) moves a potential by, in units.
    pub fn jump_with(&self, neuron: u32, value: f64) -> f64 {
        self.headroom.jump_with(self.model.moves_v_inf((neuron - self.range.first) as usize, value))
    }

    /// Makes the rate of a Poisson input another. It goes on from `now`, ms, as after a snapshot; where that is none, it has drawn nothing.
    pub fn set_rate(&mut self, network: &Network, set: &SetRate, now: Option<f64>) {
        let input = &network.inputs()[set.ordinal];
        let before = network.inputs()[..set.ordinal].iter().filter(|before| before.population == input.population);
        let number = before.filter(|before| matches!(before.drive, Drive::Poisson { .. })).count();
        let mut private = private(network, self.range, (set.ordinal as u32, input), &set.rate);
        if let Some(now) = now {
            private.lane.follow(self.private[number].lane.save(), now);
            private.lane.stand(now);
        }
        if let Some(stream) = set.stream {
            private.lane.begin(stream);
        }
        self.private[number] = private;
        let process = Process::new(network.seed(), 0, &set.rate);
        self.headroom.expect_private(number, process.per_ms(set.rate.base_hz.get(0)));
    }

    /// Takes it that a source of these projections fires as a Poisson process of this rate, events per ms; if there is none, as often as it likes.
    pub fn expect_spikes(&mut self, projections: impl Iterator<Item = usize>, rate: Option<f64>) {
        self.headroom.expect_spikes(projections, rate);
    }
}

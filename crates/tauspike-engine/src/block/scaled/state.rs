//! What a snapshot keeps of a block of delta neurons. It knows no time of a last event: two blocks that have seen the same hold the same.

use crate::block::scaled::neurons::{Private, Scaled};
use crate::inputs::bulk::Lane;
use crate::inputs::follow::{Following, Resuming, Whose};
use crate::inputs::steps::StepLane;
use serde::{Deserialize, Serialize};
use tauspike_neuron::Int;

#[derive(Serialize, Deserialize)]
pub(crate) struct ScaledState {
    /// Units per mV.
    unit: f64,
    /// Start of the pass in which `u` stands, ms.
    pass: f64,
    /// Scaled potentials; 0 while refractory.
    u: Vec<i128>,
    since: Vec<f64>,
    asleep: Vec<bool>,
    /// mV.
    v_inf: Vec<f64>,
    /// By Poisson input.
    lanes: Vec<Lane>,
    /// Synaptic arrivals at a neuron in a ms, by which the length of windows goes: no bit of a spike depends on it, but what is counted.
    lately: f64,
}

impl Scaled<i64> {
    /// Whether 64 bits hold what was saved, on the lattice of now.
    pub fn has_room_for(&self, saved: &ScaledState) -> bool {
        let finer = self.members.lattice.unit / saved.unit;
        saved.u.iter().all(|u| u.unsigned_abs() as f64 * finer <= i64::LIMIT)
    }
}

impl<I: Int> Scaled<I> {
    pub fn save(&self) -> ScaledState {
        let u = self.u.iter().zip(&self.asleep).map(|(u, asleep)| if *asleep { 0 } else { (*u).into() });
        ScaledState {
            unit: self.members.lattice.unit,
            pass: self.members.pass,
            u: u.collect(),
            since: self.since.clone(),
            asleep: self.asleep.clone(),
            v_inf: self.members.v_inf.clone(),
            lanes: self.private.iter().map(|private| private.lane.save()).collect(),
            lately: self.lately,
        }
    }

    pub fn load(&mut self, saved: ScaledState, following: &Following, resuming: Resuming) -> Option<()> {
        let (neurons, now) = (self.members.len(), resuming.now);
        let fits = saved.u.len() == neurons
            && saved.since.len() == neurons
            && saved.asleep.len() == neurons
            && saved.v_inf.len() == neurons
            && saved.lanes.len() == following.saved
            && saved.since.iter().all(|time| (0.0..f64::INFINITY).contains(time))
            && saved.v_inf.iter().all(|v| v.is_finite())
            && (0.0..=now).contains(&saved.pass)
            && self.members.passes.start(saved.pass) == saved.pass
            && (saved.unit.to_bits() << 12) == 0
            && (0.0..f64::INFINITY).contains(&saved.lately)
            && saved.unit.is_normal()
            && saved.unit > 0.0;
        fits.then_some(())?;
        self.members.go_to(saved.pass, |_, _| {});
        let finer = self.members.lattice.unit / saved.unit;
        for (n, (&u, &asleep)) in saved.u.iter().zip(&saved.asleep).enumerate() {
            // other inputs may have made another lattice of it
            let u = if finer == 1.0 { I::try_from(u).ok()? } else { I::round(u as f64 * finer) };
            self.u[n] = if asleep { I::DEAF } else { u };
            self.members.set_v_inf(n, saved.v_inf[n]);
        }
        self.members.compare();
        self.headroom.forget();
        (self.since, self.asleep, self.lately) = (saved.since, saved.asleep, saved.lately);
        for (Private { lane, .. }, whose) in self.private.iter_mut().zip(&following.trains) {
            match whose {
                Whose::Saved(number) => lane.follow(*saved.lanes.get(*number)?),
                Whose::Added(stream) => lane.begin(*stream),
            }
        }
        self.currents.stand(now);
        let changed = |(lane, changed): (&StepLane, &bool)| *changed && lane.scale.iter().any(Option::is_some);
        let another = self.currents.lanes().iter().zip(&following.changed).any(changed)
            || (0..neurons).any(|n| self.members.driven_to(n, &self.currents) != self.members.v_inf[n]);
        self.restep = if another { now } else { f64::INFINITY };
        self.reschedule(now);
        Some(())
    }
}

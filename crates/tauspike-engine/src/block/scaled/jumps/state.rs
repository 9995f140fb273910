//! What a snapshot keeps of delta neurons. It knows no time of a last event: two blocks that have seen the same hold the same, and all stand in the
//! pass of the time of the snapshot.

use crate::block::divided::Divided;
use crate::block::scaled::jumps::neurons::Jumps;
use crate::block::scaled::model::{Cells, Saves};
use crate::block::scaled::state::{is_unit, refined};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tauspike_neuron::Int;

#[derive(Serialize, Deserialize)]
pub(crate) struct JumpsState {
    /// Units per mV.
    unit: f64,
    /// Scaled potentials; 0 while refractory.
    u: Vec<i128>,
    since: Vec<f64>,
    asleep: Vec<bool>,
    /// mV.
    v_inf: Vec<f64>,
}

impl Divided for JumpsState {
    fn part(&self, positions: Range<usize>) -> Option<Self> {
        Some(Self {
            unit: self.unit,
            u: self.u.get(positions.clone())?.to_vec(),
            since: self.since.get(positions.clone())?.to_vec(),
            asleep: self.asleep.get(positions.clone())?.to_vec(),
            v_inf: self.v_inf.get(positions)?.to_vec(),
        })
    }

    fn append(&mut self, following: Self) -> Option<()> {
        self.u.extend(following.u);
        self.since.extend(following.since);
        self.asleep.extend(following.asleep);
        self.v_inf.extend(following.v_inf);
        (self.unit == following.unit).then_some(())
    }
}

impl<I: Int> Saves for Jumps<I> {
    type State = JumpsState;

    fn save(&self, cells: &Cells<Self>, now: f64) -> JumpsState {
        let (members, start) = (&self.members, self.members.passes.start(now));
        let standing = |n: usize| {
            let (decay, phase) = members.decay(n);
            cells[n].halved(decay.phase(members.passes, start).since(phase)).into()
        };
        let u = (0..members.len()).map(|n| if self.asleep[n] { 0 } else { standing(n) });
        JumpsState {
            unit: self.members.lattice.unit,
            u: u.collect(),
            since: self.since.clone(),
            asleep: self.asleep.clone(),
            v_inf: self.members.v_inf.clone(),
        }
    }

    fn has_room_for(&self, saved: &JumpsState) -> bool {
        let finer = self.members.lattice.unit / saved.unit;
        saved.u.iter().all(|u| u.unsigned_abs() as f64 * finer <= I::LIMIT)
    }

    fn load(&mut self, cells: &mut Cells<Self>, saved: &JumpsState, now: f64) -> Option<()> {
        let neurons = self.members.len();
        let fits = saved.u.len() == neurons
            && saved.since.len() == neurons
            && saved.asleep.len() == neurons
            && saved.v_inf.len() == neurons
            && saved.since.iter().all(|time| (0.0..f64::INFINITY).contains(time))
            && saved.v_inf.iter().all(|v| v.is_finite())
            && is_unit(saved.unit);
        fits.then_some(())?;
        self.members.go_to(now, self.excited, |_, _| {});
        let finer = self.members.lattice.unit / saved.unit;
        for (n, (&u, &asleep)) in saved.u.iter().zip(&saved.asleep).enumerate() {
            let u = refined(u, finer)?;
            cells[n] = if asleep { I::DEAF } else { u };
            self.members.set_v_inf(n, saved.v_inf[n]);
        }
        self.members.compare();
        self.since.clone_from(&saved.since);
        self.asleep.clone_from(&saved.asleep);
        Some(())
    }
}

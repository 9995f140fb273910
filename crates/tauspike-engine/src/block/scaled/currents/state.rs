//! What a snapshot keeps of neurons with exponential currents: how the last event of each has left it.

use crate::block::divided::Divided;
use crate::block::scaled::currents::neurons::Currents;
use crate::block::scaled::model::{Cells, Saves};
use crate::block::scaled::state::{is_unit, refined};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tauspike_neuron::{Exponential, Int};

#[derive(Serialize, Deserialize)]
pub(crate) struct CurrentsState {
    /// Units per mV and, by neuron or of all, per mV/ms.
    units: Vec<[f64; 3]>,
    neurons: Vec<Saved>,
    /// mV.
    v_inf: Vec<f64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    x: i128,
    y: [i128; 2],
    pass: f64,
    release: f64,
    held: bool,
}

impl CurrentsState {
    /// How much finer the lattices of neuron `n` are now.
    fn finer(&self, n: usize, units: [f64; 3]) -> [f64; 3] {
        let before = if self.units.len() == 1 { self.units[0] } else { self.units[n] };
        [0, 1, 2].map(|k| units[k] / before[k])
    }
}

impl Divided for CurrentsState {
    fn part(&self, positions: Range<usize>) -> Option<Self> {
        let units = if self.units.len() == 1 { 0..1 } else { positions.clone() };
        Some(Self {
            units: self.units.get(units)?.to_vec(),
            neurons: self.neurons.get(positions.clone())?.to_vec(),
            v_inf: self.v_inf.get(positions)?.to_vec(),
        })
    }

    fn append(&mut self, following: Self) -> Option<()> {
        let alike = self.units.len() == 1 && following.units == self.units;
        if !alike {
            let of_each = |units: &[[f64; 3]], neurons: usize| match units {
                [units] => vec![*units; neurons],
                units => units.to_vec(),
            };
            self.units = of_each(&self.units, self.neurons.len());
            self.units.extend(of_each(&following.units, following.neurons.len()));
        }
        self.neurons.extend(following.neurons);
        self.v_inf.extend(following.v_inf);
        Some(())
    }
}

impl<I: Int> Saves for Currents<I> {
    type State = CurrentsState;

    fn save(&self, cells: &Cells<Self>, _: f64) -> CurrentsState {
        let saved = |n: usize| {
            let Exponential { x, y, pass, release, held } = self.neuron(n, &cells[n]);
            Saved { x: if held { 0 } else { x.into() }, y: y.map(Into::into), pass, release, held }
        };
        CurrentsState {
            units: self.kinetics.iter().map(|kinetics| kinetics.units()).collect(),
            neurons: (0..self.last.len()).map(saved).collect(),
            v_inf: self.v_inf.clone(),
        }
    }

    fn has_room_for(&self, saved: &CurrentsState) -> bool {
        let fits = |(n, neuron): (usize, &Saved)| {
            let finer = saved.finer(n, self.kinetics(n).units());
            let size = |k: usize| [neuron.x, neuron.y[0], neuron.y[1]][k].unsigned_abs() as f64 * finer[k];
            size(0) + size(1) + size(2) <= I::LIMIT
        };
        saved.units.len() != 1 && saved.units.len() != self.last.len()
            || saved.neurons.len() != self.last.len()
            || saved.neurons.iter().enumerate().all(fits)
    }

    fn load(&mut self, cells: &mut Cells<Self>, saved: &CurrentsState, now: f64) -> Option<()> {
        let neurons = self.last.len();
        let of_neuron = |(n, neuron): (usize, &Saved)| {
            let passes = self.kinetics(n).passes;
            (0.0..=now).contains(&neuron.pass)
                && passes.start(neuron.pass) == neuron.pass
                && (0.0..f64::INFINITY).contains(&neuron.release)
                && neuron.held == (passes.start(neuron.release) > neuron.pass)
                && neuron.y[0] >= 0
                && neuron.y[1] <= 0
        };
        let fits = saved.neurons.len() == neurons
            && saved.v_inf.len() == neurons
            && (saved.units.len() == 1 || saved.units.len() == neurons)
            && saved.units.iter().flatten().all(|unit| is_unit(*unit))
            && saved.v_inf.iter().all(|v| v.is_finite())
            && saved.neurons.iter().enumerate().all(of_neuron);
        fits.then_some(())?;
        let latest = saved.neurons.iter().map(|neuron| neuron.pass).fold(0.0, f64::max);
        for (n, neuron) in saved.neurons.iter().enumerate() {
            let finer = saved.finer(n, self.kinetics(n).units());
            let y = [refined(neuron.y[0], finer[1])?, refined(neuron.y[1], finer[2])?];
            let x = refined(neuron.x, finer[0])?;
            self.set_v_inf(n, saved.v_inf[n]);
            self.stood[n] = y;
            cells[n] = [x, y[0], I::default(), y[1]];
            self.last[n] = Exponential { x, y, pass: neuron.pass, release: neuron.release, held: neuron.held };
        }
        if now > 0.0 {
            self.due.clear();
        }
        self.pass = self.passes.start(latest);
        self.waking.clear();
        // none has been shown
        self.stands.fill(-1.0);
        self.watch_all(cells);
        Some(())
    }
}

//! What a snapshot keeps of neurons with synaptic currents: how the last event of each has left it.

use crate::block::divided::Divided;
use crate::block::scaled::currents::neurons::{Currents, cell_of};
use crate::block::scaled::model::{Cells, Saves};
use crate::block::scaled::state::{is_unit, refined};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tauspike_neuron::dynamics::State;
use tauspike_neuron::{Int, Synaptic};

#[derive(Serialize, Deserialize)]
pub(crate) struct CurrentsState {
    /// By neuron or of all: units of X per mV, then those of each number of the excitatory current and of the inhibitory one.
    units: Vec<Vec<f64>>,
    neurons: Vec<Saved>,
    /// mV.
    v_inf: Vec<f64>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    /// X, then the numbers of the excitatory current and of the inhibitory one.
    numbers: Vec<i128>,
    pass: f64,
    release: f64,
    held: bool,
}

/// The numbers of one neuron in a row.
fn row<T: Copy, const NUMBERS: usize>(x: T, y: [[T; NUMBERS]; 2]) -> Vec<T> {
    std::iter::once(x).chain(y.into_iter().flatten()).collect()
}

impl CurrentsState {
    /// How much finer the lattices of neuron `n` are now.
    fn finer<const NUMBERS: usize>(&self, n: usize, now: State<NUMBERS>) -> Vec<f64> {
        let before = if self.units.len() == 1 { &self.units[0] } else { &self.units[n] };
        row(now.x, [now.ex, now.inh]).iter().zip(before).map(|(now, before)| now / before).collect()
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
            let of_each = |units: &[Vec<f64>], neurons: usize| match units {
                [units] => vec![units.clone(); neurons],
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

impl<I: Int, const NUMBERS: usize> Saves for Currents<I, NUMBERS> {
    type State = CurrentsState;

    fn save(&self, cells: &Cells<Self>, _: f64) -> CurrentsState {
        let saved = |n: usize| {
            let Synaptic { x, y, pass, release, held } = self.neuron(n, &cells[n]);
            let x = if held { 0 } else { x.into() };
            Saved { numbers: row(x, y.map(|y| y.map(Into::into))), pass, release, held }
        };
        let units = |of: State<NUMBERS>| row(of.x, [of.ex, of.inh]);
        CurrentsState {
            units: self.kinetics.iter().map(|kinetics| units(kinetics.units())).collect(),
            neurons: (0..self.last.len()).map(saved).collect(),
            v_inf: self.v_inf.clone(),
        }
    }

    fn has_room_for(&self, saved: &CurrentsState) -> bool {
        let fits = |(n, neuron): (usize, &Saved)| {
            let finer = saved.finer(n, self.kinetics(n).units());
            let sizes = neuron.numbers.iter().zip(&finer).map(|(number, finer)| number.unsigned_abs() as f64 * finer);
            sizes.sum::<f64>() <= I::LIMIT
        };
        saved.units.len() != 1 && saved.units.len() != self.last.len()
            || saved.neurons.len() != self.last.len()
            || saved.neurons.iter().enumerate().all(fits)
    }

    fn load(&mut self, cells: &mut Cells<Self>, saved: &CurrentsState, now: f64) -> Option<()> {
        let (neurons, numbers) = (self.last.len(), 1 + 2 * NUMBERS);
        let of_neuron = |(n, neuron): (usize, &Saved)| {
            let passes = self.kinetics(n).passes;
            (0.0..=now).contains(&neuron.pass)
                && passes.start(neuron.pass) == neuron.pass
                && (0.0..f64::INFINITY).contains(&neuron.release)
                && neuron.held == (passes.start(neuron.release) > neuron.pass)
                && neuron.numbers.len() == numbers
                && neuron.numbers[NUMBERS] >= 0
                && neuron.numbers[2 * NUMBERS] <= 0
        };
        let fits = saved.neurons.len() == neurons
            && saved.v_inf.len() == neurons
            && (saved.units.len() == 1 || saved.units.len() == neurons)
            && saved.units.iter().all(|units| units.len() == numbers && units.iter().all(|unit| is_unit(*unit)))
            && saved.v_inf.iter().all(|v| v.is_finite())
            && saved.neurons.iter().enumerate().all(of_neuron);
        fits.then_some(())?;
        let latest = saved.neurons.iter().map(|neuron| neuron.pass).fold(0.0, f64::max);
        for (n, neuron) in saved.neurons.iter().enumerate() {
            let finer = saved.finer(n, self.kinetics(n).units());
            let mut loaded =
                Synaptic { pass: neuron.pass, release: neuron.release, held: neuron.held, ..Synaptic::default() };
            let places = std::iter::once(&mut loaded.x).chain(loaded.y.iter_mut().flatten());
            for (place, (number, finer)) in places.zip(neuron.numbers.iter().zip(finer)) {
                *place = refined(*number, finer)?;
            }
            self.set_v_inf(n, saved.v_inf[n]);
            self.stood[n] = loaded.y;
            cells[n] = cell_of(&loaded);
            self.last[n] = loaded;
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

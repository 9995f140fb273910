//! How strongly a neuron may be driven: one rule for every way in which a current or a jump of the potential reaches it.
//!
//! With a current I the potential goes to `V_inf = E_L + tau_m / C_m I`. Two things can go wrong if that is far away:
//!
//! * A neuron keeps `V - V_inf` in f64, with 16 digits. Between V_th and V_reset there must be digits left, or a neuron that stands at
//!   V_reset counts as being at V_th. V_inf and V_init are therefore within [`FARTHEST`] times `V_th - V_reset` of V_th, where `V` is
//!   known to 1e-6 of `V_th - V_reset` and spikes are right (`tests/it/limits.rs`).
//! * Without refractory time it fires every `tau_m ln((V_inf - V_reset) / (V_inf - V_th))`. Below [`SHORTEST_INTERVAL`] the times of a
//!   long run cannot be told apart, and a run that fires so fast does not come to an end.
//!
//! A leaky integrator has no threshold, so its V_inf only has to be a potential ([`Range::Potential`]).
//!
//! I is the sum of I_e and of all current inputs, each at its own extreme, whether or not they come at one time; and one arrival of an
//! exponential synapse on top. An arrival of a delta synapse may move V by as much as V_inf may be away. What many arrivals add up to is
//! not known beforehand: the engine refuses to fire without an advance in time.

use crate::build::extent::Extent;
use crate::build::realise::Realised;
use crate::describe::description::Description;
use crate::describe::parameter::Range;
use crate::error::NetworkError;
use crate::table::fanout::Rows;
use crate::table::input::Drive;
use crate::table::population::{Cells, Lif, Rate, Synapse};

/// How far V_inf may be from V_th, in units of V_th - V_reset.
const FARTHEST: f64 = 1e8;

/// Shortest mean interval between events of one train or neuron, ms.
const SHORTEST_INTERVAL: f64 = 1e-6;

/// What V may be at all, mV: [`Range::Potential`].
const POTENTIALS: Extent = Extent { low: -1e15, high: 1e15 };

/// What every neuron gets, checked.
pub(crate) struct Drives<'a> {
    realised: &'a Realised,
    /// By population: the currents of each neuron, pA, if there are inputs that bring some.
    currents: Vec<Option<Vec<Extent>>>,
    /// By population: weights that every neuron allows; everything for sources, which get none.
    weights: Vec<Extent>,
}

/// What one neuron allows.
pub(crate) struct Bounds {
    /// V_inf, mV.
    v_inf: Extent,
    /// I with such a V_inf, pA.
    pub(crate) current: Extent,
    limit: Limit,
}

/// What bounds V_inf from above.
enum Limit {
    /// It could be told no more how far V is from V_th.
    Far,
    /// It could fire too fast.
    Fast,
    /// Nothing but that it is a potential.
    Potential,
}

impl Bounds {
    pub(crate) fn of(lif: &Lif, member: usize) -> Self {
        let (v_inf, limit) = if lif.fires { Self::of_firing(lif, member) } else { (POTENTIALS, Limit::Potential) };
        let per_mv = lif.c_m.get(member) / lif.tau_m.get(member);
        let e_l = lif.e_l.get(member);
        let current = Extent { low: (v_inf.low - e_l) * per_mv, high: (v_inf.high - e_l) * per_mv };
        Self { v_inf, current, limit }
    }

    fn of_firing(lif: &Lif, member: usize) -> (Extent, Limit) {
        let (v_th, t_ref, tau_m) = (lif.v_th.get(member), lif.t_ref.get(member), lif.tau_m.get(member));
        let climb = v_th - lif.v_reset.get(member);
        let far = FARTHEST * climb;
        let mut v_inf = Extent { low: v_th - far, high: v_th + far };
        let mut limit = Limit::Far;
        if t_ref < SHORTEST_INTERVAL {
            // the interval tau_m ln(1 + climb / (V_inf - V_th)) is as long as it must be
            let fastest = v_th + climb / libm::expm1((SHORTEST_INTERVAL - t_ref) / tau_m);
            if fastest < v_inf.high {
                (v_inf.high, limit) = (fastest, Limit::Fast);
            }
        }
        (v_inf, limit)
    }

    fn why(&self) -> String {
        let v_inf = "V_inf = E_L + tau_m / C_m I";
        let within = format!("{v_inf} within {FARTHEST:e} (V_th - V_reset) of V_th");
        match self.limit {
            Limit::Far => within,
            Limit::Fast => format!("{within}, and at most {:e} spikes a second", 1e3 / SHORTEST_INTERVAL),
            Limit::Potential => format!("{v_inf} is {}", Range::Potential),
        }
    }
}

impl<'a> Drives<'a> {
    /// Refuses currents and weights of inputs that drive a neuron too far.
    pub(crate) fn of(description: &Description, realised: &'a Realised) -> Result<Self, NetworkError> {
        let populations = realised.populations.len();
        let mut drives = Self { realised, currents: vec![None; populations], weights: vec![Extent::ALL; populations] };
        for (index, (population, spec)) in realised.populations.iter().zip(&description.populations).enumerate() {
            match &population.cells {
                Cells::Lif(lif) => {
                    alone(&spec.owner(), lif, distinct(lif, population.size))?;
                    drives.add_currents(description, index, lif)?;
                    drives.weights[index] = drives.allowed_by_all(index, lif);
                }
                Cells::Poisson(poisson) => rate(&spec.owner(), poisson, population.size as usize)?,
                Cells::Trains(_) => {}
            }
        }
        for (input, spec) in realised.inputs.iter().zip(&description.inputs) {
            if let Drive::Poisson { rate: poisson, weight } = &input.drive {
                let population = input.population as usize;
                let size = realised.populations[population].size as usize;
                let members = input.members.as_ref().map_or(size, Vec::len);
                rate(&spec.owner(), poisson, members)?;
                let (all, owner) = (Extent::of_column(weight, members), spec.owner());
                let each = (0..members).map(|k| (k, input.position(k), weight.get(k)));
                drives.weights_of(&owner, population, all, each)?;
            }
        }
        Ok(drives)
    }

    /// Refuses a weight onto `population` that its neuron does not allow. `all` is from the smallest to the largest of them; `each` gives of
    /// every weight its number in the list or among the targets, the position of the target, and the weight.
    pub(crate) fn weights_of(
        &self,
        owner: &str,
        population: usize,
        all: Extent,
        each: impl Iterator<Item = (usize, usize, f64)>,
    ) -> Result<(), NetworkError> {
        let Cells::Lif(lif) = &self.realised.populations[population].cells else { return Ok(()) };
        if self.weights[population].includes(all) {
            return Ok(());
        }
        for (member, position, value) in each {
            let allowed = self.allowed(population, lif, position);
            if !allowed.includes(Extent::NONE.and(value)) {
                let (Extent { low, high }, name) = (allowed, &self.realised.populations[population].name);
                let unit = lif.synapse.kind().unit();
                let allowed = format!("{low:?} to {high:?} {unit} onto neuron {position} of population \"{name}\"");
                return Err(NetworkError::Member { owner: owner.to_owned(), field: "weight", member, value, allowed });
            }
        }
        Ok(())
    }

    /// Refuses weights of which some are outside of what every neuron of `population` allows.
    pub(crate) fn weights_for_all(&self, owner: &str, population: usize, weights: Extent) -> Result<(), NetworkError> {
        let Extent { low, high } = self.weights[population];
        let name = &self.realised.populations[population].name;
        let outside = [weights.low, weights.high].into_iter().find(|w| !(low..=high).contains(w));
        let Some(value) = outside.filter(|_| weights != Extent::NONE) else { return Ok(()) };
        let allowed = format!("{low:?} to {high:?} onto every neuron of population \"{name}\"");
        Err(NetworkError::value(owner, "weight", format!("{value:?}"), allowed))
    }

    /// Refuses drawn weights in the rows of the block whose first target has this position.
    pub(crate) fn rows(&self, owner: &str, population: usize, first: u32, rows: &Rows) -> Result<(), NetworkError> {
        let weights = Extent::of_column(&rows.weights, rows.targets.len());
        if let Some(value) = weights.endless() {
            return Err(NetworkError::value(owner, "weight", value, "draws within the range of f32"));
        }
        let position = |k: usize| first as usize + usize::from(rows.targets[k]);
        let each = (0..rows.targets.len()).map(|k| (position(k), position(k), rows.weights.get(k)));
        self.weights_of(owner, population, weights, each)
    }

    /// The sum of the currents of a neuron, pA: from its smallest to its largest.
    fn current(&self, population: usize, lif: &Lif, member: usize) -> Extent {
        match &self.currents[population] {
            Some(currents) => currents[member],
            None => Extent::NONE.and(lif.i_e.get(member)),
        }
    }

    /// The weights that a neuron allows, mV or pA.
    fn allowed(&self, population: usize, lif: &Lif, member: usize) -> Extent {
        weights(lif, member, self.current(population, lif, member))
    }

    fn allowed_by_all(&self, population: usize, lif: &Lif) -> Extent {
        let size = self.realised.populations[population].size;
        let members = if self.currents[population].is_some() { size as usize } else { distinct(lif, size) };
        (0..members).map(|member| self.allowed(population, lif, member)).fold(Extent::ALL, Extent::within)
    }

    /// Adds the currents of all inputs onto a population, one after the other.
    fn add_currents(&mut self, description: &Description, population: usize, lif: &Lif) -> Result<(), NetworkError> {
        let size = self.realised.populations[population].size as usize;
        for (input, spec) in self.realised.inputs.iter().zip(&description.inputs) {
            let (Drive::Current { signal, scale }, true) = (&input.drive, input.population as usize == population)
            else {
                continue;
            };
            let (low, high) = signal.extremes();
            let currents = self.currents[population]
                .get_or_insert_with(|| lif.i_e.values(size).map(|i_e| Extent::NONE.and(i_e)).collect());
            for k in 0..input.members.as_ref().map_or(size, Vec::len) {
                let (position, scale) = (input.position(k), scale.get(k));
                let here = Extent::NONE.and(scale * low).and(scale * high);
                let sum = Extent { low: currents[position].low + here.low, high: currents[position].high + here.high };
                let bounds = Bounds::of(lif, position);
                let allowed = bounds.current;
                if !allowed.includes(sum) {
                    let name = &self.realised.populations[population].name;
                    let value =
                        format!("{:?} to {:?} pA, scaled for neuron {position} of \"{name}\"", here.low, here.high);
                    let others = currents[position];
                    let allowed = format!(
                        "{:?} to {:?} pA beside its other currents of {:?} to {:?} pA: {}",
                        allowed.low - others.low,
                        allowed.high - others.high,
                        others.low,
                        others.high,
                        bounds.why()
                    );
                    return Err(NetworkError::value(&spec.owner(), "signal", value, allowed));
                }
                currents[position] = sum;
            }
        }
        Ok(())
    }
}

/// A neuron without inputs: where it starts, and where E_L and I_e take it.
fn alone(owner: &str, lif: &Lif, members: usize) -> Result<(), NetworkError> {
    for member in 0..members {
        let bounds = Bounds::of(lif, member);
        let start = match bounds.limit {
            Limit::Potential => POTENTIALS,
            Limit::Far | Limit::Fast => {
                let v_th = lif.v_th.get(member);
                Extent { high: v_th + (v_th - bounds.v_inf.low), ..bounds.v_inf }
            }
        };
        let checks = [
            ("e_l", lif.e_l.get(member), bounds.v_inf, "mV"),
            ("v_init", lif.v_init.get(member), start, "mV"),
            ("i_e", lif.i_e.get(member), bounds.current, "pA"),
        ];
        for (field, value, Extent { low, high }, unit) in checks {
            if !(low..=high).contains(&value) {
                let allowed = format!("{low:?} to {high:?} {unit}: {}", bounds.why());
                return Err(NetworkError::Member { owner: owner.to_owned(), field, member, value, allowed });
            }
        }
    }
    Ok(())
}

/// The weights that a neuron allows, mV or pA, whose currents together are `current`, pA.
pub(crate) fn weights(lif: &Lif, member: usize, current: Extent) -> Extent {
    match lif.synapse {
        Synapse::Delta if !lif.fires => POTENTIALS,
        Synapse::Delta => {
            let far = FARTHEST * (lif.v_th.get(member) - lif.v_reset.get(member));
            Extent { low: -far, high: far }
        }
        Synapse::Exponential { .. } | Synapse::Alpha { .. } => {
            let bounds = Bounds::of(lif, member).current;
            Extent { low: bounds.low - current.low, high: bounds.high - current.high }
        }
    }
}

/// The largest base rate, Hz, with this profile.
pub(crate) fn fastest(rate: &Rate) -> f64 {
    let peak = rate.profile.as_ref().map_or(1.0, |profile| profile.extremes().1);
    1e3 / SHORTEST_INTERVAL / peak
}

/// Refuses a rate beyond what a run can tell apart.
fn rate(owner: &str, rate: &Rate, members: usize) -> Result<(), NetworkError> {
    let peak = rate.profile.as_ref().map_or(1.0, |profile| profile.extremes().1);
    let most = 1e3 / SHORTEST_INTERVAL;
    let Some(member) = (0..members).find(|&member| rate.base_hz.get(member) * peak > most) else { return Ok(()) };
    let with = match &rate.profile {
        Some(_) => format!(", times the largest value of its profile, {peak}"),
        None => String::new(),
    };
    let (owner, value) = (owner.to_owned(), rate.base_hz.get(member));
    Err(NetworkError::Member { owner, field: "rate", member, value, allowed: format!("at most {most:e} Hz{with}") })
}

/// How many neurons must be looked at: one if all are alike.
fn distinct(lif: &Lif, size: u32) -> usize {
    let alike = lif.columns().all(|(_, column)| column.shared().is_some());
    if alike { size.min(1) as usize } else { size as usize }
}

#[cfg(test)]
mod tests;

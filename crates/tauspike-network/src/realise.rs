//! Draws the parameters of populations and inputs, and checks what can only be checked on drawn values.

use crate::column::Column;
use crate::error::NetworkError;
use crate::input::{Drive, Input};
use crate::parameter::{Allowed, Field, Parameter};
use crate::population::{Cells, Lif, Population, Rate, Synapse};
use crate::spec::{CellsSpec, DriveSpec, InputSpec, LifSpec, RateSpec, SynapseSpec};
use tauspike_spike::Domain;

/// Populations are numbered from 0 and inputs from here downwards, so their parameters share no draw.
pub(crate) const LAST_OWNER: u32 = (1 << 16) - 1;

/// Whose parameters are drawn: the key, and the positions of the members in their population.
struct Owner<'a> {
    place: &'a str,
    seed: u64,
    number: u32,
    size: u32,
    members: Option<&'a [u32]>,
}

impl Owner<'_> {
    fn column(&self, parameter: &Parameter, (number, name, allowed): Quantity) -> Result<Column, NetworkError> {
        let field = Field { place: self.place, name, allowed };
        let key = (self.seed, Domain::parameter(self.number, number));
        match self.members {
            Some(members) => parameter.realise(field, key, members.iter().copied()),
            None => parameter.realise(field, key, 0..self.size),
        }
    }

    fn len(&self) -> usize {
        self.members.map_or(self.size as usize, <[u32]>::len)
    }
}

/// Number in the random key, name and range of a parameter. The numbers are part of what a seed means: never renumber.
pub(crate) type Quantity = (u32, &'static str, Allowed);

pub(crate) const TAU_M: Quantity = (0, "tau_m", Allowed::Positive);
pub(crate) const C_M: Quantity = (1, "c_m", Allowed::Positive);
pub(crate) const E_L: Quantity = (2, "e_l", Allowed::Finite);
pub(crate) const V_TH: Quantity = (3, "v_th", Allowed::Finite);
pub(crate) const V_RESET: Quantity = (4, "v_reset", Allowed::Finite);
pub(crate) const T_REF: Quantity = (5, "t_ref", Allowed::NotNegative);
pub(crate) const I_E: Quantity = (6, "i_e", Allowed::Finite);
pub(crate) const V_INIT: Quantity = (7, "v_init", Allowed::Finite);
pub(crate) const TAU_SYN_EX: Quantity = (8, "tau_syn_ex", Allowed::Positive);
pub(crate) const TAU_SYN_IN: Quantity = (9, "tau_syn_in", Allowed::Positive);
pub(crate) const RATE: Quantity = (10, "rate", Allowed::NotNegative);
pub(crate) const WEIGHT: Quantity = (11, "weight", Allowed::Finite);
pub(crate) const SCALE: Quantity = (12, "scale", Allowed::Finite);

/// One realised population whose first member has global index `first`.
pub(crate) fn population(
    (index, name, size): (u32, &str, u32),
    cells: &CellsSpec,
    first: u32,
    seed: u64,
) -> Result<Population, NetworkError> {
    let place = format!("population \"{name}\"");
    let owner = Owner { place: &place, seed, number: index, size, members: None };
    let cells = match cells {
        CellsSpec::Lif(spec) => Cells::Lif(lif(&owner, spec)?),
        CellsSpec::Trains(trains) => Cells::Trains(trains.clone()),
        CellsSpec::Poisson(spec) => Cells::Poisson(rate(&owner, spec)?),
    };
    Ok(Population { name: name.to_owned(), first, size, cells })
}

fn lif(owner: &Owner, spec: &LifSpec) -> Result<Lif, NetworkError> {
    let e_l = owner.column(&spec.e_l, E_L)?;
    let or_e_l = |parameter: &Option<Parameter>, quantity| match parameter {
        Some(parameter) => owner.column(parameter, quantity),
        None => Ok(e_l.clone()),
    };
    let lif = Lif {
        tau_m: owner.column(&spec.tau_m, TAU_M)?,
        c_m: owner.column(&spec.c_m, C_M)?,
        v_th: owner.column(&spec.v_th, V_TH)?,
        v_reset: or_e_l(&spec.v_reset, V_RESET)?,
        t_ref: owner.column(&spec.t_ref, T_REF)?,
        i_e: owner.column(&spec.i_e, I_E)?,
        v_init: or_e_l(&spec.v_init, V_INIT)?,
        synapse: match &spec.synapse {
            SynapseSpec::Delta => Synapse::Delta,
            SynapseSpec::Exponential { tau_syn_ex, tau_syn_in } => Synapse::Exponential {
                tau_syn_ex: owner.column(tau_syn_ex, TAU_SYN_EX)?,
                tau_syn_in: owner.column(tau_syn_in, TAU_SYN_IN)?,
            },
        },
        e_l,
    };
    let checked = if lif.v_reset.shared().is_some() && lif.v_th.shared().is_some() { 1 } else { owner.len() };
    if let Some(member) = (0..checked).find(|&i| lif.v_reset.get(i) >= lif.v_th.get(i)) {
        return Err(NetworkError::Member {
            place: owner.place.to_owned(),
            field: if spec.v_reset.is_some() { "v_reset" } else { "v_reset (= e_l)" },
            member,
            value: lif.v_reset.get(member),
            allowed: format!("below v_th = {} of the same neuron", lif.v_th.get(member)),
        });
    }
    fires_at_distinct_times(owner, &lif)?;
    Ok(lif)
}

/// Shortest mean interval between events of one train or neuron, ms. Below it f64 ms cannot tell the times of a long run apart,
/// and a run that fires so fast does not come to an end.
const SHORTEST_INTERVAL: f64 = 1e-6;

/// Refuses a constant current that makes a neuron fire without a pause, or its potential infinite.
fn fires_at_distinct_times(owner: &Owner, lif: &Lif) -> Result<(), NetworkError> {
    for member in 0..owner.len() {
        let (tau_m, c_m, i_e) = (lif.tau_m.get(member), lif.c_m.get(member), lif.i_e.get(member));
        let (v_th, v_reset, t_ref) = (lif.v_th.get(member), lif.v_reset.get(member), lif.t_ref.get(member));
        let v_inf = lif.e_l.get(member) + tau_m / c_m * i_e;
        let refuse = |field, value, allowed| {
            Err(NetworkError::Member { place: owner.place.to_owned(), field, member, value, allowed })
        };
        if !v_inf.is_finite() {
            return refuse(
                "i_e",
                i_e,
                format!("a current with finite E_L + tau_m / C_m I (tau_m = {tau_m}, c_m = {c_m})"),
            );
        }
        if t_ref < SHORTEST_INTERVAL && v_inf > v_th {
            // V_reset to V_th: tau_m ln((V_inf - V_reset) / (V_inf - V_th))
            let interval = t_ref + tau_m * libm::log1p((v_th - v_reset) / (v_inf - v_th));
            if interval < SHORTEST_INTERVAL {
                let allowed =
                    format!("a current that with t_ref = {t_ref} fires every {SHORTEST_INTERVAL:e} ms at most");
                return refuse("i_e", i_e, format!("{allowed}, not every {interval:e} ms"));
            }
        }
    }
    Ok(())
}

fn rate(owner: &Owner, spec: &RateSpec) -> Result<Rate, NetworkError> {
    let base_hz = owner.column(&spec.base_hz, RATE)?;
    let peak = spec.profile.as_ref().map_or(1.0, |profile| profile.values.iter().copied().fold(0.0, f64::max));
    let most = 1e3 / SHORTEST_INTERVAL;
    if let Some(member) = (0..owner.len()).find(|&member| base_hz.get(member) * peak > most) {
        let with = if spec.profile.is_some() {
            format!(", times the largest value of its profile, {peak}")
        } else {
            String::new()
        };
        return Err(NetworkError::Member {
            place: owner.place.to_owned(),
            field: "rate",
            member,
            value: base_hz.get(member),
            allowed: format!("at most {most:e} Hz{with}"),
        });
    }
    Ok(Rate { base_hz, profile: spec.profile.clone(), start: spec.start, stop: spec.stop })
}

/// One realised input onto a population of `size`.
pub(crate) fn input(index: u32, spec: &InputSpec, size: u32, seed: u64) -> Result<Input, NetworkError> {
    let place = format!("input \"{}\"", spec.name);
    let members = spec.members.as_deref();
    let owner = Owner { place: &place, seed, number: LAST_OWNER - index, size, members };
    let drive = match &spec.drive {
        DriveSpec::Poisson { rate: spec, weight } => {
            Drive::Poisson { rate: rate(&owner, spec)?, weight: owner.column(weight, WEIGHT)? }
        }
        DriveSpec::Current { signal, scale } => {
            Drive::Current { signal: signal.clone(), scale: owner.column(scale, SCALE)? }
        }
    };
    Ok(Input { name: spec.name.clone(), population: spec.population.0, members: spec.members.clone(), drive })
}

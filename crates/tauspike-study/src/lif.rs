//! Leaky integrate-and-fire neurons, the spiking model, on the exact engine:
//!
//! `tau_i dV_i/dt = -(V_i - E_L) + R (I_i + I_syn,i)`, spike and reset at threshold, `tau_syn dI_syn/dt = -I_syn + weights of arrivals`
//!
//! with R the same for all neurons (C_i = tau_i / R), so that the depolarisation by a lasting current does not depend on tau, as in
//! the rate model. E_L = -70 mV, threshold -50 mV, reset -60 mV, refractory 2 ms. I_i is bias and input; noise is two Poisson trains
//! of opposite weight. Recurrent weights have both signs and are those of the rate model up to scale.
//!
//! A state is read at the end of a step, from the closed-form solution at that very time. Spikes there count as in the past.

use crate::cell::{Cell, Coding, Lif, Readout};
use crate::error::StudyError;
use crate::wiring::Wiring;
use std::iter::StepBy;
use std::ops::Range;
use std::sync::Arc;
use tauspike_engine::{Counters, Options, Probe, ProbeTimes, Simulation};
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, Network, NetworkBuilder, Parameter, PopulationId, ProjectionSpec,
    RateSpec, Rule, SynapseList, SynapseSpec,
};
use tauspike_spike::Spike;
use tauspike_spike::sink::{ProbeRow, SinkError, SpikeSink};
use tauspike_task::Samples;
use tauspike_task::encode::{held_current, rate_profile, send_on_delta};
use tauspike_task::readout::Mat;

/// Rest, mV.
pub const E_L: f64 = -70.0;
const V_TH: f64 = -50.0;
const V_RESET: f64 = -60.0;
const T_REF: f64 = 2.0;
/// R, mV per pA (GOhm).
const RESISTANCE: f64 = 0.04;
/// Rate of each of the two Poisson trains that are a neuron's noise, Hz.
const NOISE_RATE: f64 = 500.0;

/// What a run gives.
pub struct Run {
    /// Of each readout of the cell (rows x neurons): mV, or filtered spikes.
    pub states: Vec<Mat<f64>>,
    /// What the engine did.
    pub counters: Counters,
}

/// Runs the cell under the stimulus `u`, `extra` mV above its bias, and reads it after the steps `rows`.
///
/// # Errors
/// If the network or the engine refuses, which checked cells do not provoke.
pub fn states(
    cell: &Cell,
    lif: &Lif,
    taus: &[f64],
    wiring: &Wiring,
    u: &Samples,
    extra: f64,
    rows: StepBy<Range<usize>>,
) -> Result<Run, StudyError> {
    let (network, first) = network(cell, lif, taus, wiring, u, extra)?;
    let mut simulation = Simulation::new(Arc::new(network), Options::default())?;
    let every = cell.reading.every;
    let start = rows.clone().next().unwrap_or(0);
    let at = |row: usize| (start + row * every + 1) as f64 * u.step();
    let mut sink = States {
        first,
        times: Times { first: at(0), distance: every as f64 * u.step() },
        tau: cell.reading.filter,
        filtered: Mat::zeros(rows.len(), taus.len()),
        membranes: Mat::zeros(rows.len(), taus.len()),
        taken: 0,
    };
    if cell.readouts().contains(&Readout::Membrane) {
        let times = ProbeTimes::Every { start: sink.times.first, interval: sink.times.distance };
        simulation.set_probes(&[Probe { neurons: (first..first + cell.n).collect(), times }])?;
    }
    // A run excludes its end, and the last state is read there.
    simulation.run((u.len() as f64 * u.step()).next_up(), &mut sink)?;
    let counters = simulation.counters();
    let (filtered, membranes) = sink.finish();
    let of = |readout: &Readout| if *readout == Readout::Membrane { membranes.clone() } else { filtered.clone() };
    Ok(Run { counters, states: cell.readouts().iter().map(of).collect() })
}

/// Makes the network and the engine, and runs nothing.
///
/// # Errors
/// If either is refused.
pub fn check(cell: &Cell, lif: &Lif, taus: &[f64], wiring: &Wiring, u: &Samples) -> Result<(), StudyError> {
    let (network, _) = network(cell, lif, taus, wiring, u, 0.0)?;
    Simulation::new(Arc::new(network), Options::default())?;
    Ok(())
}

/// Mean rate under the whole of `u`, Hz.
///
/// # Errors
/// As [`states`].
pub fn rate(cell: &Cell, lif: &Lif, taus: &[f64], wiring: &Wiring, u: &Samples, extra: f64) -> Result<f64, StudyError> {
    let (network, _) = network(cell, lif, taus, wiring, u, extra)?;
    let mut simulation = Simulation::new(Arc::new(network), Options::default())?;
    let end = u.len() as f64 * u.step();
    simulation.run(end, &mut ())?;
    Ok(simulation.counters().spikes as f64 / (f64::from(cell.n) * end * 1e-3))
}

/// The network, and the global index of its first neuron: sources of input spikes come before it.
fn network(
    cell: &Cell,
    lif: &Lif,
    taus: &[f64],
    wiring: &Wiring,
    u: &Samples,
    extra: f64,
) -> Result<(Network, u32), StudyError> {
    let mut builder = NetworkBuilder::new(cell.seed);
    let inputs = sources(&mut builder, lif, wiring, u)?;
    let first = inputs.iter().map(|input| input.size).sum();
    let bias = |b: &f64| (lif.bias + extra + lif.bias_spread * b) / RESISTANCE;
    let spec = LifSpec {
        tau_m: taus.to_vec().into(),
        c_m: taus.iter().map(|tau| tau / RESISTANCE).collect::<Vec<_>>().into(),
        e_l: E_L.into(),
        v_th: V_TH.into(),
        v_reset: Some(V_RESET.into()),
        t_ref: T_REF.into(),
        i_e: wiring.bias.iter().map(bias).collect::<Vec<_>>().into(),
        synapse: SynapseSpec::Exponential { tau_syn_ex: lif.tau_syn.into(), tau_syn_in: lif.tau_syn.into() },
        ..LifSpec::default()
    };
    let neurons = builder.population("reservoir", cell.n, spec);
    for (k, input) in inputs.into_iter().enumerate() {
        let list = all_to_all(input.size, &input.weights);
        builder.project(
            ProjectionSpec::new(format!("input {k}"), (input.id, neurons), Rule::Explicit(list)).delay(lif.delay),
        );
    }
    recurrence(&mut builder, neurons, lif, wiring);
    if lif.coding == Coding::Current {
        currents(&mut builder, neurons, lif, wiring, u)?;
    }
    noise(&mut builder, neurons, lif);
    // networks run side by side, each on one thread
    let options = BuildOptions { threads: 1, ranks: 1, memory_limit: None };
    Ok((builder.build(&options)?, first))
}

fn recurrence(builder: &mut NetworkBuilder, neurons: PopulationId, lif: &Lif, wiring: &Wiring) {
    let degree = wiring.in_degree;
    if degree == 0 {
        return;
    }
    let scale = lif.weight / (degree as f64).sqrt() / RESISTANCE;
    let list = SynapseList {
        pre: wiring.sources.clone(),
        post: (0..wiring.sources.len()).map(|k| (k / degree) as u32).collect(),
        weight: Some(wiring.weights.iter().map(|w| w * scale).collect()),
        delay: None,
    };
    builder.project(ProjectionSpec::new("recurrence", (neurons, neurons), Rule::Explicit(list)).delay(lif.delay));
}

/// pA for one standard deviation of an input of `dimensions`, for each neuron.
fn input_currents(lif: &Lif, weights: &[f64], dimensions: usize) -> Vec<f64> {
    let scale = lif.input / (dimensions as f64).sqrt() / RESISTANCE;
    weights.iter().map(|w| w * scale).collect()
}

fn currents(
    builder: &mut NetworkBuilder,
    neurons: PopulationId,
    lif: &Lif,
    wiring: &Wiring,
    u: &Samples,
) -> Result<(), StudyError> {
    for (d, values) in u.dimensions().iter().enumerate() {
        let steps = held_current(values, u.step(), 0.0, 1.0)?;
        let signal = Arc::new(Signal { times: steps.times, values: steps.values });
        let scale: Parameter = input_currents(lif, &wiring.input[d], u.dimensions().len()).into();
        let drive = DriveSpec::Current { signal, scale };
        builder.input(InputSpec { name: format!("stimulus {d}"), population: neurons, members: None, drive });
    }
    Ok(())
}

/// A population of sources and its weights onto the neurons, pA.
struct Input {
    id: PopulationId,
    size: u32,
    weights: Vec<f64>,
}

fn sources(builder: &mut NetworkBuilder, lif: &Lif, wiring: &Wiring, u: &Samples) -> Result<Vec<Input>, StudyError> {
    let mut inputs = Vec::new();
    for (d, values) in u.dimensions().iter().enumerate() {
        let current = input_currents(lif, &wiring.input[d], u.dimensions().len());
        let times = |by: f64| current.iter().map(|i| i * by).collect::<Vec<_>>();
        match lif.coding {
            Coding::Current => {}
            Coding::Poisson { sources, rate } => {
                // Rises minus falls come at `sources` x `rate` x u, and each leaves tau_syn of current: a mean of u as in a current.
                let weight = 1.0 / (f64::from(sources) * rate * 1e-3 * lif.tau_syn);
                for sign in [1.0, -1.0] {
                    let steps = rate_profile(values, u.step(), 1.0, 0.5 * sign)?;
                    let profile = Some(Arc::new(Signal { times: steps.times, values: steps.values }));
                    let spec = RateSpec { profile, ..RateSpec::constant(rate) };
                    let id = builder.population(format!("poisson {d} {sign}"), sources, spec);
                    inputs.push(Input { id, size: sources, weights: times(sign * weight) });
                }
            }
            Coding::SendOnDelta { delta } => {
                let code = send_on_delta(values, u.step(), delta)?;
                for (sign, train) in [(1.0, code.on), (-1.0, code.off)] {
                    let id = builder.population(format!("moves {d} {sign}"), 1, vec![train]);
                    inputs.push(Input { id, size: 1, weights: times(sign * delta) });
                }
            }
        }
    }
    Ok(inputs)
}

fn all_to_all(sources: u32, weights: &[f64]) -> SynapseList {
    let n = weights.len() as u32;
    SynapseList {
        pre: (0..sources).flat_map(|pre| (0..n).map(move |_| pre)).collect(),
        post: (0..sources).flat_map(|_| 0..n).collect(),
        weight: Some((0..sources).flat_map(|_| weights.iter().copied()).collect()),
        delay: None,
    }
}

/// Shot noise of variance `2 rate weight^2 tau_syn / 2` (Campbell).
fn noise(builder: &mut NetworkBuilder, neurons: PopulationId, lif: &Lif) {
    if lif.noise == 0.0 {
        return;
    }
    let weight = lif.noise * lif.input / RESISTANCE / (NOISE_RATE * 1e-3 * lif.tau_syn).sqrt();
    for (name, weight) in [("noise up", weight), ("noise down", -weight)] {
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(NOISE_RATE), weight: weight.into() };
        builder.input(InputSpec { name: name.into(), population: neurons, members: None, drive });
    }
}

/// When states are read: at `first`, and every `distance` from then on; ms.
struct Times {
    first: f64,
    distance: f64,
}

/// Collects states while the engine runs.
struct States {
    /// The global index of the first neuron.
    first: u32,
    times: Times,
    /// Of the filter, ms.
    tau: f64,
    filtered: Mat<f64>,
    membranes: Mat<f64>,
    /// Membranes taken so far.
    taken: usize,
}

impl States {
    /// Of a filtered trace each spike has left its share in the row that follows it; this carries it on.
    fn finish(mut self) -> (Mat<f64>, Mat<f64>) {
        let decay = libm::exp(-self.times.distance / self.tau);
        for column in self.filtered.col_iter_mut() {
            let mut trace = 0.0;
            for value in column.iter_mut() {
                trace = decay * trace + *value;
                *value = trace;
            }
        }
        (self.filtered, self.membranes)
    }
}

impl SpikeSink for States {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        for spike in spikes.iter().filter(|spike| spike.source >= self.first) {
            let row = ((spike.time - self.times.first) / self.times.distance).ceil().max(0.0) as usize;
            if row < self.filtered.nrows() {
                let age = self.times.first + row as f64 * self.times.distance - spike.time;
                self.filtered[(row, (spike.source - self.first) as usize)] += libm::exp(-age / self.tau);
            }
        }
        Ok(())
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        for row in rows {
            // Sorted by time and neuron, and every neuron is looked at every time; after the last row there may be more.
            let n = self.membranes.ncols();
            if self.taken < n * self.membranes.nrows() {
                self.membranes[(self.taken / n, (row.neuron - self.first) as usize)] = row.v;
            }
            self.taken += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

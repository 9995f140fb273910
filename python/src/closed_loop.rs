//! How Python acts on a network in motion, and looks at it, with arrays in place of rows.

use crate::errors::{self, refused};
use pyo3::prelude::*;
use tauspike_engine::{Injected, Simulation};
use tauspike_network::population::Cells;
use tauspike_spike::Spike;

/// Makes source `sources[k]` fire at `times[k]`.
pub fn inject(engine: &mut Simulation, sources: &[u32], times: &[f64]) -> PyResult<()> {
    let spikes: Vec<Spike> = sources.iter().zip(times).map(|(&source, &time)| Spike { time, source }).collect();
    engine.inject(&spikes).map_err(errors::engine)
}

/// Lets `weights[k]` arrive at neuron `neurons[k]` at `times[k]`; `field` names the weights and their unit.
pub fn inject_onto(
    engine: &mut Simulation,
    neurons: &[u32],
    times: &[f64],
    field: &str,
    weights: &[f64],
) -> PyResult<()> {
    check_unit(engine, neurons, field)?;
    let arrival = |((&neuron, &time), &weight)| Injected { time, neuron, weight };
    let arrivals: Vec<Injected> = neurons.iter().zip(times).zip(weights).map(arrival).collect();
    engine.inject_onto(&arrivals).map_err(errors::engine)
}

/// Refuses weights in the unit of other synapses than those of the neurons.
fn check_unit(engine: &Simulation, neurons: &[u32], field: &str) -> PyResult<()> {
    let network = engine.network();
    for &neuron in neurons {
        let Some(index) = network.population_of(neuron) else { continue };
        let population = &network.populations()[index];
        let Cells::Lif(cells) = &population.cells else { continue };
        let allowed = if cells.synapse.tau_syn().is_some() { "weight_pa" } else { "weight_mv" };
        if field != allowed {
            let allowed = format!("{allowed}, as neuron {neuron} is of population {:?}", population.name);
            return Err(refused("weights", field, allowed));
        }
    }
    Ok(())
}

/// Potentials (mV) and excitatory and inhibitory currents (pA; NaN for delta synapses) of neurons now. Neighbours are read together.
pub fn membranes(engine: &Simulation, neurons: &[u32]) -> PyResult<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let (mut v, mut excitatory, mut inhibitory) = (Vec::new(), Vec::new(), Vec::new());
    for run in neurons.chunk_by(|left, right| left.checked_add(1) == Some(*right)) {
        let end = run[run.len() - 1].saturating_add(1);
        let Some(states) = engine.membranes(run[0]..end).filter(|states| states.len() == run.len()) else {
            let within = run.iter().position(|&neuron| engine.membrane(neuron).is_none()).unwrap_or(0);
            let place = format!("neurons[{}]", v.len() + within);
            return Err(refused(&place, run[within], "the global index of a LIF neuron"));
        };
        for membrane in states {
            let (ex, inh) = membrane.current.unwrap_or((f64::NAN, f64::NAN));
            v.push(membrane.v);
            excitatory.push(ex);
            inhibitory.push(inh);
        }
    }
    Ok((v, excitatory, inhibitory))
}

//! How a program acts on a network in motion: it runs a little, reads spikes and membranes, puts in spikes, sets currents and rates, and
//! goes on.
//!
//! **What is put in at some time is, bit by bit, what the same input would have been if it had been described beforehand.** The lattice on which
//! potentials are counted follows from the neurons alone (ADR 0013), so nothing that comes later can be missing from it.
//!
//! | | acts on | is the same as |
//! |---|---|---|
//! | [`Simulation::inject`] | sources with given trains | the same spikes in their trains |
//! | [`Simulation::inject_onto`] | neurons | a synapse of that weight, whose spike arrives then |
//! | [`Simulation::set_current`] | neurons | a current input with the same steps, declared after all others |
//! | [`Simulation::set_rate`] | a Poisson input, or a population of Poisson sources | a snapshot, and the same network with another rate from then on (ADR 0012) |
//!
//! Nothing happens at once: times are at or after [`Simulation::now`], and the next run brings what is due. Either all of a call is taken or, after
//! an error, nothing.
//!
//! [`Simulation::save`] keeps what has been put in and is to come, and what has been set; it holds on in whatever goes on from there.
//!
//! **Ranks.** Where several share a network ([`crate::exchange`]), every rank makes the same calls; each takes what belongs to its own blocks and
//! sources.
//!
//! ```
//! use std::sync::Arc;
//! use tauspike_engine::{Injected, Options, Simulation};
//! use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder};
//! use tauspike_spike::Spike;
//!
//! let mut builder = NetworkBuilder::new(1);
//! builder.population("cells", 2, LifSpec::default());
//! let mut simulation = Simulation::new(Arc::new(builder.build(&BuildOptions::default())?), Options::default())?;
//! simulation.inject_onto(&[Injected { time: 0.5, neuron: 0, weight: 30.0 }])?; // ms, mV
//! let mut spikes: Vec<Spike> = Vec::new();
//! while simulation.now() < 20.0 {
//!     let before = spikes.len();
//!     simulation.run(simulation.now() + 1.0, &mut spikes)?;
//!     // each spike of one excites the other, 2 ms later
//!     let echo = |spike: &Spike| Injected { time: spike.time + 2.0, neuron: 1 - spike.source, weight: 30.0 };
//!     simulation.inject_onto(&spikes[before..].iter().map(echo).collect::<Vec<_>>())?;
//! }
//! assert_eq!(spikes[3], Spike { time: 6.5, source: 1 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::error::EngineError;
use crate::inputs::process::Process;
use crate::inputs::rates::{SetRate, Whose};
use crate::options::LATEST;
use crate::simulation::Simulation;
use tauspike_network::population::Cells;
use tauspike_spike::Spike;

/// An arrival straight at a neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Injected {
    /// When, ms.
    pub time: f64,
    /// Global index of a LIF neuron.
    pub neuron: u32,
    /// mV (delta synapses) or pA (exponential).
    pub weight: f64,
}

impl Simulation {
    /// Makes sources fire: the same as if these spikes were in their trains. In any order; one at the time of another is a second spike.
    ///
    /// # Errors
    /// [`EngineError::Option`] if a source is not of a population with given trains, or a time is not at or after the present and before
    /// [`LATEST`] ms. [`EngineError::Terminated`] after a run that failed.
    pub fn inject(&mut self, spikes: &[Spike]) -> Result<(), EngineError> {
        self.can_go_on()?;
        for spike in spikes {
            self.check_time("spike time", spike.time)?;
            self.check_source(spike.source)?;
        }
        for &Spike { time, source } in spikes {
            let population = self.population_of(source);
            self.expect_any_spikes(population);
            if let Some(sources) = &mut self.sources[population] {
                // -0.0 would break the order of times
                sources.inject(Spike { time: time + 0.0, source });
            }
        }
        Ok(())
    }

    /// Lets arrivals come to neurons: the same as a source with a synapse of that weight, whose spike arrives at that time. In any order.
    ///
    /// # Errors
    /// [`EngineError::Option`] if a neuron is not a LIF neuron of the network, a time is not at or after the present and before [`LATEST`] ms,
    /// or a weight is one that a synapse onto the neuron could not have. What is too much together for a neuron ends the next run
    /// ([`EngineError::Beyond`]), as with synapses. [`EngineError::Terminated`] after a run that failed.
    pub fn inject_onto(&mut self, arrivals: &[Injected]) -> Result<(), EngineError> {
        self.can_go_on()?;
        for &Injected { time, neuron, weight } in arrivals {
            self.check_time("arrival time", time)?;
            let allowed = self.allowed("arrival neuron", neuron)?.weight.clone();
            if !allowed.contains(&weight) {
                let allowed = format!("{:?} to {:?} onto neuron {neuron}", allowed.start(), allowed.end());
                return Err(EngineError::Option { field: "arrival weight", value: format!("{weight:?}"), allowed });
            }
        }
        for &Injected { time, neuron, weight } in arrivals {
            if let Some(holding) = self.holding(neuron) {
                self.workers.block(holding).inject(neuron, time + 0.0, weight);
            }
        }
        Ok(())
    }

    /// Sets the current of each of these neurons, pA, from `from_ms` on. It is added to what the network describes (I_e and current
    /// inputs) and holds until another is set; 0 before the first. What was set for the same neuron and the same time is replaced, what was set for
    /// later times stays.
    ///
    /// # Errors
    /// [`EngineError::Option`] if there are not as many values as neurons, a neuron is not a LIF neuron of the network, the time is not at or
    /// after the present and before [`LATEST`] ms, or a current is one that an input could not have.
    /// [`EngineError::Terminated`] after a run that failed.
    pub fn set_current(&mut self, neurons: &[u32], from_ms: f64, values_pa: &[f64]) -> Result<(), EngineError> {
        self.can_go_on()?;
        self.check_time("current time", from_ms)?;
        if neurons.len() != values_pa.len() {
            let (value, allowed) =
                (format!("{} values", values_pa.len()), format!("{}, one per neuron", neurons.len()));
            return Err(EngineError::Option { field: "current values", value, allowed });
        }
        for (&neuron, &value) in neurons.iter().zip(values_pa) {
            let allowed = self.allowed("current neuron", neuron)?.current.clone();
            let bears = |holding: usize| self.workers.block(holding).bears_current(neuron, value);
            if !allowed.contains(&value) || !self.holding(neuron).is_none_or(bears) {
                let allowed = format!("{:?} to {:?} pA for neuron {neuron}", allowed.start(), allowed.end());
                return Err(EngineError::Option { field: "current value", value: format!("{value:?}"), allowed });
            }
        }
        for (&neuron, &value) in neurons.iter().zip(values_pa) {
            if let Some(holding) = self.holding(neuron) {
                self.workers.block(holding).set_current(neuron, from_ms + 0.0, value);
            }
        }
        Ok(())
    }

    /// Sets the rate, Hz, of each member of the Poisson input with this name, or of each source of the population with this name, from now on.
    /// A profile still multiplies it. Trains go on as after a snapshot where the network has another rate (ADR 0012).
    ///
    /// Takes a time in proportion to the number of members times that of the blocks with members.
    ///
    /// # Errors
    /// [`EngineError::Option`] if nothing of this name has a rate, or both an input and a population have one, or the rate is negative,
    /// not a number, or beyond what may be described. [`EngineError::Terminated`] after a run that failed.
    pub fn set_rate(&mut self, name: &str, rate_hz: f64) -> Result<(), EngineError> {
        self.can_go_on()?;
        let named = [Whose::Input(name.to_owned()), Whose::Population(name.to_owned())];
        let mut found = named.into_iter().filter(|whose| whose.find(&self.network).is_some());
        let (Some(whose), None) = (found.next(), found.next()) else {
            let allowed = "the name of one Poisson input or of one population of Poisson sources".into();
            return Err(EngineError::Option { field: "rate name", value: format!("{name:?}"), allowed });
        };
        let most = whose.find(&self.network).map_or(0.0, |(_, rate)| rate.most_hz());
        if !(0.0..=most).contains(&rate_hz) {
            let allowed = format!("0 to {most:?} Hz for {name:?}");
            return Err(EngineError::Option { field: "rate_hz", value: format!("{rate_hz:?}"), allowed });
        }
        let fresh = self.rates.set(whose.clone(), rate_hz + 0.0) && matches!(whose, Whose::Input(_));
        let stream = fresh.then_some(self.unused_stream);
        self.unused_stream = self.unused_stream.saturating_add(u32::from(fresh));
        self.put_rate(&whose, rate_hz + 0.0, stream, Some(self.now));
        Ok(())
    }

    /// Gives blocks and sources a rate. They go on from `now`, ms; where that is none, they have drawn nothing.
    pub(crate) fn put_rate(&mut self, whose: &Whose, hz: f64, stream: Option<u32>, now: Option<f64>) {
        let network = self.network.clone();
        let Some(found) = whose.find(&network) else { return };
        let set = SetRate::new(found, hz, stream);
        match whose {
            Whose::Input(_) => {
                let population = network.inputs()[set.ordinal].population;
                for mut block in self.workers.blocks().filter(|block| block.range().population == population) {
                    block.set_rate(&network, &set, now);
                }
            }
            Whose::Population(_) => {
                let per_ms = Process::new(network.seed(), 0, &set.rate).per_ms(hz);
                self.expect_spikes(set.ordinal, Some(per_ms));
                if let Some(sources) = &mut self.sources[set.ordinal] {
                    sources.set_rate(&network, &set, now);
                }
            }
        }
    }

    /// From now on sources of this population may fire more often than their trains say.
    pub(crate) fn expect_any_spikes(&mut self, population: usize) {
        if !std::mem::replace(&mut self.unbounded[population], true) {
            self.expect_spikes(population, None);
        }
    }

    fn expect_spikes(&self, population: usize, rate: Option<f64>) {
        let numbered = || self.network.projections().iter().enumerate();
        for mut block in self.workers.blocks() {
            let from_there = numbered().filter(|(_, projection)| projection.source as usize == population);
            block.expect_spikes(from_there.map(|(number, _)| number), rate);
        }
    }

    /// Index of the population of a neuron or source that there is.
    fn population_of(&self, index: u32) -> usize {
        self.network.populations().partition_point(|population| population.first <= index) - 1
    }

    fn check_time(&self, field: &'static str, time: f64) -> Result<(), EngineError> {
        if (self.now..LATEST).contains(&time) {
            return Ok(());
        }
        let allowed = format!("{:?} ms, the present, or later, and before {LATEST:e} ms", self.now);
        Err(EngineError::Option { field, value: format!("{time:?} ms"), allowed })
    }

    fn check_source(&self, source: u32) -> Result<(), EngineError> {
        let population = self.network.population_of(source).map(|index| &self.network.populations()[index]);
        let what = match population.map(|population| &population.cells) {
            Some(Cells::Trains(_)) => return Ok(()),
            Some(Cells::Lif(_)) => "it is a neuron",
            Some(Cells::Poisson(_)) => "it fires as a Poisson process",
            None => "there is no such source",
        };
        let value = match population {
            Some(population) => format!("{source}, of population {:?},", population.name),
            None => source.to_string(),
        };
        let allowed = format!("the global index of a source with given spike trains; {what}");
        Err(EngineError::Option { field: "spike source", value, allowed })
    }
}

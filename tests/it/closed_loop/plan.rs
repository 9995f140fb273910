//! What a program does, and when; played to a running network, or described beforehand.

use std::sync::Arc;
use tauspike_engine::{Injected, Options, Schedule, Simulation};
use tauspike_network::distribution::Distribution;
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, Parameter, PopulationId, ProjectionSpec, RateSpec,
    Rule, SynapseList, SynapseSpec,
};
use tauspike_spike::Spike;

pub const END: f64 = 60.0;
pub const E: u32 = 50;
/// The first source with a given train, and how many there are.
pub const FIRST_SOURCE: u32 = E + 20;
pub const SOURCES: u32 = 10;
/// Neurons whose current is set.
pub const SET: u32 = 4;
/// From the spike of a source to the arrival that is described, ms.
const WAY: f64 = 0.5;

/// Which network.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub exponential: bool,
    pub delays: Delays,
    pub t_ref: f64,
    /// Anything but what is put in excites the neurons.
    pub excited: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delays {
    One,
    Drawn,
    Zero,
}

/// What a program does at some time; times are multiples of 1/64 ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    Fire { source: u32, time: f64 },
    Arrive { neuron: u32, time: f64, weight: f64 },
    Current { neuron: u32, time: f64, value: f64 },
}

impl Kind {
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for exponential in [false, true] {
            for delays in [Delays::One, Delays::Drawn, Delays::Zero] {
                for (t_ref, excited) in [(2.0, true), (0.0, false)] {
                    all.push(Self { exponential, delays, t_ref, excited });
                }
            }
        }
        all
    }

    /// What a weight of 1 mV is.
    pub fn unit(self) -> f64 {
        if self.exponential { 300.0 } else { 1.0 }
    }

    /// The network, to which nothing is done.
    pub fn network(self) -> Arc<Network> {
        self.described(&[])
    }

    /// The network, to which all this is done.
    pub fn described(self, acts: &[Act]) -> Arc<Network> {
        let mut builder = NetworkBuilder::new(5);
        builder.block_size(Some(32));
        let synapse = match self.exponential {
            true => SynapseSpec::Exponential { tau_syn_ex: 1.0.into(), tau_syn_in: 3.0.into() },
            false => SynapseSpec::Delta,
        };
        let lif = LifSpec {
            tau_m: Distribution::uniform(8.0, 25.0).into(),
            e_l: 0.0.into(),
            v_th: 15.0.into(),
            t_ref: self.t_ref.into(),
            synapse,
            ..LifSpec::default()
        };
        let e = builder.population("E", E, lif.clone());
        let i = builder.population("I", 20, LifSpec { i_e: 180.0.into(), ..lif });
        let mut trains: Vec<Vec<f64>> =
            (0..SOURCES).map(|k| (1..12).map(|n| 5.0 * f64::from(n) + 0.125 * f64::from(k)).collect()).collect();
        for act in acts {
            if let Act::Fire { source, time } = *act {
                trains[(source - FIRST_SOURCE) as usize].push(time);
            }
        }
        trains.iter_mut().for_each(|train| train.sort_by(f64::total_cmp));
        let stimulus = builder.population("stimulus", SOURCES, trains);
        let noise = builder.population("noise", 10, RateSpec::constant(if self.excited { 60.0 } else { 0.0 }));
        let delay: Parameter = match self.delays {
            Delays::One => 0.75.into(),
            Delays::Drawn => Distribution::uniform(0.4, 5.0).into(),
            Delays::Zero => 0.0.into(),
        };
        let strong = if self.excited { 1.0 } else { -1.0 };
        let mut join = |name: &str, ends: (PopulationId, PopulationId), weight: f64| {
            let spec = ProjectionSpec::new(name, ends, Rule::FixedInDegree(5)).weight(weight * self.unit());
            builder.project(spec.delay(delay.clone()));
        };
        join("EI", (e, i), strong);
        join("IE", (i, e), -1.5);
        join("driven", (stimulus, e), 4.0 * strong);
        join("noisy", (noise, e), 3.0 * strong);
        if self.excited {
            let drive = DriveSpec::Poisson { rate: RateSpec::constant(500.0), weight: (1.2 * self.unit()).into() };
            builder.input(InputSpec { name: "background".into(), population: e, members: None, drive });
        }
        let steps = Signal { times: vec![10.0, 30.0], values: vec![120.0, -40.0] };
        let drive = DriveSpec::Current { signal: Arc::new(steps), scale: 1.0.into() };
        builder.input(InputSpec {
            name: "steps".into(),
            population: e,
            members: Some((0..E).step_by(2).collect()),
            drive,
        });
        for neuron in 0..SET {
            let drive = DriveSpec::Current { signal: Arc::new(signal(acts, neuron)), scale: 1.0.into() };
            builder.input(InputSpec {
                name: format!("set {neuron}"),
                population: e,
                members: Some(vec![neuron]),
                drive,
            });
        }
        self.describe_arrivals(&mut builder, e, acts);
        Arc::new(builder.build(&BuildOptions::default()).unwrap())
    }

    /// A source for each arrival, with one synapse.
    fn describe_arrivals(self, builder: &mut NetworkBuilder, e: PopulationId, acts: &[Act]) {
        let arrivals: Vec<(u32, f64, f64)> = acts
            .iter()
            .filter_map(|act| match *act {
                Act::Arrive { neuron, time, weight } => Some((neuron, time, weight)),
                _ => None,
            })
            .collect();
        if arrivals.is_empty() {
            return;
        }
        let trains: Vec<Vec<f64>> = arrivals.iter().map(|(_, time, _)| vec![time - WAY]).collect();
        let ghosts = builder.population("ghosts", arrivals.len() as u32, trains);
        let synapses = SynapseList {
            pre: (0..arrivals.len() as u32).collect(),
            post: arrivals.iter().map(|(neuron, ..)| *neuron).collect(),
            weight: Some(arrivals.iter().map(|(.., weight)| *weight).collect()),
            delay: None,
        };
        builder.project(ProjectionSpec::new("arrivals", (ghosts, e), Rule::Explicit(synapses)).delay(WAY));
    }
}

/// What is set for a neuron, the last of what is set for one time.
fn signal(acts: &[Act], of: u32) -> Signal {
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for act in acts {
        if let Act::Current { neuron, time, value } = *act
            && neuron == of
        {
            steps.retain(|step| step.0 != time);
            steps.push((time, value));
        }
    }
    if steps.is_empty() {
        steps.push((2.0 * END, 0.0));
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    Signal { times: steps.iter().map(|step| step.0).collect(), values: steps.iter().map(|step| step.1).collect() }
}

pub fn run(network: &Arc<Network>, options: &Options) -> Vec<Spike> {
    let mut spikes = Vec::new();
    Simulation::new(network.clone(), options.clone()).unwrap().run(END, &mut spikes).unwrap();
    spikes
}

pub fn act(sim: &mut Simulation, act: Act) {
    match act {
        Act::Fire { source, time } => sim.inject(&[Spike { time, source }]).unwrap(),
        Act::Arrive { neuron, time, weight } => sim.inject_onto(&[Injected { time, neuron, weight }]).unwrap(),
        Act::Current { neuron, time, value } => sim.set_current(&[neuron], time, &[value]).unwrap(),
    }
}

/// Plays `acts`, each with the time at which it is done, in this order; saves and restores at every `every`th.
pub fn played(network: &Arc<Network>, acts: &[(f64, Act)], options: &Options, every: usize) -> Vec<Spike> {
    let mut sim = Simulation::new(network.clone(), options.clone()).unwrap();
    let mut spikes = Vec::new();
    for (k, &(when, one)) in acts.iter().enumerate() {
        sim.run(when, &mut spikes).unwrap();
        act(&mut sim, one);
        if k % every == every - 1 {
            let schedule = if k % (3 * every) == every - 1 { Schedule::Instants } else { options.schedule };
            let options = Options { threads: 1 + k % 3, schedule, ..options.clone() };
            sim = Simulation::restore(network.clone(), options, &sim.save().unwrap()).unwrap();
        }
    }
    sim.run(END, &mut spikes).unwrap();
    spikes
}

/// Spikes but those of the sources that only describe arrivals.
pub fn bits(spikes: &[Spike]) -> Vec<(u64, u32)> {
    let ghosts = FIRST_SOURCE + SOURCES + 10;
    crate::networks::bits(spikes).into_iter().filter(|(_, source)| *source < ghosts).collect()
}

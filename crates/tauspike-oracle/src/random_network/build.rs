//! From the drawn description to the network.

use super::{Cells, Description, Member, PoissonInput, Synapses};
use std::sync::Arc;
use tauspike_network::network::Network;
use tauspike_network::population::Signal;
use tauspike_network::{
    BuildOptions, DriveSpec, InputSpec, LifSpec, NetworkBuilder, Parameter, PopulationId, ProjectionSpec, RateSpec,
    Rule, SynapseKind, SynapseList, SynapseSpec,
};

impl Description {
    pub(super) fn build(mut self) -> Network {
        self.part_refractory_times();
        let mut builder = NetworkBuilder::new(self.seed);
        builder.block_size(Some(self.block_size));
        let neurons: Vec<PopulationId> =
            (0..).zip(&self.populations).map(|(k, cells)| cells.declare(k, &mut builder)).collect();
        let mut sources: Vec<(PopulationId, usize)> =
            neurons.iter().copied().zip(self.populations.iter().map(|cells| cells.members.len())).collect();
        sources.extend(self.declare_sources(&mut builder));
        for (k, synapses) in self.projections.iter().enumerate() {
            let (source, target) = (synapses.source.index(sources.len()), synapses.target.index(neurons.len()));
            let backward = source < neurons.len() && source >= target;
            let list = synapses.list(sources[source].1, &self.populations[target], backward);
            let (name, ends) = (format!("projection {k}"), (sources[source].0, neurons[target]));
            builder.project(match synapses.shared_delay {
                Some(delay) => {
                    ProjectionSpec::new(name, ends, Rule::Explicit(SynapseList { delay: None, ..list })).delay(delay)
                }
                None => ProjectionSpec::new(name, ends, Rule::Explicit(list)),
            });
        }
        builder.build(&BuildOptions::default()).expect("every description drawn is valid")
    }

    /// Where neurons reach neurons, refractory times are no multiples of 0.25 ms: two trains that set a neuron back, t_ref of another apart,
    /// make it fire twice at the same intervals, and each pair of these spikes is t_ref apart, up to rounding.
    fn part_refractory_times(&mut self) {
        let populations = self.populations.len();
        let sources = populations + 1 + usize::from(self.rates_hz.is_some());
        for synapses in &self.projections {
            let target = &mut self.populations[synapses.target.index(populations)];
            let from_neurons = synapses.source.index(sources) < populations;
            for member in target.members.iter_mut().filter(|m| from_neurons && m.t_ref > 0.0) {
                if (4.0 * member.t_ref).fract() == 0.0 {
                    member.t_ref += 0.0123;
                }
            }
        }
    }

    fn declare_sources(&self, builder: &mut NetworkBuilder) -> Vec<(PopulationId, usize)> {
        let mut trains = self.trains.clone();
        trains.iter_mut().for_each(|train| train.sort_by(f64::total_cmp));
        let size = trains.len();
        let mut sources = vec![(builder.population("trains", size as u32, trains), size)];
        if let Some(rates_hz) = &self.rates_hz {
            let rate = RateSpec { profile: self.profile.clone().map(Arc::new), ..RateSpec::constant(rates_hz.clone()) };
            sources.push((builder.population("poisson", rates_hz.len() as u32, rate), rates_hz.len()));
        }
        sources
    }
}

impl Cells {
    /// Declares population number `number` and its inputs.
    fn declare(&self, number: usize, builder: &mut NetworkBuilder) -> PopulationId {
        let spec = LifSpec {
            tau_m: self.each(|m| m.tau_m),
            c_m: self.each(|m| m.c_m),
            e_l: self.each(|m| m.e_l),
            fires: true,
            v_th: self.each(|m| m.e_l + m.gap),
            v_reset: Some(self.each(|m| m.e_l + m.reset)),
            t_ref: self.each(|m| m.t_ref),
            i_e: self.each(|m| m.drive * m.rheobase()),
            v_init: Some(self.each(|m| m.e_l + m.init)),
            synapse: {
                let (tau_syn_ex, tau_syn_in) = (self.each(|m| m.tau_m * m.ratio.0), self.each(|m| m.tau_m * m.ratio.1));
                match self.synapse {
                    SynapseKind::Exponential => SynapseSpec::Exponential { tau_syn_ex, tau_syn_in },
                    SynapseKind::Alpha => SynapseSpec::Alpha { tau_syn_ex, tau_syn_in },
                    _ => SynapseSpec::Delta,
                }
            },
        };
        let population = builder.population(format!("neurons {number}"), self.members.len() as u32, spec);
        if let Some(poisson) = &self.poisson {
            let (members, drive) = self.poisson_drive(poisson);
            builder.input(InputSpec { name: format!("poisson {number}"), population, members, drive });
        }
        if let Some(steps) = &self.steps {
            let levels = steps.iter().map(|&(time, level)| (time, 0.25 * f64::from(level))).collect();
            let scale = self.each(|m| m.scale * m.rheobase());
            let drive = DriveSpec::Current { signal: Arc::new(signal(levels)), scale };
            builder.input(InputSpec { name: format!("current {number}"), population, members: None, drive });
        }
        population
    }

    fn poisson_drive(&self, poisson: &PoissonInput) -> (Option<Vec<u32>>, DriveSpec) {
        let rate = RateSpec {
            base_hz: poisson.rate_hz.into(),
            profile: poisson.profile.clone().map(Arc::new),
            start: poisson.window.start,
            stop: poisson.window.end,
        };
        let stride = if poisson.sparse { 2 } else { 1 };
        let weights: Vec<f64> =
            self.members.iter().step_by(stride).map(|m| m.weight(poisson.psp, self.synapse)).collect();
        let members = poisson.sparse.then(|| (0..self.members.len() as u32).step_by(2).collect());
        (members, DriveSpec::Poisson { rate, weight: weights.into() })
    }

    fn each(&self, value: impl Fn(&Member) -> f64) -> Parameter {
        Parameter::PerMember(self.members.iter().map(value).collect())
    }
}

impl Member {
    /// The current that brings V_inf to V_th, pA.
    fn rheobase(&self) -> f64 {
        self.gap * self.c_m / self.tau_m
    }

    /// The weight of which the PSP has about the size `psp` (mV): mV, or pA of currents.
    fn weight(&self, psp: f64, synapse: SynapseKind) -> f64 {
        let ratio = if psp > 0.0 { self.ratio.0 } else { self.ratio.1 };
        if synapse == SynapseKind::Delta { psp } else { psp * self.c_m / (self.tau_m * ratio.min(1.0)) }
    }
}

impl Synapses {
    /// The synapses from `size` sources onto `targets`; a `backward` one onto a neuron without refractoriness is inhibitory.
    fn list(&self, size: usize, targets: &Cells, backward: bool) -> SynapseList {
        let (mut pre, mut post, mut weight, mut delay) = (vec![], vec![], vec![], vec![]);
        for synapse in &self.list {
            let position = synapse.post.index(targets.members.len());
            let member = &targets.members[position];
            let psp = if backward && member.t_ref == 0.0 { -synapse.psp.abs() } else { synapse.psp };
            pre.push(synapse.pre.index(size) as u32);
            post.push(position as u32);
            weight.push(member.weight(psp, targets.synapse));
            delay.push(synapse.delay);
        }
        SynapseList { pre, post, weight: Some(weight), delay: Some(delay) }
    }
}

/// A signal through the points given, in any order.
pub(super) fn signal(mut points: Vec<(f64, f64)>) -> Signal {
    points.sort_by(|first, second| first.0.total_cmp(&second.0));
    points.dedup_by_key(|point| point.0);
    let (times, values) = points.into_iter().unzip();
    Signal { times, values }
}

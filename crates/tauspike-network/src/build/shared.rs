//! Synapses that several networks share: those whose descriptions differ in nothing that a synapse depends on.
//!
//! A synapse depends on the seed, on the sizes of all populations, on the projections in their order, and its place in the table on the blocks.
//! It does not depend on parameters of neurons, on sources' spikes and rates, or on inputs.

use crate::build::tables::Tables;
use crate::describe::rule::Rule;
use crate::error::NetworkError;
use crate::table::fanout::Projection;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The synapses of the last network that was built with it ([`crate::NetworkBuilder::build_sharing`]), for the next one, if those are the same.
/// They stay in memory as long as this does, or a network that has them.
#[derive(Debug, Default)]
pub struct SharedSynapses {
    kept: Mutex<Option<Kept>>,
    taken: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    ground: String,
    projections: Arc<Vec<Projection>>,
}

impl SharedSynapses {
    /// How many networks took the synapses of another one.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// The synapses of `tables`. Who comes while another one draws them waits for those.
    pub(crate) fn of(&self, tables: &Tables, threads: usize) -> Result<Arc<Vec<Projection>>, NetworkError> {
        let Some(ground) = ground(tables) else { return Ok(Arc::new(tables.all(threads)?)) };
        let mut kept = self.lock();
        if let Some(Kept { projections, .. }) = kept.as_ref().filter(|kept| kept.ground == ground) {
            let projections = projections.clone();
            drop(kept);
            // The neurons and their inputs may be others, and allow less.
            tables.check(&projections)?;
            self.taken.fetch_add(1, Ordering::Relaxed);
            return Ok(projections);
        }
        // Before others take their place in memory.
        *kept = None;
        let projections = Arc::new(tables.all(threads)?);
        *kept = Some(Kept { ground, projections: projections.clone() });
        Ok(projections)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All that the synapses depend on, each number to the last bit; `None` for lists of synapses, of which a copy would have to be kept.
fn ground(tables: &Tables) -> Option<String> {
    let (description, layout) = (tables.description, tables.layout);
    if description.projections.iter().any(|spec| matches!(spec.rule, Rule::Explicit(_))) {
        return None;
    }
    let sizes: Vec<u32> = description.populations.iter().map(|population| population.size).collect();
    let (seed, projections) = (description.seed, &description.projections);
    let (blocks, asked, delays) = (&layout.blocks, &layout.asked, tables.all_delays);
    Some(format!("{seed} {sizes:?} {projections:?} {blocks:?} {asked:?} {delays}"))
}

#[cfg(test)]
mod tests {
    use crate::{BuildOptions, LifSpec, Network, NetworkBuilder, ProjectionSpec, Rule, SharedSynapses};
    use crate::{Distribution, Family, InputSpec, Parameter, RateSpec, Spread, SynapseSpec};
    use crate::{Fingerprint, spec::DriveSpec};
    use std::sync::Arc;

    const TWO: BuildOptions = BuildOptions { threads: 2, ranks: 1, memory_limit: None };

    fn neurons(i_e: f64) -> LifSpec {
        let synapse = SynapseSpec::Exponential { tau_syn_ex: 2.0.into(), tau_syn_in: 2.0.into() };
        LifSpec { synapse, i_e: i_e.into(), ..LifSpec::default() }
    }

    fn network(seed: u64, degree: u32, (rate, i_e): (f64, f64)) -> NetworkBuilder {
        of(neurons(i_e), seed, degree, rate)
    }

    fn of(neurons: LifSpec, seed: u64, degree: u32, rate: f64) -> NetworkBuilder {
        let mut builder = NetworkBuilder::new(seed);
        let e = builder.population("E", 1500, neurons);
        let weight: Parameter = Distribution::skewed(Family::Gamma, 20.0, Spread::Cv(0.5)).into();
        builder
            .project(ProjectionSpec::new("in", (e, e), Rule::FixedInDegree(degree)).weight(weight.clone()).delay(1.5));
        builder.project(ProjectionSpec::new("out", (e, e), Rule::FixedOutDegree(5)).weight(weight).delay(0.5));
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(rate), weight: 10.0.into() };
        builder.input(InputSpec { name: "noise".into(), population: e, members: None, drive });
        builder
    }

    fn share(a: &Network, b: &Network) -> bool {
        Arc::ptr_eq(&a.projections, &b.projections)
    }

    #[test]
    fn networks_that_differ_in_inputs_and_neurons_share_synapses_and_are_what_they_would_be_alone() {
        let shared = SharedSynapses::default();
        let first = network(1, 10, (500.0, 0.0)).build_sharing(&TWO, &shared).unwrap();
        for (drive, taken) in [((800.0, 0.0), 1), ((500.0, 30.0), 2)] {
            let (alone, other) =
                (network(1, 10, drive).build(&TWO), network(1, 10, drive).build_sharing(&TWO, &shared));
            let (alone, other) = (alone.unwrap(), other.unwrap());
            assert!(share(&first, &other) && shared.taken() == taken);
            assert_eq!(Fingerprint::of(&alone), Fingerprint::of(&other));
            assert_ne!(Fingerprint::of(&first), Fingerprint::of(&other));
        }
    }

    #[test]
    fn what_shapes_the_network_is_built_anew() {
        let shared = SharedSynapses::default();
        let mut last = network(1, 10, (500.0, 0.0)).build_sharing(&TWO, &shared).unwrap();
        for (other, options) in [
            (network(2, 10, (500.0, 0.0)), TWO),
            (network(2, 11, (500.0, 0.0)), TWO),
            (network(2, 11, (500.0, 0.0)), BuildOptions { threads: 1, ..TWO }),
        ] {
            let alone = other.clone().build(&options).unwrap();
            let built = other.build_sharing(&options, &shared).unwrap();
            assert!(!share(&last, &built) && Fingerprint::of(&alone) == Fingerprint::of(&built));
            last = built;
        }
        assert_eq!(shared.taken(), 0);
    }

    #[test]
    fn a_drawn_weight_that_the_other_neurons_do_not_allow_is_refused_as_if_they_were_alone() {
        let shared = SharedSynapses::default();
        network(1, 10, (500.0, 0.0)).build_sharing(&TWO, &shared).unwrap();
        // Without refractory time a neuron may be driven but so far, and one arrival more is too far.
        let (v_reset, v_th) = (Some((-70.0).into()), (-70.0 + 1e-7).into());
        let easily = LifSpec { t_ref: 0.0.into(), e_l: (-70.0).into(), v_reset, v_th, ..neurons(0.0) };
        let refusal = |network: Result<Network, crate::NetworkError>| network.unwrap_err().to_string();
        let alone = refusal(of(easily.clone(), 1, 10, 500.0).build(&TWO));
        assert!(alone.contains("weight"), "{alone}");
        assert_eq!(alone, refusal(of(easily, 1, 10, 500.0).build_sharing(&TWO, &shared)));
    }
}

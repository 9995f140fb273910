//! Networks that the drift tests share: small, busy, and with every feature that could make an order matter.

use std::sync::Arc;
use tauspike_network::SynapseKind;
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::network::Network;
use tauspike_network::parameter::Parameter;
use tauspike_network::population::Signal;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, PopulationId, ProjectionSpec, RateSpec, SynapseSpec};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

/// A variant of the test network.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub synapse: SynapseKind,
    pub delays: Delays,
    pub block_size: u32,
}

/// Delays of a projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delays {
    One,
    Drawn,
    /// Drawn, and few: in large blocks rows arrive in runs, in small ones synapse by synapse. Weights of one projection are of either sign.
    Rounded,
}

pub fn network(v: Variant) -> Arc<Network> {
    Arc::new(describe(v).build(&BuildOptions::default()).unwrap())
}

/// The same with the rows of some blocks alone.
pub fn part(v: Variant, blocks: &[usize]) -> Arc<Network> {
    Arc::new(describe(v).build_part(&BuildOptions::default(), |block| blocks.contains(&block)).unwrap())
}

fn describe(v: Variant) -> NetworkBuilder {
    let mut builder = NetworkBuilder::new(11);
    let unit = match v.synapse {
        SynapseKind::Exponential => 500.0,
        SynapseKind::Alpha => 200.0,
        _ => 1.0,
    };
    let lif = LifSpec {
        tau_m: Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(0.5)).into(),
        e_l: 0.0.into(),
        v_th: 20.0.into(),
        v_reset: Some(5.0.into()),
        v_init: Some(Distribution::uniform(0.0, 20.0).into()),
        synapse: match v.synapse {
            SynapseKind::Exponential => SynapseSpec::Exponential { tau_syn_ex: 0.5.into(), tau_syn_in: 3.0.into() },
            SynapseKind::Alpha => SynapseSpec::Alpha { tau_syn_ex: 0.5.into(), tau_syn_in: 3.0.into() },
            _ => SynapseSpec::Delta,
        },
        ..LifSpec::default()
    };
    let exc = builder.population("E", 300, lif.clone());
    let inh = builder.population("I", 80, LifSpec { i_e: 270.0.into(), ..lif });
    let noise = builder.population("noise", 40, RateSpec::constant(50.0));
    let delay: Parameter = match v.delays {
        Delays::One => 0.7.into(),
        Delays::Drawn | Delays::Rounded => Distribution::uniform(0.4, 4.0).into(),
    };
    let round_to = (v.delays == Delays::Rounded).then_some(0.9);
    let mut join = |name: &str, ends: (PopulationId, PopulationId), k: u32, weight: f64| {
        let spec = ProjectionSpec::new(name, ends, Rule::FixedInDegree(k));
        let weight: Parameter = match (name, v.delays) {
            ("NE", Delays::Rounded) => Distribution::uniform(-0.5 * weight * unit, 2.5 * weight * unit).into(),
            _ => (weight * unit).into(),
        };
        builder.project(ProjectionSpec { round_to, ..spec.weight(weight).delay(delay.clone()) });
    };
    join("EE", (exc, exc), 40, 0.5);
    join("EI", (exc, inh), 40, 0.5);
    join("IE", (inh, exc), 15, -2.0);
    join("II", (inh, inh), 15, -2.0);
    join("NE", (noise, exc), 5, 2.0);
    let drive = DriveSpec::Poisson { rate: RateSpec::constant(1300.0), weight: (unit * 1.0).into() };
    builder.input(InputSpec { name: "background".into(), population: exc, members: None, drive });
    let profile = Signal { times: vec![5.0, 20.0, 40.0, 90.0], values: vec![1.0, 0.2, 2.0, 0.0] };
    let rate = RateSpec { profile: Some(Arc::new(profile)), ..RateSpec::constant(400.0) };
    let drive = DriveSpec::Poisson { rate, weight: (unit * 1.0).into() };
    builder.input(InputSpec { name: "thinned".into(), population: exc, members: None, drive });
    let steps = Signal { times: vec![10.0, 30.0, 31.5, 80.0], values: vec![300.0, -100.0, 150.0, 0.0] };
    let drive = DriveSpec::Current { signal: Arc::new(steps), scale: 1.0.into() };
    builder.input(InputSpec {
        name: "steps".into(),
        population: inh,
        members: Some((0..80).step_by(3).collect()),
        drive,
    });
    builder.block_size(Some(v.block_size));
    builder
}

/// All variants with blocks of this size.
pub fn variants(block_size: u32) -> Vec<Variant> {
    let kinds = [SynapseKind::Delta, SynapseKind::Exponential, SynapseKind::Alpha];
    let of =
        |synapse| [Delays::One, Delays::Drawn, Delays::Rounded].map(|delays| Variant { synapse, delays, block_size });
    kinds.into_iter().flat_map(of).collect()
}

/// Bits, so that equality is equality.
pub fn bits(spikes: &[Spike]) -> Vec<(u64, u32)> {
    spikes.iter().map(|s| (s.time.to_bits(), s.source)).collect()
}

/// Keeps all spikes, and what probes saw.
#[derive(Default)]
pub struct Both(pub Vec<Spike>, pub Vec<ProbeRow>);

impl SpikeSink for Both {
    fn take(&mut self, spikes: &[Spike]) -> Result<(), SinkError> {
        self.0.take(spikes)
    }
    fn take_probes(&mut self, rows: &[ProbeRow]) -> Result<(), SinkError> {
        self.1.extend_from_slice(rows);
        Ok(())
    }
}

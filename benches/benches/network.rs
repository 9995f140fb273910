//! Construction, and one model second of a small Brunel network, homogeneous and heterogeneous. Prints the counts of work beside
//! the time: time is reported, counts are pinned by the scenarios' `expected.toml`.
#![allow(missing_docs)]

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::builder::{BuildOptions, NetworkBuilder};
use tauspike_network::distribution::{Distribution, Family, Spread};
use tauspike_network::network::Network;
use tauspike_network::rule::Rule;
use tauspike_network::spec::{DriveSpec, InputSpec, LifSpec, ProjectionSpec, RateSpec};

const NEURONS: u32 = 2000;
const IN_DEGREE: u32 = 200;

fn network(cv: f64) -> Network {
    let lif = LifSpec {
        tau_m: if cv > 0.0 {
            Distribution::skewed(Family::Lognormal, 20.0, Spread::Cv(cv)).into()
        } else {
            20.0.into()
        },
        e_l: 0.0.into(),
        v_th: 20.0.into(),
        v_reset: Some(10.0.into()),
        v_init: Some(Distribution::uniform(0.0, 20.0).into()),
        ..LifSpec::default()
    };
    let mut builder = NetworkBuilder::new(1);
    let exc = builder.population("E", NEURONS * 4 / 5, lif.clone());
    let inh = builder.population("I", NEURONS / 5, lif);
    for (name, ends, k, weight) in [
        ("EE", (exc, exc), IN_DEGREE * 4 / 5, 0.5),
        ("EI", (exc, inh), IN_DEGREE * 4 / 5, 0.5),
        ("IE", (inh, exc), IN_DEGREE / 5, -2.5),
        ("II", (inh, inh), IN_DEGREE / 5, -2.5),
    ] {
        builder.project(ProjectionSpec::new(name, ends, Rule::FixedInDegree(k)).weight(weight).delay(1.5));
    }
    for population in [exc, inh] {
        let drive = DriveSpec::Poisson { rate: RateSpec::constant(4000.0), weight: 0.5.into() };
        builder.input(InputSpec { name: format!("noise {}", population.index()), population, members: None, drive });
    }
    builder.build(&BuildOptions { threads: 1, ..BuildOptions::default() }).expect("the description is right")
}

fn construction(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    group.throughput(Throughput::Elements(u64::from(NEURONS) * u64::from(IN_DEGREE)));
    group.sample_size(20).bench_function("fixed_in_degree", |b| b.iter(|| network(0.0)));
    group.finish();
}

fn epochs(c: &mut Criterion) {
    let mut group = c.benchmark_group("run_100_ms");
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for (name, cv) in [("homogeneous", 0.0), ("lognormal_cv_0.5", 0.5)] {
        let network = Arc::new(network(cv));
        let run = || {
            let mut sim = Simulation::new(network.clone(), Options::default()).expect("one thread");
            sim.run(100.0, &mut ()).expect("nothing can be refused");
            sim.counters()
        };
        let counters = run();
        println!("{name}: {counters:?}");
        group.throughput(Throughput::Elements(counters.synaptic_arrivals + counters.external_arrivals));
        group.bench_function(name, |b| b.iter(run));
    }
    group.finish();
}

criterion_group!(benches, construction, epochs);
criterion_main!(benches);

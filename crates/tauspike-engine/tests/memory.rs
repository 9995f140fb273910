//! A long run needs no more memory than a short one. A test binary of its own, because it counts every allocation.

use peak_alloc::PeakAlloc;
use std::ops::ControlFlow;
use std::sync::Arc;
use tauspike_engine::{Options, Simulation};
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn spikes_over_zero_delays_are_forgotten_once_they_have_arrived() {
    let mut builder = NetworkBuilder::new(1);
    let cells =
        builder.population("cells", 50, LifSpec { i_e: 2000.0.into(), t_ref: 0.5.into(), ..LifSpec::default() });
    builder.project(ProjectionSpec::new("all", (cells, cells), Rule::FixedInDegree(5)).weight(-0.1).delay(0.0));
    let network = Arc::new(builder.build(&BuildOptions::default()).unwrap());
    let mut sim = Simulation::new(network, Options::default()).unwrap();
    let mut at_first = None;
    let mut watch = |time: f64| {
        if time > 500.0 {
            at_first.get_or_insert(MEMORY.current_usage());
        }
        ControlFlow::Continue(())
    };
    MEMORY.reset_peak_usage();
    sim.run_watched(20_000.0, &mut (), &mut watch).unwrap();
    let (spikes, grown) = (sim.counters().spikes, MEMORY.peak_usage() - at_first.unwrap());
    assert!(spikes > 300_000, "{spikes}");
    assert!(grown < 1_000_000, "{grown} bytes more after {spikes} spikes");
}

//! What an exchange costs: `mpirun -n 4 target/release/examples/exchange` prints microseconds for each epoch, by the number of spikes of a
//! rank, as in docs/scaling.md. The first argument is the number of epochs.
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::sync::Arc;
use std::time::Instant;
use tauspike_mpi::world::World;
use tauspike_scenario::ranks::{Gather, Gathered};

fn main() {
    let epochs: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let (_universe, _) = mpi::initialize_with_threading(mpi::Threading::Funneled).expect("MPI is there");
    let mut world = World::new(Arc::default());
    let mut all = Gathered::default();
    for spikes in [0, 10, 100, 1000, 10_000] {
        let words: Vec<u64> = (0..2 * spikes).collect();
        let epochs = epochs.min(20_000_000 / (spikes as usize + 1)) + 1;
        world.gather([0; 2], &[], &mut all).expect("all ranks are there");
        let begin = Instant::now();
        for _ in 0..epochs {
            world.gather([0; 2], &words, &mut all).expect("all ranks are there");
        }
        let micros = begin.elapsed().as_secs_f64() * 1e6 / epochs as f64;
        if world.rank().index == 0 {
            println!("{} ranks, {spikes:5} spikes of each: {micros:8.2} us", world.rank().of);
        }
    }
}

//! What a rank does with each spike of the network, wherever it came from: `h` of docs/scaling.md.
//!
//! ```sh
//! cargo run --release -p tauspike-engine --example handling -- 20000000
//! ```
//!
//! One rank of many, without MPI: the spikes of the others are made up. It decodes them, puts them in order, lets them take off, and looks for
//! their rows, of which it has few. The argument is the number of spikes for each line.

use std::error::Error;
use std::sync::{Arc, Mutex};
use tauspike_engine::exchange::{Exchange, Rank, from_words};
use tauspike_engine::{EngineError, Options, Simulation};
use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, Rule};
use tauspike_spike::Spike;
use tauspike_spike::draw::{Domain, block, unit_open_zero};

/// Neurons of the other ranks.
const OTHERS: u32 = 1_000_000;
/// Neurons of this one, and sources of each: one source in fifty has a row here.
const MINE: u32 = 1000;
const IN_DEGREE: u32 = 20;
/// Length of an epoch, ms.
const DELAY: f64 = 1.0;

/// Makes up what the others say, and tells what it took to put it in order.
struct Others {
    ranks: usize,
    /// Spikes of one epoch: for each rank its own, in order; times from 0 to 1.
    template: Vec<(f64, u32)>,
    words: Vec<u64>,
    epoch: u64,
    spent: Arc<Mutex<Spent>>,
}

/// ns of a core.
#[derive(Clone, Copy, Default)]
struct Spent {
    making: u64,
    ordering: u64,
}

impl Others {
    fn new(ranks: usize, spikes: usize, spent: Arc<Mutex<Spent>>) -> Self {
        let mut template = Vec::with_capacity(spikes);
        for rank in 0..ranks {
            // As many for each, up to one.
            let count = spikes * (rank + 1) / ranks - spikes * rank / ranks;
            let draw = |k| {
                let [one, other] = block(1, Domain::other(0), rank as u32, k);
                (1.0 - unit_open_zero(one), ((u128::from(other) * u128::from(OTHERS)) >> 64) as u32)
            };
            let mut own: Vec<(f64, u32)> = (0..count as u64).map(draw).collect();
            own.sort_by(|a, b| a.0.total_cmp(&b.0));
            template.extend(own);
        }
        Self { ranks, template, words: Vec::new(), epoch: 0, spent }
    }
}

impl Exchange for Others {
    fn rank(&self) -> Rank {
        // The sources belong to rank 0.
        Rank { index: 1, of: self.ranks.max(2) }
    }

    fn spikes(&mut self, spikes: &mut Vec<Spike>) -> Result<(), EngineError> {
        let begin = on_core();
        let from = self.epoch as f64 * DELAY;
        // Another source each time, or caches would know the rows.
        let shift = (self.epoch as u32).wrapping_mul(7919) % OTHERS;
        self.words.clear();
        self.words.extend(self.template.iter().flat_map(|&(time, source)| {
            [(from + 0.999 * time * DELAY).to_bits(), u64::from((source + shift) % OTHERS)]
        }));
        self.epoch += 1;
        let made = on_core();
        from_words(&self.words, spikes);
        let mut spent = self.spent.lock().map_err(|_| EngineError::Exchange("a panic".into()))?;
        spent.making += made - begin;
        spent.ordering += on_core() - made;
        Ok(())
    }

    fn earliest(&mut self, time: f64) -> Result<f64, EngineError> {
        Ok(time)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let spikes: usize = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let mut builder = NetworkBuilder::new(1);
    let others = builder.population("others", OTHERS, vec![Vec::new(); OTHERS as usize]);
    // The first block is that of rank 0.
    builder.block_size(Some(MINE));
    let mine = builder.population("mine", 2 * MINE, LifSpec::default());
    let rule = Rule::FixedInDegree(IN_DEGREE);
    builder.project(ProjectionSpec::new("in", (others, mine), rule).weight(1e-6).delay(DELAY));
    let network = Arc::new(builder.build(&BuildOptions { threads: 1, ..BuildOptions::default() })?);
    println!("ns of a core for each spike of the network, on one rank");
    println!(
        "{:>6} {:>16} {:>18} {:>18} {:>6}",
        "ranks", "spikes an epoch", "decode and order", "take off and find", "both"
    );
    for (ranks, in_epoch) in [(2, 1000), (4, 1000), (32, 1000), (1000, 1000), (2, 10_000), (32, 10_000), (1000, 10_000)]
    {
        let spent = Arc::new(Mutex::new(Spent::default()));
        let exchange = Box::new(Others::new(ranks, in_epoch, spent.clone()));
        let mut simulation = Simulation::with_exchange(network.clone(), Options::default(), exchange)?;
        let epochs = (spikes / in_epoch).max(1);
        let begin = on_core();
        simulation.run(epochs as f64 * DELAY, &mut Vec::<Spike>::new())?;
        let all = on_core() - begin;
        let Spent { making, ordering } = *spent.lock().map_err(|_| "a panic")?;
        let each = |ns: u64| ns as f64 / (epochs * in_epoch) as f64;
        let finding = all.saturating_sub(making + ordering);
        println!(
            "{ranks:6} {in_epoch:16} {:18.1} {:18.1} {:6.1}",
            each(ordering),
            each(finding),
            each(ordering + finding)
        );
    }
    Ok(())
}

/// ns that this thread has been on a core, by Linux: other programs do not count.
fn on_core() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

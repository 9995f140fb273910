//! A deterministic spike sequence, so that any prefix of it can be recognised.

use rand::Rng;
use std::num::NonZeroUsize;
use tauspike_record::{PopulationRange, Populations, SpikeTable};
use tauspike_spike::{Domain, Spike, Stream};

/// 800 excitatory, 200 inhibitory neurons.
pub fn populations() -> Populations {
    let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
    Populations::new(vec![range("e", 0, 800), range("i", 800, 200)]).unwrap()
}

/// Spikes of [`populations`] without end.
pub fn spikes() -> impl Iterator<Item = Spike> {
    spikes_of(1000)
}

/// Spikes without end, about 10 per ms, of random neurons; times use all bits of the mantissa.
pub fn spikes_of(neurons: u32) -> impl Iterator<Item = Spike> {
    let mut draws = Stream::new(1, Domain::other(0), 0);
    let mut time = 0.0;
    std::iter::from_fn(move || {
        time += draws.next_u64() as f64 / u64::MAX as f64 * 0.2;
        Some(Spike { time, source: draws.next_u32() % neurons })
    })
}

/// The first `count` spikes.
pub fn first(count: usize) -> Vec<Spike> {
    spikes().take(count).collect()
}

/// The rows of a table as spikes; checks that every row has the population its neuron belongs to.
pub fn of(table: &SpikeTable) -> Vec<Spike> {
    let populations = populations();
    let rows = table.time.iter().zip(&table.neuron).zip(&table.population);
    rows.map(|((&time, &source), &population)| {
        let name = &populations.ranges()[populations.position(source).unwrap()].name;
        assert_eq!(&table.names[population as usize], name, "neuron {source}");
        Spike { time, source }
    })
    .collect()
}

pub fn rows(rows: usize) -> NonZeroUsize {
    NonZeroUsize::new(rows).unwrap()
}

//! Several ranks share a network: a double of the exchange plays them in one process, and the spikes are those of one.

use crate::networks::{Variant, bits, network, part, variants};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Barrier, Mutex};
use tauspike_engine::exchange::{Exchange, Rank};
use tauspike_engine::{EngineError, Injected, Options, Schedule, Simulation};
use tauspike_network::Network;
use tauspike_oracle::random_network::{Delays, networks};
use tauspike_spike::Spike;

const END: f64 = 120.0;

/// What one rank says to the others.
#[derive(Clone)]
enum Word {
    Spikes(Vec<Spike>),
    Earliest(f64),
}

/// Every rank sends to every rank, itself included.
struct Mesh {
    rank: Rank,
    to: Vec<Sender<Word>>,
    from: Vec<Receiver<Word>>,
}

impl Mesh {
    /// One end for each of this many ranks.
    fn of(ranks: usize) -> Vec<Self> {
        let mut ends: Vec<Self> =
            (0..ranks).map(|index| Self { rank: Rank { index, of: ranks }, to: vec![], from: vec![] }).collect();
        for sender in 0..ranks {
            for receiver in 0..ranks {
                let (to, from) = channel();
                ends[sender].to.push(to);
                ends[receiver].from.push(from);
            }
        }
        ends
    }

    fn all(&self, word: &Word) -> Result<Vec<Word>, EngineError> {
        let lost = |_| EngineError::Exchange("a rank has gone".into());
        self.to.iter().try_for_each(|to| to.send(word.clone()).map_err(|_| EngineError::Exchange("gone".into())))?;
        self.from.iter().map(|from| from.recv().map_err(lost)).collect()
    }
}

impl Exchange for Mesh {
    fn rank(&self) -> Rank {
        self.rank
    }

    fn spikes(&mut self, spikes: &mut Vec<Spike>) -> Result<(), EngineError> {
        let words = self.all(&Word::Spikes(std::mem::take(spikes)))?;
        for word in words {
            let Word::Spikes(theirs) = word else { panic!("ranks out of step") };
            spikes.extend(theirs);
        }
        spikes.sort_unstable();
        Ok(())
    }

    fn earliest(&mut self, time: f64) -> Result<f64, EngineError> {
        let words = self.all(&Word::Earliest(time))?;
        let times = words.iter().map(|word| match word {
            Word::Earliest(time) => *time,
            Word::Spikes(_) => panic!("ranks out of step"),
        });
        Ok(times.fold(f64::INFINITY, f64::min))
    }
}

/// The spikes of all ranks, each of which has the rows of its own blocks alone and runs to all `ends` in turn, on `threads` threads.
fn shared(v: Variant, ranks: usize, threads: usize, ends: &[f64]) -> Vec<(u64, u32)> {
    steered(v, ranks, threads, ends, |_| ())
}

/// The same, where `act` is done on each rank before each end.
fn steered(v: Variant, ranks: usize, threads: usize, ends: &[f64], act: fn(&mut Simulation)) -> Vec<(u64, u32)> {
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for mesh in Mesh::of(ranks) {
            let all = &all;
            scope.spawn(move || {
                let options = Options { threads, ..Options::default() };
                let network = part(v, &mesh.rank.blocks(network(v).blocks()));
                let mut sim = Simulation::with_exchange(network, options, Box::new(mesh)).unwrap();
                let mut spikes: Vec<Spike> = Vec::new();
                for &end in ends {
                    act(&mut sim);
                    sim.run(end, &mut spikes).unwrap();
                }
                assert!(spikes.is_sorted());
                all.lock().unwrap().extend(spikes);
            });
        }
    });
    let mut spikes = all.into_inner().unwrap();
    spikes.sort_unstable();
    bits(&spikes)
}

#[test]
fn any_number_of_ranks_gives_the_same_spikes() {
    for v in variants(37) {
        let mut spikes: Vec<Spike> = Vec::new();
        Simulation::new(network(v), Options::default()).unwrap().run(END, &mut spikes).unwrap();
        let alone = bits(&spikes);
        assert!(alone.len() > 1000);
        for ranks in [1, 2, 3, 7] {
            assert_eq!(shared(v, ranks, 1, &[END]), alone, "{ranks} ranks, {v:?}");
        }
        assert_eq!(shared(v, 2, 2, &[END]), alone, "2 ranks of 2 threads, {v:?}");
        assert_eq!(shared(v, 3, 1, &[0.3, 41.7, 90.0, END]), alone, "3 ranks, in pieces, {v:?}");
    }
}

#[test]
fn ranks_that_are_told_the_same_give_the_same_spikes() {
    let act = |sim: &mut Simulation| {
        let now = sim.now();
        let arrivals: Vec<Injected> =
            (0..380).step_by(7).map(|neuron| Injected { time: now + 1.5, neuron, weight: 10.0 }).collect();
        sim.inject_onto(&arrivals).unwrap();
        let neurons: Vec<u32> = (0..380).step_by(11).collect();
        sim.set_current(&neurons, now, &vec![4.0 * now; neurons.len()]).unwrap();
        sim.set_rate("background", 1300.0 - 5.0 * now).unwrap();
        sim.set_rate("noise", 50.0 + now).unwrap();
    };
    let ends = [10.3, 25.0, 60.0, END];
    for v in variants(37) {
        let alone = steered(v, 1, 1, &ends, act);
        assert_ne!(alone, shared(v, 1, 1, &ends), "{v:?}");
        for (ranks, threads) in [(2, 2), (3, 1), (7, 1)] {
            assert_eq!(steered(v, ranks, threads, &ends, act), alone, "{ranks} ranks, {v:?}");
        }
    }
}

/// The spikes of all ranks, each of which has the whole network.
fn of_random(network: &Arc<Network>, ranks: usize, threads: usize) -> Vec<(u64, u32)> {
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for mesh in Mesh::of(ranks) {
            let (all, network) = (&all, network.clone());
            scope.spawn(move || {
                let options = Options { threads, ..Options::default() };
                let mut spikes: Vec<Spike> = Vec::new();
                let mut sim = Simulation::with_exchange(network, options, Box::new(mesh)).unwrap();
                sim.run(60.0, &mut spikes).unwrap();
                all.lock().unwrap().extend(spikes);
            });
        }
    });
    let mut spikes = all.into_inner().unwrap();
    spikes.sort_unstable();
    bits(&spikes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn random_networks_give_the_same_spikes_on_ranks(network in networks(Delays::Positive), ranks in 2..7usize, threads in 1..3usize) {
        let network = Arc::new(network);
        prop_assert_eq!(of_random(&network, ranks, threads), of_random(&network, 1, 1));
    }
}

#[test]
fn more_ranks_than_blocks_give_the_same_spikes() {
    for v in variants(512) {
        assert_eq!(shared(v, 7, 1, &[END]), shared(v, 1, 1, &[END]), "{v:?}");
    }
}

#[test]
fn a_network_without_the_rows_of_a_rank_is_refused() {
    let lacking = part(variants(37)[0], &[0, 1]);
    let error = Simulation::new(lacking, Options::default()).err().unwrap();
    assert!(error.to_string().starts_with("network: block 2 is not allowed"), "{error}");
}

#[test]
fn a_rank_that_fails_ends_the_others() {
    let network = network(variants(37)[0]);
    let outcomes = Mutex::new(Vec::new());
    let started = Barrier::new(3);
    std::thread::scope(|scope| {
        for mesh in Mesh::of(3) {
            let (network, outcomes, started) = (network.clone(), &outcomes, &started);
            scope.spawn(move || {
                let fails = mesh.rank.index == 1;
                let mut sim = Simulation::with_exchange(network, Options::default(), Box::new(mesh)).unwrap();
                started.wait();
                let mut full = crate::faults::FullAfter::new(if fails { 50 } else { usize::MAX });
                let outcome = sim.run(END, &mut full);
                drop(sim);
                outcomes.lock().unwrap().push(outcome);
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(EngineError::Sink(_)))).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(EngineError::Exchange(_)))).count(), 2);
}

#[test]
fn instants_on_several_ranks_are_refused() {
    let network = network(variants(37)[0]);
    let options = Options { schedule: Schedule::Instants, ..Options::default() };
    let mesh = Mesh::of(2).remove(0);
    let error = Simulation::with_exchange(network, options, Box::new(mesh)).err().unwrap();
    assert!(error.to_string().starts_with("ranks: 2 is not allowed"), "{error}");
}

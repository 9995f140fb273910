//! How large the blocks of each population are, and how much work. Only speed and memory depend on it, never the network.
//!
//! A spike costs one look-up for each block it reaches, and its row is cut into as many pieces, so there are as few blocks as keep every thread
//! busy: with 512 neurons to a block brunel takes 1.6 times as long as with one block to a population, sparse_low 5 times.

use crate::describe::description::Description;
use crate::describe::spec::{CellsSpec, SynapseSpec};
use crate::table::fanout::MAX_BLOCK;

/// Fewer neurons are not worth a thread.
const LEAST: u32 = 512;
/// Most where neurons have currents: the integers of more are not in a cache of a core.
const MOST_WITH_CURRENTS: u32 = 16384;
/// Private input is drawn for so many neurons at once (`inputs/bulk.rs` of the engine): two blocks that share them both draw it.
const GROUP: u32 = 256;
/// Threads up to which it is looked for where to cut one population alone.
const FEW_THREADS: u32 = 16;
/// Work of the busiest thread over that of the mean, up to which rows are not cut for the others' sake.
const UNEVEN: f64 = 1.05;

/// A population, to be divided.
struct Lot {
    neurons: u32,
    /// Of a block.
    most: u32,
    /// Synapses and neurons.
    work: f64,
}

/// How a population is divided.
pub(crate) struct Division {
    /// Neurons of a block, at least 1.
    pub(crate) size: u32,
    /// Of a neuron.
    pub(crate) work: f64,
}

/// Of each population: chosen by the user, or for so many threads, and so small that the synapses of one projection onto a block are
/// numbered by u32.
pub(crate) fn of(description: &Description, threads: usize) -> Vec<Division> {
    let lots: Vec<Lot> = (0..description.populations.len()).map(|population| lot(description, population)).collect();
    let sizes = match description.block_size {
        Some(size) => vec![size.clamp(1, MAX_BLOCK); lots.len()],
        None => sizes(&lots, threads.clamp(1, 1 << 16) as u32),
    };
    let divided = |(lot, size): (&Lot, u32)| Division { size, work: lot.work_of_one() };
    lots.iter().zip(sizes).map(divided).collect()
}

impl Lot {
    fn work_of_one(&self) -> f64 {
        self.work / f64::from(self.neurons)
    }
}

fn lot(description: &Description, population: usize) -> Lot {
    let most = match &description.populations[population].cells {
        CellsSpec::Lif(lif) if !matches!(lif.synapse, SynapseSpec::Delta) => MOST_WITH_CURRENTS,
        CellsSpec::Lif(_) => MAX_BLOCK,
        _ => return Lot { neurons: 1, most: 1, work: 0.0 },
    };
    let neurons = description.size(population).max(1);
    let onto = description.projections.iter().filter(|spec| spec.target.index() == population);
    let synapses: Vec<f64> = onto.map(|spec| description.expected_synapses(spec)).collect();
    let in_degree = synapses.iter().copied().fold(0.0, f64::max) / f64::from(neurons);
    let numbered = (f64::from(1u32 << 31) / in_degree).max(1.0) as u32;
    Lot { neurons, most: most.min(numbered), work: synapses.iter().sum::<f64>() + f64::from(neurons) }
}

/// As few blocks as there can be, where they can be dealt out evenly; if not, where that needs no more than a cut of the population with most work;
/// otherwise as many of each population for every thread.
fn sizes(lots: &[Lot], threads: u32) -> Vec<u32> {
    let of = |threads| lots.iter().map(|lot| block_size(lot, threads)).collect::<Vec<_>>();
    let mean = lots.iter().map(|lot| lot.work).sum::<f64>() / f64::from(threads);
    let is_even = |sizes: &Vec<u32>| busiest(lots, sizes, threads) <= UNEVEN * mean;
    let few = of(1);
    if is_even(&few) { few } else { one_cut(lots, &few, threads, is_even).unwrap_or_else(|| of(threads)) }
}

/// Sizes of which only that of the population with most work is smaller than `few`, if any are even.
fn one_cut(lots: &[Lot], few: &[u32], threads: u32, is_even: impl Fn(&Vec<u32>) -> bool) -> Option<Vec<u32>> {
    let (largest, lot) = lots.iter().enumerate().max_by(|(_, a), (_, b)| a.work.total_cmp(&b.work))?;
    // one thread then has neurons of one kind, and another those of another: they have to be as much work
    let is_like =
        |other: &Lot| other.most == lot.most && (0.5..1.5).contains(&(other.work_of_one() / lot.work_of_one()));
    let alike = lots.iter().filter(|other| other.work > 0.0).all(is_like);
    // blocks of a population that is cut anyway are better small (ADR 0014)
    if threads > FEW_THREADS || lot.neurons > lot.most || !alike {
        return None;
    }
    let most = lot.neurons / GROUP;
    let least = lot.neurons.div_ceil(threads).max(LEAST) / GROUP;
    let cut = |groups: u32| {
        let mut sizes = few.to_vec();
        sizes[largest] = groups * GROUP;
        sizes
    };
    (least.max(1)..=most).rev().map(cut).find(is_even)
}

fn block_size(lot: &Lot, threads: u32) -> u32 {
    let blocks = lot.neurons.div_ceil(lot.most).next_multiple_of(threads);
    let size = lot.neurons.div_ceil(blocks).max(LEAST);
    let whole = size.next_multiple_of(GROUP);
    if f64::from(whole) <= UNEVEN * f64::from(size) { whole.min(lot.most) } else { size.min(lot.most) }
}

/// Work of the busiest thread if each takes the largest block that is left, whenever it has none.
fn busiest(lots: &[Lot], sizes: &[u32], threads: u32) -> f64 {
    let of_lot = |(lot, &size): (&Lot, &u32)| {
        let (neurons, work) = (lot.neurons, lot.work_of_one());
        (0..neurons).step_by(size as usize).map(move |first| work * f64::from(size.min(neurons - first)))
    };
    let mut blocks: Vec<f64> = lots.iter().zip(sizes).flat_map(of_lot).collect();
    blocks.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut busy = vec![0.0f64; threads as usize];
    for block in blocks {
        let least = busy.iter_mut().min_by(|a, b| a.total_cmp(b)).expect("there is a thread");
        *least += block;
    }
    busy.into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(neurons: u32, most: u32) -> Lot {
        Lot { neurons, most, work: f64::from(neurons) }
    }

    #[test]
    fn every_thread_has_as_many_blocks() {
        // whole groups, if that leaves no thread with much less
        assert_eq!(block_size(&lot(8000, MAX_BLOCK), 1), 8192);
        assert_eq!(block_size(&lot(8000, MAX_BLOCK), 3), 2667);
        assert_eq!(block_size(&lot(1_000_000, MAX_BLOCK), 1), 62_720);
        assert_eq!(block_size(&lot(1_000_000, MAX_BLOCK), 3), 55_808);
        assert_eq!(block_size(&lot(20_000, MOST_WITH_CURRENTS), 1), 10_240);
        assert_eq!(block_size(&lot(100, MAX_BLOCK), 64), 512);
        assert_eq!(block_size(&lot(1000, 100), 1), 100);
        assert_eq!(block_size(&lot(u32::MAX, MAX_BLOCK), 1024), 65_536);
    }

    #[test]
    fn populations_are_cut_only_where_threads_would_have_nothing_to_do() {
        let of = |neurons: &[u32], threads| {
            let lots: Vec<Lot> = neurons.iter().map(|&neurons| lot(neurons, MOST_WITH_CURRENTS)).collect();
            sizes(&lots, threads)
        };
        assert_eq!(of(&[8000, 2000], 1), [8192, 2048]);
        // a thread would have 8000 of 10 000: 5120 on one, 2880 and 2000 on the other
        assert_eq!(of(&[8000, 2000], 2), [5120, 2048]);
        // 3000 for a thread would leave 3300 for another
        assert_eq!(of(&[4500, 4500], 2), [4608, 4608]);
        assert_eq!(of(&[4500, 4500], 4), [1125, 1125]);
        assert_eq!(of(&[20_000, 5000], 2), [10_240, 2560], "it is cut anyway");
        // of other neurons nobody knows how much more work they are
        let other = Lot { most: MAX_BLOCK, ..lot(2000, MOST_WITH_CURRENTS) };
        assert_eq!(sizes(&[lot(8000, MOST_WITH_CURRENTS), other], 2), [4096, 1024]);
        // 2191 + 583 + 547 + 485 on one, 2068 + 1439 + 294 + 106 on the other
        let microcircuit = [2068, 583, 2191, 547, 485, 106, 1439, 294];
        assert_eq!(of(&microcircuit, 2), of(&microcircuit, 1));
        assert_eq!(of(&microcircuit, 4), microcircuit.map(|neurons| block_size(&lot(neurons, MOST_WITH_CURRENTS), 4)));
    }
}

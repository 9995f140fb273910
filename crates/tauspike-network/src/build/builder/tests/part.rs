//! A part of a network is what the whole has there, and no more is drawn for it than must be.

use super::*;
use crate::draw::pick::UNITS;
use crate::fanout::Rows;

/// Everything an engine can see of the rows of one block, bit by bit.
fn bits(rows: &Rows) -> (Vec<u32>, Vec<u16>, Vec<[u64; 2]>) {
    let synapses = rows.sources().flat_map(|source| rows.delayed(source));
    let values = synapses.map(|(k, delay)| [rows.weights.get(k).to_bits(), delay.to_bits()]);
    (rows.offsets.clone(), rows.targets.clone(), values.collect())
}

proptest! {
    #[test]
    fn the_parts_of_a_network_are_those_of_the_whole(
        case in cases(), ranks in 1..8usize, block_size in 1..12u32, threads in 1..4usize,
    ) {
        let mut builder = case.builder();
        builder.block_size(Some(block_size));
        let whole = builder.clone().build(&ONE_THREAD).unwrap();
        let rows_of_whole = whole.projections()[0].stored().unwrap();
        let mut synapses = 0;
        let options = BuildOptions { threads, ..ONE_THREAD };
        let shares: Vec<_> = (0..ranks)
            .map(|rank| builder.clone().build_share(&options, |block| block % ranks == rank).unwrap())
            .collect();
        let together = shares.iter().fold(shares[0].clone(), |share, other| share.with_delays(&other.delays()));
        prop_assert_eq!(together.delays(), whole.delays());
        for (rank, share) in shares.iter().enumerate() {
            let part = builder.clone().build_part(&options, |block| block % ranks == rank).unwrap();
            prop_assert_eq!(part.blocks(), whole.blocks());
            prop_assert_eq!(part.blocks(), &builder.blocks(&options)[..]);
            prop_assert_eq!(part.min_delay().to_bits(), whole.min_delay().to_bits());
            prop_assert_eq!(part.max_delay().to_bits(), whole.max_delay().to_bits());
            let rows_of_part = part.projections()[0].stored().unwrap();
            prop_assert_eq!(rows_of_part.len(), rows_of_whole.len());
            for (block, (mine, all)) in rows_of_part.iter().zip(rows_of_whole).enumerate() {
                prop_assert_eq!(part.has_rows_of(block), block % ranks == rank);
                if part.has_rows_of(block) {
                    prop_assert_eq!(bits(mine), bits(all));
                    prop_assert_eq!(bits(&share.projections()[0].stored().unwrap()[block]), bits(all));
                } else {
                    prop_assert!(mine.bytes() == 0 && (0..case.sources.max(case.targets)).all(|s| mine.row(s).is_empty()));
                }
            }
            synapses += part.synapses();
        }
        prop_assert_eq!(synapses, whole.synapses());
    }
}

/// Ten blocks of ten targets, of which one is asked for: its ten targets are drawn twice, to count and to fill.
#[test]
fn what_leads_to_other_blocks_is_not_drawn() {
    let drawn_delay = || Some(Distribution::normal(1.5, Spread::Cv(0.5)).into());
    let units = |case: Case, asked: &[usize]| {
        let mut builder = case.builder();
        builder.block_size(Some(10));
        UNITS.set(0);
        let part = builder.build_part(&ONE_THREAD, |block| asked.contains(&block)).unwrap();
        (UNITS.get(), part.min_delay())
    };
    for (delay, smallest) in [(Some(1.5.into()), 1.5), (drawn_delay(), 0.0)] {
        for rule in [Rule::FixedInDegree(30), Rule::FixedTotal(3000)] {
            let case = Case { delay: delay.clone(), ..Case::of(rule) };
            let (drawn, min_delay) = units(case.clone(), &[3]);
            assert!(drawn == 20 && min_delay >= smallest, "{case:?}: {drawn} units");
            assert_eq!(min_delay, case.build().min_delay());
        }
    }
    // whether a pair is joined is known only when it is drawn: each other block up to its first synapse, or all for their delays
    let bernoulli = Case::of(Rule::PairwiseBernoulli(0.5));
    assert_eq!(units(bernoulli.clone(), &[3]).0, 20 + 9);
    assert_eq!(units(Case { delay: drawn_delay(), ..bernoulli }, &[3]).0, 20 + 90);
    // the source does not say which block a target is in
    let by_source = Case::of(Rule::FixedOutDegree(30));
    assert_eq!(units(by_source.clone(), &[3]).0, 200);
    assert_eq!(units(by_source.clone(), &[]), (0, 1.5));
    let drawn = Case { delay: drawn_delay(), ..by_source };
    assert_eq!(units(drawn.clone(), &[]), (0, drawn.build().min_delay()));
}

#[test]
fn the_memory_of_a_part_is_predicted_for_the_part() {
    let mut builder = Case::of(Rule::FixedInDegree(30)).builder();
    builder.block_size(Some(10));
    let whole = builder.predict().bytes;
    let options = |bytes| BuildOptions { memory_limit: Some(bytes), ..ONE_THREAD };
    assert!(builder.clone().build_part(&options(whole / 5), |block| block == 3).is_ok());
    assert!(builder.clone().build_part(&options(whole / 5), |block| block < 5).is_err());
    assert!(builder.build_part(&options(whole), |_| true).is_ok());
}

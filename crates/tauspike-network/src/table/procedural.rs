//! A fan-out that is not stored: the row of a source is drawn anew, from its key, whenever the source fires.
//!
//! What a table of 10^9 synapses costs in memory, this costs in time: a few ns more per arrival. Every draw is a function of (seed,
//! projection, source, index), so the row is the same each time, and the same that would have been stored. That holds
//! for rules that go by source; a row of a rule that goes by target could only be found by drawing all targets. (Knight and Nowotny
//! 2021, Nat Comput Sci 1:136, do this on GPUs.)
//!
//! Rows of drawn delays would have to be sorted by delay each time; they are refused.

use crate::draw::key::Key;
use crate::draw::partners::Choice;
use crate::draw::pick::Seen;
use crate::draw::values::Values;
use crate::table::column::Column;
use crate::table::delays::Delays;
use crate::table::rows::Rows;

/// The recipe of a projection with a fixed out-degree and one delay.
#[derive(Clone, Debug)]
pub struct Procedural {
    pub(crate) choice: Choice,
    pub(crate) sources: u32,
    pub(crate) degree: u32,
    pub(crate) weights: Values<'static>,
    /// ms.
    pub(crate) delay: f64,
    /// Targets per block.
    pub(crate) block_size: u32,
    /// Of each block, whether its synapses are asked for. The others are drawn all the same, for the row is one stream of draws, but
    /// not kept.
    pub(crate) built: Vec<bool>,
}

/// The rows of some sources, by block. Reused: its memory grows to what was needed most.
#[derive(Debug, Default)]
pub struct Redrawn {
    blocks: Vec<Rows>,
    seen: Option<Seen>,
}

impl Redrawn {
    /// One table per block of the target population; row k of each is that of the k-th source given to [`Procedural::redraw`].
    /// Synapses of a row onto one target are in the order of generation.
    pub fn blocks(&self) -> &[Rows] {
        &self.blocks
    }
}

impl Procedural {
    /// Number of synapses.
    pub fn synapses(&self) -> u64 {
        u64::from(self.sources) * u64::from(self.degree)
    }

    /// Synapses of each source.
    pub fn degree(&self) -> u32 {
        self.degree
    }

    /// The weight of all synapses, mV or pA, if they have one.
    pub fn weight(&self) -> Option<f64> {
        self.weights.shared()
    }

    /// The delay of all synapses, ms.
    pub fn delay(&self) -> f64 {
        self.delay
    }

    /// All that says which pairs are joined.
    pub(crate) fn pair_words(&self) -> Vec<u64> {
        let Choice { key: Key { seed, domain: _ }, population, excludes_self, multapses } = self.choice;
        let [sources, degree, targets] = [self.sources, self.degree, population].map(u64::from);
        vec![seed, sources, degree, targets, u64::from(excludes_self), u64::from(multapses)]
    }

    /// All that says which weights they get.
    pub(crate) fn weight_words(&self) -> Vec<u64> {
        match &self.weights {
            Values::Shared(value) => vec![value.to_bits()],
            Values::Drawn { sampler, key, step, least_steps } => {
                let mut words = vec![key.seed, step.unwrap_or(0.0).to_bits(), least_steps.to_bits()];
                sampler.words(&mut words);
                words
            }
            Values::Listed(values) => values.iter().map(|value| value.to_bits()).collect(),
        }
    }

    /// Replaces what is in `into` by the rows of `sources` (positions in the source population).
    pub fn redraw(&self, sources: impl IntoIterator<Item = u32>, into: &mut Redrawn) {
        into.blocks.resize_with(self.built.len(), || self.empty());
        for rows in &mut into.blocks {
            rows.offsets.truncate(1);
            rows.targets.clear();
            if let Column::Single(weights) = &mut rows.weights {
                weights.clear();
            }
        }
        // only draws without repetition look into it
        let members = if self.choice.multapses { 0 } else { self.choice.population };
        let seen = into.seen.get_or_insert_with(|| Seen::new(members));
        for source in sources {
            let mut weights = self.weights.of_unit(source);
            self.choice.draw(source, self.degree, seen, |target, k| {
                let weight = weights.next(k);
                let block = (target / self.block_size) as usize;
                if !self.built[block] {
                    return;
                }
                let rows = &mut into.blocks[block];
                rows.targets.push((target % self.block_size) as u16);
                if let Column::Single(column) = &mut rows.weights {
                    column.push(weight as f32);
                }
            });
            for rows in &mut into.blocks {
                rows.offsets.push(rows.targets.len() as u32);
            }
        }
    }

    fn empty(&self) -> Rows {
        let weights = self.weights.shared().map_or(Column::Single(Vec::new()), Column::Shared);
        Rows {
            listed: Vec::new(),
            offsets: vec![0],
            targets: Vec::new(),
            weights,
            delays: Delays::Each(Column::Shared(self.delay)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::fanout::FanOut;
    use crate::{BuildOptions, Distribution, LifSpec, Network, NetworkBuilder, ProjectionSpec, Rule, Spread};

    fn network(procedural: bool, multapses: bool, block_size: u32) -> Network {
        builder(procedural, multapses, block_size).build(&BuildOptions::default()).unwrap()
    }

    fn builder(procedural: bool, multapses: bool, block_size: u32) -> NetworkBuilder {
        let mut builder = NetworkBuilder::new(5);
        let p = builder.population("P", 70, LifSpec::default());
        builder.block_size(Some(block_size));
        for (name, autapses) in [("a", true), ("b", false)] {
            let weight = Distribution::normal(0.0, Spread::Sd(1.0)).truncated(Some(-5.0), Some(5.0));
            let rule = Rule::FixedOutDegree(20);
            let spec = ProjectionSpec::new(name, (p, p), rule).delay(1.5);
            let spec = if autapses { spec.weight(0.1) } else { spec.weight(weight) };
            builder.project(ProjectionSpec { autapses, multapses, procedural, ..spec });
        }
        builder
    }

    #[test]
    fn a_redrawn_row_is_the_stored_row() {
        for (multapses, block_size) in [(true, 70), (true, 7), (false, 16), (false, 1)] {
            let (stored, redrawn) = (network(false, multapses, block_size), network(true, multapses, block_size));
            assert_eq!((stored.synapses(), redrawn.synapses()), (2800, 2800));
            assert_eq!((redrawn.min_delay(), redrawn.max_delay()), (1.5, 1.5));
            assert!(redrawn.bytes() < 100 && stored.bytes() > 5600);
            for projection in 0..2 {
                assert!(stored.synapses_of(projection).eq(redrawn.synapses_of(projection)), "{projection} {multapses}");
            }
        }
    }

    #[test]
    fn rows_drawn_together_are_those_drawn_alone() {
        let network = network(true, false, 16);
        let FanOut::Procedural(procedural) = &network.projections()[1].fan_out else { panic!("stored") };
        let (mut together, mut alone) = (Redrawn::default(), Redrawn::default());
        procedural.redraw([3, 69], &mut together);
        procedural.redraw([3, 69, 0, 69], &mut together);
        for (row, source) in [3, 69, 0, 69].into_iter().enumerate() {
            procedural.redraw([source], &mut alone);
            for (a, b) in together.blocks().iter().zip(alone.blocks()) {
                let (a_row, b_row) = (a.row(row as u32), b.row(0));
                assert_eq!(a.targets[a_row.clone()], b.targets[b_row.clone()]);
                assert!(a_row.map(|k| a.weights.get(k)).eq(b_row.map(|k| b.weights.get(k))));
            }
        }
    }

    #[test]
    fn a_part_redraws_the_rows_of_its_blocks_alone() {
        for multapses in [true, false] {
            let part = builder(true, multapses, 16).build_part(&BuildOptions::default(), |b| b % 2 == 1).unwrap();
            let stored = network(false, multapses, 16);
            for (projection, whole) in part.projections().iter().zip(stored.projections()) {
                let FanOut::Procedural(procedural) = &projection.fan_out else { panic!("stored") };
                let mut redrawn = Redrawn::default();
                procedural.redraw([69, 3], &mut redrawn);
                for (block, (mine, all)) in redrawn.blocks().iter().zip(whole.stored().unwrap()).enumerate() {
                    for (row, source) in [69, 3].into_iter().enumerate() {
                        let synapses = |rows: &Rows, row| -> Vec<_> {
                            rows.row(row).map(|k| (rows.targets[k], rows.weights.get(k).to_bits())).collect()
                        };
                        let mut redrawn = synapses(mine, row as u32);
                        redrawn.sort_by_key(|(target, _)| *target);
                        let expected = if block % 2 == 1 { synapses(all, source) } else { Vec::new() };
                        assert_eq!(redrawn, expected, "block {block}, source {source}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_redrawn_is_refused() {
        let refusal = |rule, change: fn(ProjectionSpec) -> ProjectionSpec| {
            let mut builder = NetworkBuilder::new(1);
            let p = builder.population("P", 9, LifSpec::default());
            builder.project(change(ProjectionSpec::new("x", (p, p), rule).weight(1.0).delay(1.0).procedural()));
            builder.validate().unwrap_err().to_string()
        };
        let by_target = refusal(Rule::FixedInDegree(3), |spec| spec);
        assert!(by_target.contains("procedural") && by_target.contains("fixed_outdegree"), "{by_target}");
        let delay = refusal(Rule::FixedOutDegree(3), |spec| spec.delay(Distribution::uniform(1.0, 2.0)));
        assert!(delay.contains("delay") && delay.contains("one value"), "{delay}");
        let weight = refusal(Rule::FixedOutDegree(3), |spec| spec.weight(Distribution::normal(0.0, Spread::Sd(1.0))));
        assert!(weight.contains("weight") && weight.contains("`min` and `max`"), "{weight}");
    }
}

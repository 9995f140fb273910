//! The sources of one target under a rule. Pure functions of (seed, projection, target), so a block can be generated alone, and
//! twice: once to count, once to fill.

use crate::draw::key::Key;
use crate::draw::pick::{Picks, Seen};

/// The rules that can be generated target by target.
pub(crate) enum Partners<'a> {
    InDegree(u32),
    /// One in-degree per target: a fixed total, already split.
    InDegrees(Vec<u32>),
    Bernoulli(f64),
    OneToOne,
    AllToAll,
    Listed(ByTarget<'a>),
}

/// Who may be chosen, and under which key.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) key: Key,
    /// Members to choose from.
    pub(crate) population: u32,
    /// A unit may not choose its own position.
    pub(crate) excludes_self: bool,
    pub(crate) multapses: bool,
}

impl Choice {
    /// Number of members a unit can choose.
    pub(crate) fn candidates(&self) -> u32 {
        self.population - u32::from(self.excludes_self)
    }

    /// Position of candidate number `candidate` of `unit`: its own position is skipped.
    #[inline(always)]
    fn position(&self, unit: u32, candidate: u32) -> u32 {
        candidate + u32::from(self.excludes_self && candidate >= unit)
    }

    /// `degree` members drawn uniformly for `unit`.
    #[inline(always)]
    pub(crate) fn draw(&self, unit: u32, degree: u32, seen: &mut Seen, mut visit: impl FnMut(u32, u32)) {
        let mut picks = Picks::new(self.key, unit);
        let candidates = self.candidates();
        if self.multapses {
            (0..degree).for_each(|k| visit(self.position(unit, picks.below(candidates)), k));
        } else {
            let mut k = 0;
            picks.distinct(degree, candidates, seen, |candidate| {
                visit(self.position(unit, candidate), k);
                k += 1;
            });
        }
    }
}

impl Partners<'_> {
    /// Calls `visit(source, k)` for each synapse onto `target`: k counts from 0, or is the index in the explicit list.
    #[inline(always)]
    pub(crate) fn each_source(&self, choice: &Choice, target: u32, seen: &mut Seen, mut visit: impl FnMut(u32, u32)) {
        match self {
            Partners::InDegree(degree) => choice.draw(target, *degree, seen, visit),
            Partners::InDegrees(degrees) => choice.draw(target, degrees[target as usize], seen, visit),
            Partners::Bernoulli(p) if *p < 1.0 => {
                let mut k = 0;
                Picks::new(choice.key, target).bernoulli(*p, choice.candidates(), |candidate| {
                    visit(choice.position(target, candidate), k);
                    k += 1;
                });
            }
            Partners::Bernoulli(_) | Partners::AllToAll => {
                (0..choice.candidates()).for_each(|k| visit(choice.position(target, k), k));
            }
            Partners::OneToOne => visit(target, 0),
            Partners::Listed(list) => list.of(target).iter().for_each(|&k| visit(list.pre[k as usize], k)),
        }
    }

    /// Calls `visit(k)` for each synapse onto `target`, as [`Partners::each_source`] does. No source is drawn, except where only the
    /// draws tell how many there are.
    pub(crate) fn each_number(&self, choice: &Choice, target: u32, seen: &mut Seen, mut visit: impl FnMut(u32)) {
        match self {
            Partners::InDegree(degree) => (0..*degree).for_each(visit),
            Partners::InDegrees(degrees) => (0..degrees[target as usize]).for_each(visit),
            Partners::Bernoulli(p) if *p < 1.0 => self.each_source(choice, target, seen, |_, k| visit(k)),
            Partners::Bernoulli(_) | Partners::AllToAll => (0..choice.candidates()).for_each(visit),
            Partners::OneToOne => visit(0),
            Partners::Listed(list) => list.of(target).iter().for_each(|&k| visit(k)),
        }
    }
}

/// An explicit list, grouped by target; the order of the list is kept inside a group.
pub(crate) struct ByTarget<'a> {
    pre: &'a [u32],
    starts: Vec<u32>,
    entries: Vec<u32>,
}

impl<'a> ByTarget<'a> {
    /// Counting sort. Every `post` is below `targets` and there are fewer than 2^32 entries (validated).
    pub(crate) fn new(pre: &'a [u32], post: &[u32], targets: u32) -> Self {
        let mut starts = vec![0u32; targets as usize + 1];
        post.iter().for_each(|&t| starts[t as usize + 1] += 1);
        (0..targets as usize).for_each(|t| starts[t + 1] += starts[t]);
        let mut entries = vec![0; post.len()];
        for (k, &target) in post.iter().enumerate() {
            entries[starts[target as usize] as usize] = k as u32;
            starts[target as usize] += 1;
        }
        // Each start has moved to the end of its group, which is the start of the next.
        starts.copy_within(0..targets as usize, 1);
        starts[0] = 0;
        Self { pre, starts, entries }
    }

    fn of(&self, target: u32) -> &[u32] {
        let t = target as usize;
        &self.entries[self.starts[t] as usize..self.starts[t + 1] as usize]
    }
}

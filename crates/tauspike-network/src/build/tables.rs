//! The fan-out tables of all projections.

use crate::build::by_source::BySource;
use crate::build::by_target;
use crate::build::drive::Drives;
use crate::build::extent::Extent;
use crate::build::layout::Layout;
use crate::build::parallel;
use crate::build::plan::{Plan, PlanRule};
use crate::build::values::SynapseValues;
use crate::describe::description::Description;
use crate::describe::rule::Rule;
use crate::describe::spec::ProjectionSpec;
use crate::draw::partners::Partners;
use crate::draw::values::Values;
use crate::error::NetworkError;
use crate::table::fanout::{Delays, FanOut, Projection, Rows};
use std::ops::Range;

/// What the tables are made from.
pub(crate) struct Tables<'a> {
    pub(crate) description: &'a Description,
    pub(crate) layout: &'a Layout,
    pub(crate) drives: &'a Drives<'a>,
    /// Whether delays are those of all blocks, or of those that are asked for.
    pub(crate) all_delays: bool,
}

/// One block of a projection by target.
struct Task<'a> {
    projection: usize,
    partners: &'a Partners<'a>,
    positions: Range<u32>,
    asked: bool,
}

/// The rows of the blocks of a projection, and its delays.
struct Filled {
    blocks: Vec<Rows>,
    delays: Extent,
}

impl Tables<'_> {
    /// Rules that go by target give one task per block, of all projections together; those that go by source are done one projection
    /// at a time.
    pub(crate) fn all(&self, threads: usize) -> Result<Vec<Projection>, NetworkError> {
        let specs = &self.description.projections;
        let plan = |(ordinal, spec)| Plan::of(self.description, ordinal, spec);
        let plans: Vec<Plan> = (0..).zip(specs).map(plan).collect::<Result<_, _>>()?;
        let mut tasks = Vec::new();
        for (projection, (spec, plan)) in specs.iter().zip(&plans).enumerate() {
            if let PlanRule::ByTarget(partners) = &plan.rule {
                let targets = self.layout.targets(spec.target.index());
                let of_block = |(positions, asked): (_, &bool)| Task { projection, partners, positions, asked: *asked };
                tasks.extend(targets.positions().zip(targets.asked).map(of_block));
            }
        }
        let built = parallel::map(threads, tasks, |task| {
            let (spec, plan) = (&specs[task.projection], &plans[task.projection]);
            self.block(spec, plan, &task).map(|(rows, delays)| (task.projection, rows, delays))
        });
        let mut filled: Vec<Filled> =
            plans.iter().map(|_| Filled { blocks: Vec::new(), delays: Extent::NONE }).collect();
        for result in built {
            let (projection, rows, delays) = result?;
            filled[projection].blocks.push(rows);
            filled[projection].delays = filled[projection].delays.with(delays);
        }
        let parts = specs.iter().zip(plans).zip(filled);
        parts.map(|((spec, plan), filled)| self.projection(spec, plan, filled, threads)).collect()
    }

    /// Refuses what [`Tables::all`] would, had it drawn these rows now: in the same order.
    pub(crate) fn check(&self, projections: &[Projection]) -> Result<(), NetworkError> {
        let numbered = || (0..).zip(self.description.projections.iter().zip(projections));
        let by_source = |spec: &ProjectionSpec| matches!(spec.rule, Rule::FixedOutDegree(_));
        let first = numbered().filter(|(_, (spec, _))| !by_source(spec));
        for (ordinal, (spec, projection)) in first.chain(numbered().filter(|(_, (spec, _))| by_source(spec))) {
            let weights = SynapseValues::of(spec, self.description.seed, ordinal)?.weights;
            let targets = self.layout.targets(spec.target.index());
            for (rows, positions) in projection.stored().into_iter().flatten().zip(targets.positions()) {
                self.check_weights(spec, &weights, positions.start, rows)?;
            }
        }
        Ok(())
    }

    /// The rows of one block, and its delays.
    fn block(&self, spec: &ProjectionSpec, plan: &Plan, task: &Task) -> Result<(Rows, Extent), NetworkError> {
        if !task.asked && !self.all_delays {
            return Ok((Rows::absent(), Extent::NONE));
        }
        if !task.asked {
            return Ok((Rows::absent(), by_target::delays_alone(plan, task.partners, task.positions.clone())));
        }
        let rows = by_target::rows(plan, task.partners, task.positions.clone())?;
        self.check_weights(spec, &plan.weights, task.positions.start, &rows)?;
        let delays = match &rows.delays {
            Delays::Each(column) => Extent::of_column(column, rows.targets.len()),
            Delays::Runs(_) => {
                let runs = rows.sources().flat_map(|source| rows.pieces(source));
                Extent::of(runs.map(|(_, delay)| delay))
            }
        };
        Ok((rows, delays))
    }

    /// The finished projection; `filled` is so if its rule goes by target.
    fn projection(
        &self,
        spec: &ProjectionSpec,
        plan: Plan,
        filled: Filled,
        threads: usize,
    ) -> Result<Projection, NetworkError> {
        let targets = self.layout.targets(spec.target.index());
        let (fan_out, delays) = match plan.rule {
            PlanRule::ByTarget(_) => (FanOut::Stored(filled.blocks), filled.delays),
            PlanRule::BySource(degree) if spec.procedural => {
                let procedural = plan.procedural(degree, targets)?;
                let any = procedural.synapses() > 0;
                let delays = if any { Extent::NONE.and(procedural.delay()) } else { Extent::NONE };
                (FanOut::Procedural(procedural), delays)
            }
            PlanRule::BySource(degree) => {
                let (blocks, delays) = BySource::new(&plan, degree, targets).tables(threads, self.all_delays)?;
                for (rows, positions) in blocks.iter().zip(targets.positions()) {
                    self.check_weights(spec, &plan.weights, positions.start, rows)?;
                }
                (FanOut::Stored(blocks), delays)
            }
        };
        if let Some(value) = delays.endless() {
            return Err(NetworkError::value(&spec.owner(), "delay", value, "draws within the range of f32"));
        }
        let (name, source, target) = (spec.name.clone(), spec.source.0, spec.target.0);
        // no synapse has no smallest delay, but 0 is its largest
        Ok(Projection { name, source, target, fan_out, min_delay: delays.low, max_delay: delays.high.max(0.0) })
    }

    /// Refuses drawn weights that are not allowed; given ones have been checked.
    fn check_weights(
        &self,
        spec: &ProjectionSpec,
        weights: &Values,
        first: u32,
        rows: &Rows,
    ) -> Result<(), NetworkError> {
        match weights {
            Values::Drawn { .. } => self.drives.rows(&spec.owner(), spec.target.index(), first, rows),
            Values::Shared(_) | Values::Listed(_) => Ok(()),
        }
    }
}

//! The fan-out tables of all projections.

use crate::build::by_source::BySource;
use crate::build::by_target;
use crate::build::extent::Extent;
use crate::build::layout::Layout;
use crate::build::parallel;
use crate::build::plan::{Plan, PlanRule};
use crate::describe::description::Description;
use crate::describe::spec::ProjectionSpec;
use crate::draw::partners::Partners;
use crate::error::NetworkError;
use crate::table::fanout::{FanOut, Projection, Rows};
use std::ops::Range;

/// One block of a projection by target.
struct Task<'a> {
    projection: usize,
    partners: &'a Partners<'a>,
    positions: Range<u32>,
    asked: bool,
}

/// Rules that go by target give one task per block, of all projections together; those that go by source are done one projection at a
/// time.
pub(crate) fn all(description: &Description, layout: &Layout, threads: usize) -> Result<Vec<Projection>, NetworkError> {
    let specs = &description.projections;
    let plans: Vec<Plan> =
        (0..).zip(specs).map(|(ordinal, spec)| Plan::of(description, ordinal, spec)).collect::<Result<_, _>>()?;
    let mut tasks = Vec::new();
    for (projection, (spec, plan)) in specs.iter().zip(&plans).enumerate() {
        if let PlanRule::ByTarget(partners) = &plan.rule {
            let targets = layout.targets(spec.target.index());
            let of_block = |(positions, asked): (_, &bool)| Task { projection, partners, positions, asked: *asked };
            tasks.extend(targets.positions().zip(targets.asked).map(of_block));
        }
    }
    let built = parallel::map(threads, tasks, |task| {
        let plan = &plans[task.projection];
        block(plan, &task).map(|(rows, delays)| (task.projection, rows, delays))
    });
    let mut tables: Vec<(Vec<Rows>, Extent)> = plans.iter().map(|_| (Vec::new(), Extent::NONE)).collect();
    for result in built {
        let (projection, rows, delays) = result?;
        let (blocks, all) = &mut tables[projection];
        blocks.push(rows);
        *all = all.with(delays);
    }
    let mut projections = Vec::with_capacity(plans.len());
    for ((spec, plan), table) in specs.iter().zip(plans).zip(tables) {
        projections.push(projection(spec, plan, table, layout, threads)?);
    }
    Ok(projections)
}

/// The rows of one block, and its delays.
fn block(plan: &Plan, task: &Task) -> Result<(Rows, Extent), NetworkError> {
    if !task.asked {
        return Ok((Rows::absent(), by_target::delays_alone(plan, task.partners, task.positions.clone())));
    }
    let rows = by_target::rows(plan, task.partners, task.positions.clone())?;
    let delays = Extent::of_column(&rows.delays, rows.targets.len());
    Ok((rows, delays))
}

/// The finished projection; `table` has been filled if its rule goes by target.
fn projection(
    spec: &ProjectionSpec,
    plan: Plan,
    table: (Vec<Rows>, Extent),
    layout: &Layout,
    threads: usize,
) -> Result<Projection, NetworkError> {
    let targets = layout.targets(spec.target.index());
    let (fan_out, delays) = match plan.rule {
        PlanRule::ByTarget(_) => (FanOut::Stored(table.0), table.1),
        PlanRule::BySource(degree) if spec.procedural => {
            let procedural = plan.procedural(degree, targets)?;
            let delays = if procedural.synapses() > 0 { Extent::NONE.and(procedural.delay()) } else { Extent::NONE };
            (FanOut::Procedural(procedural), delays)
        }
        PlanRule::BySource(degree) => {
            let (rows, delays) = BySource::new(&plan, degree, targets).tables(threads)?;
            (FanOut::Stored(rows), delays)
        }
    };
    refuse_endless(&spec.owner(), &fan_out, delays)?;
    let (name, source, target) = (spec.name.clone(), spec.source.0, spec.target.0);
    // no synapse has no smallest delay, but 0 is its largest
    Ok(Projection { name, source, target, fan_out, min_delay: delays.low, max_delay: delays.high.max(0.0) })
}

/// Draws are rounded to f32, which may be beyond its range.
fn refuse_endless(owner: &str, fan_out: &FanOut, delays: Extent) -> Result<(), NetworkError> {
    let FanOut::Stored(blocks) = fan_out else { return Ok(()) };
    let weights =
        blocks.iter().map(|b| Extent::of_column(&b.weights, b.targets.len())).fold(Extent::NONE, Extent::with);
    for (field, extent) in [("weight", weights), ("delay", delays)] {
        if let Some(value) = extent.endless() {
            return Err(NetworkError::value(owner, field, value, "draws within the range of f32"));
        }
    }
    Ok(())
}

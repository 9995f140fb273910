//! One rank's way through a run.
//!
//! As [`mod@crate::run`], with a meeting of all ranks after each step that can fail: nobody builds for an output that the first rank was
//! refused, and nobody waits for a rank that has no memory.

use crate::error::ScenarioError;
use crate::intervals::{self, Hearers};
use crate::ranks::alike;
use crate::ranks::line::{Heard, Line, Shared, lock};
use crate::ranks::part::Part;
use crate::ranks::talk::Ranks;
use crate::ranks::whole::{Place, Totals, Whole, sum_of};
use crate::ready::probes;
use crate::record::Record;
use crate::report::RunReport;
use crate::resume::Parent;
use crate::run::{RunOptions, check_threads, engine_error, populations};
use crate::scenario::{Described, Scenario};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tauspike_engine::{Counters, Options, Simulation};
use tauspike_network::{Fingerprint, Network, NetworkBuilder};
use tauspike_record::{CounterRow, Host, RankEntry, Resumed, Status, hostname};
use tauspike_spike::{ProbeRow, SinkError, Spike, SpikeSink};

type Result<T> = std::result::Result<T, ScenarioError>;

/// How a run of several ranks ended: for all of them, and what the first has to report.
pub struct SharedRun {
    /// Finished or interrupted.
    pub status: Status,
    /// Of the first rank.
    pub report: Option<RunReport>,
}

/// Runs the scenario together with the other ranks, which do the same. The spikes, and all files but those of ranks, are those of one
/// process. With `partitioned`, what the ranks recorded is left as it is: a data set in partitions, one for each rank.
///
/// # Errors
/// As [`crate::run()`], on any rank; all ranks end then. [`ScenarioError::Lost`] if one of them has gone.
#[allow(clippy::disallowed_methods, reason = "the times are told, and decide nothing")]
pub fn run(scenario: &Scenario, ranks: Ranks, options: RunOptions, partitioned: bool) -> Result<SharedRun> {
    let ranks = Arc::new(Mutex::new(ranks));
    alike::check(scenario, &ranks, &options, partitioned)?;
    let prepared = prepare(scenario, &options, lock(&ranks).rank().index == 0);
    let Prepared { builder, record, parent, place } = lock(&ranks).agree(prepared)?;
    let (network, build_s) = build(scenario, &ranks, builder, options.threads)?;
    let populations = populations(&network)?;
    let heard = place.as_ref().map(|_| Arc::new(Mutex::new(Some(Heard::new(&populations, scenario.warmup())))));
    let line = Line::new(ranks.clone(), heard.clone());
    let needs_fingerprint = parent.is_some() || options.save_snapshot.is_some();
    let whole_network = if needs_fingerprint { Some(fingerprint(&ranks, &network)?) } else { None };
    let started = start(scenario, &network, whole_network.as_ref(), options.threads, parent, line);
    let (mut simulation, resumed) = lock(&ranks).agree(started)?;
    let looking = simulation.set_probes(&probes(&record, &network)).map_err(|source| engine_error(scenario, source));
    lock(&ranks).agree(looking)?;
    if lock(&ranks).stopped() {
        return Err(ScenarioError::Stopped { file: scenario.file().to_owned() });
    }

    let entries = entries(&ranks, &simulation, build_s)?;
    let mut begun = match place {
        Some(place) => place.begin(scenario, &network, &record, (entries, resumed), options.threads).map(Some),
        None => Ok(None),
    };
    if let Ok(Some(whole)) = &mut begun {
        (whole.partitioned, whole.heard) = (partitioned, heard);
    }
    let mut whole = lock(&ranks).agree(begun)?;
    let rank = lock(&ranks).rank().index;
    let part = Part::create(options.out, rank, &record, &populations).map_err(ScenarioError::from);
    let part = lock(&ranks).agree(part.map(|part| Arc::new(Mutex::new(Some(part)))));
    if let Ok(part) = &part {
        // An error would have nobody to tell.
        let part = part.clone();
        lock(&ranks).when_lost(move || drop(lock(&part).take().map(|part| part.finish(None))));
    }

    let (before, save) = (simulation.counters(), options.save_snapshot.is_some());
    let running = Instant::now();
    let mut panic = None;
    let mut ended = match &part {
        Err(_) => Ok(()),
        Ok(part) => {
            let going = Going { scenario, ranks: &ranks, record: &record };
            let ran = || going.advance(&mut simulation, part, whole.as_mut(), options);
            let outcome = catch_unwind(AssertUnwindSafe(ran));
            let outcome = outcome.unwrap_or_else(|payload| {
                panic = Some(payload);
                Err(ScenarioError::Panic)
            });
            lock(&ranks).agree(outcome)
        }
    };
    let counted = simulation.counters().since(&before);
    let finishing = Instant::now();
    match part {
        Err(error) => ended = Err(error),
        Ok(part) => {
            let part = lock(&part).take();
            let saved = part.as_ref().filter(|_| save && ended.is_ok()).map_or(Ok(()), |part| part.save(&simulation));
            let finished = part.map_or(Ok(()), |part| part.finish(ended.is_ok().then_some(&counted)));
            let finished = finished.map_err(ScenarioError::from);
            // all tables are complete, or as complete as they can be, before the first rank looks at them
            ended = ended.and(lock(&ranks).agree(saved.and(finished)));
        }
    }
    let (run_s, finish_s) = (running.elapsed().as_secs_f64(), finishing.elapsed().as_secs_f64());
    let ended = ended.and_then(|()| Totals::of_all(&mut lock(&ranks), &simulation, &counted));
    let status = if simulation.now() >= scenario.duration() { Status::Finished } else { Status::Interrupted };
    let lost = lock(&ranks).lost();
    let report = match whole {
        Some(whole) => {
            whole.end(scenario, (&simulation, whole_network), ended, (build_s, run_s, finish_s), lost).map(Some)
        }
        None => ended.map(|_| None),
    };
    let report = lock(&ranks).agree(report);
    if let Some(payload) = panic {
        resume_unwind(payload);
    }
    report.map(|report| SharedRun { status, report })
}

/// What can be refused before anything is built.
struct Prepared<'a> {
    builder: NetworkBuilder,
    record: Record,
    parent: Option<Parent<'a>>,
    /// Of the first rank.
    place: Option<Place<'a>>,
}

fn prepare<'a>(scenario: &Scenario, options: &RunOptions<'a>, first: bool) -> Result<Prepared<'a>> {
    let Described { builder, record, .. } = scenario.described()?;
    check_threads(scenario, options.threads)?;
    let parent = options.resume.map(|path| Parent::read(path, scenario)).transpose()?;
    let place = if first { Some(Place::take(options)?) } else { None };
    Ok(Prepared { builder, record, parent, place })
}

/// This rank's part of the network, and how long it took, s.
#[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
fn build(
    scenario: &Scenario,
    ranks: &Shared<Ranks>,
    builder: NetworkBuilder,
    threads: usize,
) -> Result<(Arc<Network>, f64)> {
    // The division into blocks must be one for all.
    let most = lock(ranks).say(threads as u64, &[])?.heads.iter().map(|head| head[1] as usize).max();
    let rank = lock(ranks).rank();
    let building = Instant::now();
    let network = scenario.build_share(builder, rank, most.unwrap_or(threads));
    let build_s = building.elapsed().as_secs_f64();
    let network = lock(ranks).agree(network)?;
    let delays: Vec<u64> =
        network.delays().iter().flat_map(|(least, most)| [least.to_bits(), most.to_bits()]).collect();
    let mut ranks = lock(ranks);
    let all = ranks.say(0, &delays)?;
    let delays_of = |rank| -> Vec<(f64, f64)> {
        all.of(rank).chunks_exact(2).map(|pair| (f64::from_bits(pair[0]), f64::from_bits(pair[1]))).collect()
    };
    let network = (0..all.heads.len()).fold(network, |network, rank| network.with_delays(&delays_of(rank)));
    Ok((Arc::new(network), build_s))
}

/// Of the network that these parts make.
fn fingerprint(ranks: &Shared<Ranks>, network: &Network) -> Result<Fingerprint> {
    let words = Fingerprint::synapse_words(network);
    let mut ranks = lock(ranks);
    let of = ranks.rank().of;
    let all = ranks.say(0, &words)?;
    let all: Vec<Vec<u64>> = (0..of).map(|rank| all.of(rank).to_vec()).collect();
    let whole = Fingerprint::of_whole(network, &all).ok_or_else(|| ScenarioError::Rank {
        rank: 0,
        reason: "the ranks have different networks: is the scenario the same file for all of them?".into(),
        output: false,
    });
    ranks.agree(whole)
}

fn start(
    scenario: &Scenario,
    network: &Arc<Network>,
    whole: Option<&Fingerprint>,
    threads: usize,
    parent: Option<Parent>,
    line: Line,
) -> Result<(Simulation, Option<Resumed>)> {
    let options = Options { threads, ..Options::default() };
    match (parent, whole) {
        (Some(parent), Some(whole)) => {
            let (simulation, resumed) = parent.resume_shared((network.clone(), whole), options, Box::new(line))?;
            Ok((simulation, Some(resumed)))
        }
        _ => Simulation::with_exchange(network.clone(), options, Box::new(line))
            .map(|simulation| (simulation, None))
            .map_err(|source| engine_error(scenario, source)),
    }
}

/// What the manifest tells of each rank.
fn entries(ranks: &Shared<Ranks>, simulation: &Simulation, build_s: f64) -> Result<Vec<RankEntry>> {
    let mut ranks = lock(ranks);
    let (network, rank) = (simulation.network(), ranks.rank());
    let blocks = rank.blocks(network.blocks()).into_iter().map(|number| u64::from(network.blocks()[number].len));
    let has_sources =
        |p: &tauspike_network::population::Population| !matches!(p.cells, tauspike_network::population::Cells::Lif(_));
    let populations = network.populations().iter().enumerate();
    let sources = populations.filter(|(index, p)| has_sources(p) && rank.runs_sources_of(*index));
    let entry = RankEntry {
        rank: rank.index,
        hostname: hostname(),
        host: Host::here(),
        neurons: blocks.sum::<u64>() + sources.map(|(_, p)| u64::from(p.size)).sum::<u64>(),
        synapses: network.synapses(),
        network_bytes: network.bytes(),
        peak_bytes: None,
        build_s,
        exchange_s: 0.0,
    };
    let text = serde_json::to_vec(&entry).expect("plain data is always JSON");
    let all = ranks.say_bytes(&text)?;
    Ok(all.iter().filter_map(|text| serde_json::from_slice(text).ok()).collect())
}

/// The part of this rank, which another thread may complete while this one waits for the others.
struct OfPart<'a>(&'a Shared<Option<Part>>);

impl SpikeSink for OfPart<'_> {
    fn take(&mut self, spikes: &[Spike]) -> std::result::Result<(), SinkError> {
        lock(self.0).as_mut().map_or(Ok(()), |part| part.take(spikes))
    }

    fn take_probes(&mut self, rows: &[ProbeRow]) -> std::result::Result<(), SinkError> {
        lock(self.0).as_mut().map_or(Ok(()), |part| part.take_probes(rows))
    }
}

/// What a run goes by.
struct Going<'a> {
    scenario: &'a Scenario,
    ranks: &'a Shared<Ranks>,
    record: &'a Record,
}

impl Going<'_> {
    /// To the end, or until any rank has been asked to stop; interval after interval where counters are asked for.
    fn advance(
        &self,
        simulation: &mut Simulation,
        part: &Shared<Option<Part>>,
        mut whole: Option<&mut Whole>,
        options: RunOptions,
    ) -> Result<()> {
        let end = self.scenario.duration();
        let ranks = self.ranks;
        let mut watch = |now: f64| {
            (options.progress)(now, end);
            if let Some(part) = lock(part).as_mut() {
                part.reached(now);
            }
            if lock(ranks).stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let counted = |_: &mut OfPart, row: CounterRow| {
            let counted = self.counted_by_all(&row.counted)?;
            whole.as_mut().map_or(Ok(()), |whole| whole.take_counters(CounterRow { counted, ..row }))
        };
        let hearers = Hearers { sink: &mut OfPart(part), watch: &mut watch, counted };
        let failed = |source| engine_error(self.scenario, source);
        intervals::run(simulation, (end, self.record.counters_interval), hearers, failed)
    }

    fn counted_by_all(&self, mine: &Counters) -> Result<Counters> {
        let words = mine.entries().map(|(_, value)| value);
        let mut ranks = lock(self.ranks);
        let all = ranks.exchange(0, &words).map_err(|source| engine_error(self.scenario, source))?;
        Ok(sum_of(&all.words))
    }
}

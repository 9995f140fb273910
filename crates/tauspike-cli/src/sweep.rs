//! `sweep`: the command that runs a scenario many times.
//!
//! The first Ctrl-C (or SIGTERM) ends what is running; the same command goes on from there. `status` tells how far it is, `collect` makes
//! the data set and the figures, which the process that finds all runs there does by itself.

use crate::failure::{DONE, Failure, INTERRUPTED};
use crate::place::PlaceArgs;
use crate::{output, run};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, stderr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tauspike_sweep::{Collected, Progress, RunOptions, Shard, Status, Sweep, SweepError, collect, figure};

const ABOUT_FAILED_RUNS: &str = "\
A run that fails is a row like any other, with its error, and the sweep goes on: the exit code is 0, and standard error tells how many
failed, also with --quiet.";

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = ABOUT_FAILED_RUNS)]
pub struct SweepArgs {
    #[command(subcommand)]
    command: Option<SweepCommand>,
    /// A sweep file, or a folder with a sweep.toml
    #[arg(required = true)]
    sweep: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Runs at a time; fewer where memory does not suffice [default: cores / threads]
    #[arg(long)]
    jobs: Option<NonZeroUsize>,
    /// Threads of each run; no result depends on them
    #[arg(long, default_value = "1")]
    threads: NonZeroUsize,
    /// Memory for the runs of this process together, as `check` predicts it [default: 80 % of what is available]
    #[arg(long, value_name = "GIB")]
    memory_gib: Option<f64>,
    /// Run those again that failed
    #[arg(long)]
    retry: bool,
    /// Print nothing but errors
    #[arg(long, conflicts_with = "json")]
    quiet: bool,
}

#[derive(Subcommand)]
enum SweepCommand {
    /// Tell how many runs are there, and who is at work
    Status {
        /// A sweep file, or a folder with a sweep.toml
        sweep: PathBuf,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Make the data set and the figures of all runs, of whatever shards
    Collect {
        /// A sweep file, or a folder with a sweep.toml
        sweep: PathBuf,
        #[command(flatten)]
        place: PlaceArgs,
        /// Also if runs are missing
        #[arg(long)]
        partial: bool,
    },
}

/// # Errors
/// If the sweep or a file it names is refused, or the results cannot be written.
pub fn sweep(args: &SweepArgs) -> Result<u8, Failure> {
    match &args.command {
        Some(SweepCommand::Status { sweep, place }) => {
            let (sweep, out, shard) = read(place, sweep)?;
            let status = tauspike_sweep::status(&sweep, &out, shard)?;
            output::tell(place.json, &status, || text(&status, &out)).map(|()| DONE)
        }
        Some(SweepCommand::Collect { sweep, place, partial }) => {
            place.refuse_shard()?;
            let (sweep, out, _) = read(place, sweep)?;
            let finished = finish(&sweep, &out, *partial)?;
            output::tell(place.json, &finished, || finished.text()).map(|()| DONE)
        }
        None => run_missing(args),
    }
}

fn run_missing(args: &SweepArgs) -> Result<u8, Failure> {
    if let Some(memory) = args.memory_gib.filter(|memory| !(memory.is_finite() && *memory > 0.0)) {
        return Err(Failure::input(format!("--memory-gib {memory}: allowed: a finite number > 0")));
    }
    let path = args.sweep.as_deref().unwrap_or(Path::new("."));
    let (sweep, out, shard) = read(&args.place, path)?;
    let stop = run::stop_on_ctrl_c()?;
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = args.threads.get();
    let bar = progress_bar(args.quiet);
    let options = RunOptions {
        out: &out,
        shard,
        jobs: args.jobs.map_or((cores / threads).max(1), NonZeroUsize::get),
        threads,
        memory: args.memory_gib.map(|memory| (memory * f64::from(1 << 30)) as u64),
        retry: args.retry,
        stop: &stop,
        progress: &|progress| show(&bar, progress),
    };
    let status = tauspike_sweep::run(&sweep, &options);
    bar.finish_and_clear();
    let status = status?;
    warn_of_failed(&status);
    let collected = match status.finished() {
        true => collected_by_us(&sweep, &out)?,
        false => None,
    };
    if !args.quiet {
        let told = Told { status: &status, finished: collected.as_ref() };
        output::tell(args.place.json, &told, || {
            text(&status, &out) + &collected.as_ref().map_or_else(String::new, Finished::text)
        })?;
    }
    Ok(if status.finished() { DONE } else { INTERRUPTED })
}

/// On standard error, where `--quiet` and `--json` leave room for it.
fn warn_of_failed(status: &Status) {
    let Status { failed, done, first_error, .. } = status;
    if let (1.., Some(error)) = (failed, first_error) {
        eprintln!("warning: {failed} of {done} runs failed; the first is {error}");
    }
}

/// What a run of a sweep prints for programs.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    status: &'a Status,
    #[serde(flatten)]
    finished: Option<&'a Finished>,
}

/// What was made of all runs.
#[derive(Serialize)]
struct Finished {
    #[serde(flatten)]
    collected: Collected,
    figures: Vec<PathBuf>,
}

impl Finished {
    fn text(&self) -> String {
        let Collected { folder, rows, failed_rows, missing } = &self.collected;
        let missing = if *missing > 0 { format!(", {missing} runs are missing") } else { String::new() };
        let figures: String = self.figures.iter().map(|path| format!("wrote   {}\n", path.display())).collect();
        format!("wrote   {}: {rows} rows, {failed_rows} of failed runs{missing}\n{figures}", folder.display())
    }
}

fn finish(sweep: &Sweep, out: &Path, partial: bool) -> Result<Finished, SweepError> {
    let collected = collect(sweep, out, partial)?;
    Ok(Finished { collected, figures: figure::write_all(sweep, out)? })
}

/// `None` if runs of other shards are missing; the last one collects.
fn collected_by_us(sweep: &Sweep, out: &Path) -> Result<Option<Finished>, SweepError> {
    match finish(sweep, out, false) {
        Err(SweepError::Incomplete { .. }) => Ok(None),
        // Another shard has just found all runs there, too.
        Err(SweepError::Record(tauspike_record::RecordError::Held { .. })) => Ok(None),
        finished => finished.map(Some),
    }
}

fn read(place: &PlaceArgs, path: &Path) -> Result<(Sweep, PathBuf, Shard), Failure> {
    place.read(|set| tauspike_sweep::load(path, set), |sweep| &sweep.name)
}

fn text(status: &Status, out: &Path) -> String {
    let Status { sweep, all, done, failed, computed, shared, first_error, at_work } = status;
    let state = if status.finished() { "finished" } else { "not finished; the same command goes on from here" };
    let mut text =
        format!("{sweep}: {state}\n{done} of {all} runs are there, {failed} of them failed, {computed} were run now\n");
    if *shared > 0 {
        text += &format!("{shared} of these had the synapses of another\n");
    }
    if let Some(error) = first_error {
        text += &format!("  {error}\n");
    }
    for holder in at_work {
        text += &format!("at work: {holder}\n");
    }
    text + &format!("results in {}\n", out.display())
}

/// For people only.
fn progress_bar(quiet: bool) -> ProgressBar {
    if quiet || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()).with_style(style)
}

fn show(bar: &ProgressBar, progress: Progress) {
    let Progress { done, failed, all, left_s } = progress;
    bar.set_length(all as u64);
    bar.set_position(done as u64);
    let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
    let left = left_s.map_or_else(String::new, |left| format!(", {} left", crate::study::span(left)));
    bar.set_message(format!("{done} of {all} runs{failed}{left}"));
}

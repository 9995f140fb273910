//! `study`: the command that compares networks.
//!
//! The first Ctrl-C (or SIGTERM) lets the cells that are being computed end; the same command goes on from there. `status` tells how far it
//! is, `collect` makes the tables and the report, which the process that finds all networks there does by itself.

use crate::args::Threads;
use crate::failure::{DONE, Failure, INTERRUPTED};
use crate::place::PlaceArgs;
use crate::{output, report, run};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tauspike_record::{Lock, RecordError};
use tauspike_report::Report;
use tauspike_study::{Progress, RunOptions, Shard, Status, Study, Summary};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct StudyArgs {
    #[command(subcommand)]
    command: Option<StudyCommand>,
    /// A study file, or a folder with a study.toml
    #[arg(required = true)]
    study: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    place: PlaceArgs,
    /// Instead of running: write stimuli, states, targets, time constants and weights of one network as NPY files to this folder
    #[arg(long, value_name = "DIR", requires = "network", conflicts_with = "shard")]
    export_states: Option<PathBuf>,
    /// Which one: a network_id of networks.parquet
    #[arg(long, value_name = "ID", requires = "export_states")]
    network: Option<String>,
}

#[derive(Subcommand)]
enum StudyCommand {
    /// Tell how many networks are there, and who is at work
    Status {
        /// A study file, or a folder with a study.toml
        study: PathBuf,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Make the tables and the report of all networks, of whatever shards
    Collect {
        /// A study file, or a folder with a study.toml
        study: PathBuf,
        #[command(flatten)]
        place: PlaceArgs,
    },
}

fn read(place: &PlaceArgs, path: &Path) -> Result<(Study, PathBuf, Shard), Failure> {
    place.read(|set| tauspike_study::load(path, set), |study| &study.name)
}

/// # Errors
/// If the study or a file it names is refused, or the results cannot be written.
pub fn study(args: &StudyArgs) -> Result<u8, Failure> {
    match &args.command {
        Some(StudyCommand::Status { study, place }) => {
            let (study, out, shard) = read(place, study)?;
            let status = tauspike_study::status(&study, &out, shard)?;
            output::tell(place.json, &status, || status_text(&status, &out)).map(|()| DONE)
        }
        Some(StudyCommand::Collect { study, place }) => {
            place.refuse_shard()?;
            let (study, out, _) = read(place, study)?;
            let summary = tauspike_study::collect(&study, &out, command())?;
            conclude(place.json, summary, &out)
        }
        None => run_missing(args),
    }
}

fn run_missing(args: &StudyArgs) -> Result<u8, Failure> {
    let (study, out, shard) = read(&args.place, args.study.as_deref().unwrap_or(Path::new(".")))?;
    if let (Some(folder), Some(network)) = (&args.export_states, &args.network) {
        tauspike_study::export(&study, network, folder)?;
        return output::print(&format!("wrote {}\n", folder.display())).map(|()| DONE);
    }
    let stop = run::stop_on_ctrl_c()?;
    let bar = progress_bar();
    let begin = Instant::now();
    let options = RunOptions {
        out: &out,
        shard,
        threads: args.threads.count(),
        stop: &stop,
        progress: &|progress| show(&bar, begin, progress),
        command: command(),
    };
    let summary = tauspike_study::run(&study, &options);
    bar.finish_and_clear();
    conclude(args.place.json, summary?, &out)
}

fn command() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

/// Writes the report if all networks are there, and tells what came out.
fn conclude(json: bool, summary: Summary, out: &Path) -> Result<u8, Failure> {
    let report = if summary.finished { reported(out)? } else { None };
    let code = if summary.shard_done == summary.shard_cells { DONE } else { INTERRUPTED };
    let text = || text(&summary, out) + &report.as_ref().map_or_else(String::new, report::text);
    match json {
        false => output::print(&text())?,
        true => {
            output::print_json(&Outcome { summary: &summary, statements: report.as_ref().map(|r| &r.statements[..]) })?
        }
    }
    Ok(code)
}

/// `None` if another shard has just found all networks there, too, and writes it.
fn reported(out: &Path) -> Result<Option<Report>, Failure> {
    let _ours = match Lock::take(&out.join("locks").join("report")) {
        Err(RecordError::Held { .. }) => return Ok(None),
        taken => taken?,
    };
    Ok(Some(tauspike_report::write(out, &out.join("report"), true, &report::command())?))
}

/// What a study prints for programs.
#[derive(Serialize)]
struct Outcome<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<&'a [tauspike_report::Statement]>,
}

fn text(summary: &Summary, out: &Path) -> String {
    let Summary { name, networks, cells, computed, tasks, seconds, threads, .. } = summary;
    let Summary { shard, shard_cells, shard_done, .. } = summary;
    let state = match (summary.finished, shard_done == shard_cells) {
        (true, _) => "finished",
        (false, true) => "this shard is finished, others are not",
        (false, false) => "stopped; the same command goes on from here",
    };
    let part = match shard.as_str() {
        "1/1" => String::new(),
        shard => format!("shard {shard}: {shard_done} of {shard_cells} networks are there\n"),
    };
    format!(
        "{name}: {state}\n{part}{networks} networks ({cells} different, {computed} computed now) x {tasks} tasks, {seconds:.1} s on \
         {threads} threads\nresults in {}\n",
        out.display()
    )
}

fn status_text(status: &Status, out: &Path) -> String {
    let Status { study, all, done, at_work } = status;
    let state = if done == all { "finished" } else { "not finished" };
    let at_work: String = at_work.iter().map(|holder| format!("at work: {holder}\n")).collect();
    format!("{study}: {state}\n{done} of {all} networks are there\n{at_work}results in {}\n", out.display())
}

/// Progress by predicted cost, for people only.
fn progress_bar() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(10_000), ProgressDrawTarget::stderr()).with_style(style)
}

fn show(bar: &ProgressBar, begin: Instant, progress: Progress) {
    let Progress { done, all, part } = progress;
    let left = begin.elapsed().as_secs_f64() * (1.0 - part) / part.max(1e-9);
    bar.set_position((part * 1e4) as u64);
    bar.set_message(format!("{done} of {all} networks, {} left", span(left)));
}

pub fn span(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

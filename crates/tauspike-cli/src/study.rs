//! `study`: the command that compares networks.
//!
//! The first Ctrl-C (or SIGTERM) lets the cells that are being computed end; the same command goes on from there.

use crate::args::StudyArgs;
use crate::failure::{DONE, Failure, INTERRUPTED};
use crate::{output, report, run};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tauspike_report::Statement;
use tauspike_study::{Progress, RunOptions, Summary};

/// # Errors
/// If the study or a file it names is refused, or the results cannot be written.
pub fn study(args: &StudyArgs) -> Result<u8, Failure> {
    let study = tauspike_study::load(&args.study, &args.set)?;
    if let (Some(folder), Some(network)) = (&args.export_states, &args.network) {
        tauspike_study::export(&study, network, folder)?;
        return output::print(&format!("wrote {}\n", folder.display())).map(|()| DONE);
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("out").join(&study.name));
    let stop = run::stop_on_ctrl_c()?;
    let bar = progress_bar();
    let begin = Instant::now();
    let options = RunOptions {
        out: &out,
        threads: args.threads.count(),
        stop: &stop,
        progress: &|progress| show(&bar, begin, progress),
        command: std::env::args().collect::<Vec<_>>().join(" "),
    };
    let summary = tauspike_study::run(&study, &options);
    bar.finish_and_clear();
    let summary = summary?;
    if !summary.finished {
        match args.json {
            true => output::print_json(&summary)?,
            false => output::print(&text(&summary, &out))?,
        }
        return Ok(INTERRUPTED);
    }
    let report = tauspike_report::write(&out, &out.join("report"), true, &report::command())?;
    match args.json {
        true => output::print_json(&Outcome { summary, statements: &report.statements })?,
        false => output::print(&(text(&summary, &out) + &report::text(&report)))?,
    }
    Ok(DONE)
}

/// What a finished study prints for programs.
#[derive(Serialize)]
struct Outcome<'a> {
    #[serde(flatten)]
    summary: Summary,
    statements: &'a [Statement],
}

fn text(summary: &Summary, out: &Path) -> String {
    let Summary { name, networks, cells, computed, tasks, seconds, threads, .. } = summary;
    let state = if summary.finished { "finished" } else { "stopped; the same command goes on from here" };
    format!(
        "{name}: {state}\n{networks} networks ({cells} different, {computed} computed now) x {tasks} tasks, {seconds:.1} s on {threads} \
         threads\nresults in {}\n",
        out.display()
    )
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

//! `run`: the command that simulates.
//!
//! The first Ctrl-C (or SIGTERM) asks the run to end at the next epoch. A second one ends the program at once, as a kill would:
//! what is on disk then is still readable, and `tauspike recover` completes it.

use crate::args::RunArgs;
use crate::check::tell_cuts;
use crate::failure::{DONE, Failure, INTERRUPTED};
use crate::{output, summary};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use signal_hook::{consts, flag};
use std::fmt::Write;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tauspike_record::Status;
use tauspike_scenario::{RunOptions, Scenario, load};

/// # Errors
/// If the scenario or the output is refused, or the run cannot go on.
pub fn run(args: &RunArgs) -> Result<u8, Failure> {
    let scenario = load(&args.scenario.scenario, &args.scenario.overrides())?;
    if !args.quiet {
        tell_cuts(&scenario)?;
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("out").join(scenario.name()));
    let stop = stop_on_ctrl_c()?;
    let bar = progress_bar(&scenario, args.quiet);
    let options = RunOptions {
        out: &out,
        force: args.force,
        threads: args.threads.count(),
        stop: &stop,
        progress: &mut |now, _| bar.set_position(micros(now)),
        save_snapshot: args.save_snapshot.as_deref(),
        resume: args.resume.as_deref(),
    };
    let report = tauspike_scenario::run(&scenario, options);
    bar.finish_and_clear();
    let report = report?;
    if args.scenario.json {
        output::print_json(&report)?;
    } else if !args.quiet {
        output::print(&summary::text(&report, args.energy))?;
    }
    Ok(if report.status == Status::Finished { DONE } else { INTERRUPTED })
}

/// A flag that the first Ctrl-C, SIGTERM or SIGHUP sets. The second one ends the program at once.
///
/// # Errors
/// If signals cannot be caught.
pub fn stop_on_ctrl_c() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in SIGNALS {
        flag::register_conditional_shutdown(signal, INTERRUPTED.into(), stop.clone()).map_err(Failure::output)?;
        flag::register(signal, stop.clone()).map_err(Failure::output)?;
    }
    // A file that grows beyond `ulimit -f` is an error to tell, not the end of the program.
    #[cfg(unix)]
    flag::register(consts::SIGXFSZ, Arc::default()).map_err(Failure::output)?;
    Ok(stop)
}

#[cfg(unix)]
const SIGNALS: [i32; 3] = [consts::SIGINT, consts::SIGTERM, consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [consts::SIGINT, consts::SIGTERM];

/// Progress by model time, for people only.
pub fn progress_bar(scenario: &Scenario, quiet: bool) -> ProgressBar {
    if quiet || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let model_time = |state: &ProgressState, text: &mut dyn Write| {
        let ms = |micros: u64| micros as f64 * 1e-3;
        let _ = write!(text, "{:.1} of {:.1} ms", ms(state.pos()), ms(state.len().unwrap_or(0)));
    };
    let style = ProgressStyle::with_template("{wide_bar} {model_time}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("model_time", model_time);
    ProgressBar::with_draw_target(Some(micros(scenario.duration())), ProgressDrawTarget::stderr()).with_style(style)
}

pub fn micros(ms: f64) -> u64 {
    (ms * 1e3) as u64
}

//! The program `tauspike-mpi`: the command `run` on several processes, each of which runs this. The first one talks, the others are
//! silent: what is wrong is said once.

use crate::args::{self, RunArgs};
use crate::failure::{DONE, Failure, INTERRUPTED};
use crate::{output, run, summary};
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tauspike_record::Status;
use tauspike_scenario::ranks::{Gather, Ranks};
use tauspike_scenario::scenario::load_shared;
use tauspike_scenario::{RunOptions, Scenario, ScenarioError};

const HELP: &str = "\
  mpirun -n 4 tauspike-mpi run scenarios/brunel

The spikes are those of `tauspike run`, bit by bit, for any number of processes and threads. Each has one thread unless --threads
says otherwise. With more processes than cores: mpirun --oversubscribe --mca mpi_yield_when_idle 1. The output folder must be one
that all processes see. Everything else (check, compare, plot, recover, ..) is done with `tauspike`.";

/// Runs one scenario on several processes, started by mpirun.
#[derive(Parser)]
#[command(name = "tauspike-mpi", version, after_help = HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario and record its spikes
    Run(SharedArgs),
}

#[derive(Args)]
struct SharedArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Leave the tables that the processes recorded as they are, ranks/*/spikes.parquet: one data set in partitions. `tauspike recover`
    /// makes one file of it later
    #[arg(long)]
    partitioned: bool,
}

/// What this process does with these arguments, the first of which is the name of the program; gives the exit code. `others` is given the
/// flag that signals set.
pub fn main(
    others: impl FnOnce(Arc<AtomicBool>) -> Box<dyn Gather>,
    arguments: impl IntoIterator<Item = OsString>,
) -> u8 {
    let stop = match run::stop_on_ctrl_c() {
        Ok(stop) => stop,
        Err(failure) => {
            eprintln!("error: {failure}");
            return failure.code();
        }
    };
    let mut ranks = Ranks::new(others(stop.clone()), stop.clone());
    let first = ranks.rank().index == 0;
    let read = args::read::<Cli>(Cli::command(), arguments);
    // a rank that is wrong alone ends all
    let told = read.as_ref().map(drop).map_err(|told| ScenarioError::Rank {
        rank: ranks.rank().index,
        reason: told.to_string().trim_end().trim_start_matches("error: ").to_owned(),
        output: false,
    });
    let agreed = ranks.agree(told).map_err(Failure::from);
    let Command::Run(args) = match read {
        Ok(cli) => cli.command,
        Err(told) => {
            if first {
                let _ = told.print();
            }
            return told.exit_code() as u8;
        }
    };
    agreed.and_then(|()| run(&args, ranks, &stop, first)).unwrap_or_else(|failure| {
        if first {
            eprintln!("error: {failure}");
        }
        failure.code()
    })
}

fn run(args: &SharedArgs, mut ranks: Ranks, stop: &AtomicBool, first: bool) -> Result<u8, Failure> {
    let SharedArgs { run: args, partitioned } = args;
    let here = ranks.on_this_machine()?;
    let loaded = load_shared(&args.scenario.scenario, &args.scenario.overrides(), ranks.rank().of, here);
    let scenario: Scenario = ranks.agree(loaded)?;
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("out").join(scenario.name()));
    let bar = run::progress_bar(&scenario, args.quiet || !first);
    let options = RunOptions {
        out: &out,
        force: args.force,
        threads: args.threads.count_or_one(),
        stop,
        progress: &mut |now, _| bar.set_position(run::micros(now)),
        save_snapshot: args.save_snapshot.as_deref(),
        resume: args.resume.as_deref(),
    };
    let ended = tauspike_scenario::ranks::run(&scenario, ranks, options, *partitioned);
    bar.finish_and_clear();
    let ended = ended?;
    if let Some(report) = &ended.report {
        if args.scenario.json {
            output::print_json(report)?;
        } else if !args.quiet {
            output::print(&summary::text(report, args.energy))?;
        }
    }
    Ok(if ended.status == Status::Finished { DONE } else { INTERRUPTED })
}

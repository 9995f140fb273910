//! The program `tauspike`: arguments in, exit code out.
//!
//! | module | command |
//! |---|---|
//! | `run`, `summary` | `run`, and what it prints |
//! | `check` | `check` |
//! | `inspect` | `inspect` |
//! | `export` | `export` |
//! | `compare` | `compare` |
//! | `stats` | `stats` |
//! | `plot` | `plot` |
//! | `sweep` | `sweep` |
//! | `study` | `study` |
//! | `report` | `report` |
//! | [`ranks`] | `run`, of the program `tauspike-mpi` |
//!
//! Results go to standard output, progress and errors to standard error. What is simulated is decided in `tauspike-scenario`;
//! nothing here changes a spike.
//!
//! It is a library because several programs are made of it: the binary of this crate, that of `tauspike-mpi`, and the script that comes with the Python package.
#![allow(clippy::disallowed_methods, reason = "shows what was computed; no spike comes of it")]
#![allow(rustdoc::invalid_html_tags, reason = "--help shows these comments as they are written")]

mod args;
mod check;
mod columns;
mod compare;
mod export;
mod failure;
pub mod inspect;
mod output;
mod place;
mod place_of_spikes;
mod plot;
pub mod ranks;
mod recording;
mod report;
mod run;
mod spike_file;
mod stats;
mod study;
mod summary;
mod sweep;

use args::{Cli, Command, RecoverArgs, SplitArgs};
use failure::{DONE, Failure};
use std::ffi::OsString;
use tauspike_record::Manifest;

/// What the program `tauspike` does with these arguments, the first of which is its name; gives the exit code.
///
/// Signals are caught from the first run on: the process belongs to the program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let command = match Cli::of(arguments) {
        Ok(cli) => cli.command,
        Err(told) => {
            // As clap does where it ends the program itself; nobody is left to tell if that fails.
            let _ = told.print();
            return told.exit_code() as u8;
        }
    };
    let outcome = match command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args).map(|()| DONE),
        Command::Inspect(args) => inspect::inspect(&args).map(|()| DONE),
        Command::Export(args) => export::export(&args).map(|()| DONE),
        Command::Compare(args) => compare::compare(&args),
        Command::Stats(args) => stats::stats(&args).map(|()| DONE),
        Command::Plot(args) => plot::plot(&args).map(|()| DONE),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Study(args) => study::study(&args),
        Command::Report(args) => report::report(&args).map(|()| DONE),
        Command::Split(args) => split(&args).map(|()| DONE),
        Command::Recover(args) => recover(&args).map(|()| DONE),
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        failure.code()
    })
}

fn split(args: &SplitArgs) -> Result<(), Failure> {
    let spikes = place_of_spikes::spikes_of(&args.input)?;
    place_of_spikes::tell_if_a_part(&spikes)?;
    let populations = tauspike_record::split(&spikes, &args.out)?;
    let mut table = columns::Columns::new(&["population", "spikes"]);
    populations.into_iter().for_each(|(name, spikes)| table.row([name, columns::count(spikes)]));
    output::print(&format!("{table}wrote   {}\n", args.out.display()))
}

fn recover(args: &RecoverArgs) -> Result<(), Failure> {
    if !args.out.is_dir() {
        return Err(Failure::input(format!("{}: allowed: the folder of a run", args.out.display())));
    }
    let recovered = tauspike_record::recover(&args.out)?;
    let told: String = recovered.iter().map(|path| format!("recovered {}\n", path.display())).collect();
    output::print(&told)?;
    // Without it nobody knows whether there is something to recover.
    Manifest::read(&args.out.join("manifest.json"))?;
    if recovered.is_empty() { output::print("nothing to recover\n") } else { Ok(()) }
}

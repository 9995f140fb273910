//! The program `tauspike`: arguments in, exit code out.
//!
//! | module | command |
//! |---|---|
//! | [`run`], [`summary`] | `run`, and what it prints |
//! | [`check`] | `check` |
//! | [`inspect`] | `inspect` |
//! | [`export`] | `export` |
//! | [`compare`] | `compare` |
//! | [`plot`] | `plot` |
//! | [`study`] | `study` |
//! | [`report`] | `report` |
//!
//! Results go to standard output, progress and errors to standard error. What is simulated is decided in `tauspike-scenario`;
//! nothing here changes a spike.
#![allow(clippy::disallowed_methods, reason = "shows what was computed; no spike comes of it")]
#![allow(rustdoc::invalid_html_tags, reason = "--help shows these comments as they are written")]

mod args;
mod check;
mod columns;
mod compare;
mod export;
mod failure;
mod inspect;
mod output;
mod plot;
mod recording;
mod report;
mod run;
mod spike_file;
mod study;
mod summary;

use args::{Cli, Command, RecoverArgs};
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args).map(|()| ExitCode::SUCCESS),
        Command::Inspect(args) => inspect::inspect(&args).map(|()| ExitCode::SUCCESS),
        Command::Export(args) => export::export(&args).map(|()| ExitCode::SUCCESS),
        Command::Compare(args) => compare::compare(&args),
        Command::Plot(args) => plot::plot(&args).map(|()| ExitCode::SUCCESS),
        Command::Study(args) => study::study(&args),
        Command::Report(args) => report::report(&args).map(|()| ExitCode::SUCCESS),
        Command::Recover(args) => recover(&args).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        failure.code()
    })
}

fn recover(args: &RecoverArgs) -> Result<(), Failure> {
    if !args.out.is_dir() {
        return Err(Failure::input(format!("{}: allowed: the folder of a run", args.out.display())));
    }
    let recovered = tauspike_record::recover(&args.out)?;
    if recovered.is_empty() {
        return output::print("nothing to recover\n");
    }
    output::print(&recovered.iter().map(|path| format!("recovered {}\n", path.display())).collect::<String>())
}

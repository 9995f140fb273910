//! Which part of much work, and where its results are: what `study` and `sweep` are told alike.

use crate::failure::Failure;
use clap::Args;
use std::path::PathBuf;
use tauspike_record::Shard;

#[derive(Args)]
pub struct PlaceArgs {
    /// A part of the work: every 16th network or run from the third on is 3/16
    #[arg(long, value_name = "K/N", allow_hyphen_values = true)] // -1/3 is no number, and no option
    pub shard: Option<String>,
    /// Folder for the results [default: out/<name in the file>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Change a value of the file, for example repeats=3 of a sweep or network.tau_ms=10 of a study (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Print a report for programs to standard output
    #[arg(long)]
    pub json: bool,
}

impl PlaceArgs {
    /// What `load` makes of the file with these changes, the folder for its results, whose `name` it has, and the part of the work.
    ///
    /// # Errors
    /// If the part cannot be, or what `load` refuses.
    pub fn read<T, E>(
        &self,
        load: impl FnOnce(&[String]) -> Result<T, E>,
        name: impl FnOnce(&T) -> &str,
    ) -> Result<(T, PathBuf, Shard), Failure>
    where
        Failure: From<E>,
    {
        let shard = self.shard.as_deref().map_or(Ok(Shard::WHOLE), str::parse)?;
        let loaded = load(&self.set)?;
        let out = self.out.clone().unwrap_or_else(|| PathBuf::from("out").join(name(&loaded)));
        Ok((loaded, out, shard))
    }

    /// # Errors
    /// If a part was asked for, where all are taken together.
    pub fn refuse_shard(&self) -> Result<(), Failure> {
        match &self.shard {
            Some(shard) => Err(Failure::input(format!("--shard {shard}: collect takes all shards together"))),
            None => Ok(()),
        }
    }
}

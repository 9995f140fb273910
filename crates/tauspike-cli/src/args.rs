//! The command line.

use crate::spike_file::SpikeFileArgs;
use crate::stats::StatsArgs;
use crate::study::StudyArgs;
use crate::sweep::SweepArgs;
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, value_parser};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done; for compare: the recordings are equal
  1    compare: the recordings differ
  2    the command line, the scenario or a file it names was refused, or the network cannot be simulated to the end
  3    the output exists, belongs to a run that is going on, was changed by somebody or cannot be written, or a recording
       cannot be read
  101  a mistake in tauspike; what was recorded is complete up to it
  130  ended by Ctrl-C or SIGTERM; what was recorded is complete up to that time";

const EXPORT_HELP: &str = "\
Synapses: projection, source_population, target_population, source and target (global index), pre and post (position in the
population), weight_mv or weight_pa, delay_ms. Parameters: population, neuron (global index), local (position), tau_m_ms, ...
NPZ: one SciPy matrix for each projection (row = pre, column = post; load_npz), one file of arrays for each population; if there
are several, the name goes before the ending. A scenario reads all of them: rule = \"explicit\" with file, parameters = \"file\".";

/// Exact, event-driven simulation of sparse spiking networks.
#[derive(Parser)]
#[command(name = "tauspike", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What the arguments say, the first of which is the name of the program.
    ///
    /// # Errors
    /// If they are refused, or ask for help.
    pub fn of(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        read(Self::command(), arguments)
    }
}

/// What the arguments of a program say. A negative number after an option is its value: that it is out of range is for the option to say,
/// and not that there is no option `-1`.
pub fn read<C: FromArgMatches>(
    program: clap::Command,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<C, clap::Error> {
    let mut program = with_negative_numbers(program);
    let mut told = program.try_get_matches_from_mut(arguments)?;
    C::from_arg_matches_mut(&mut told).map_err(|refused| refused.format(&mut program))
}

fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let is_option = |arg: &Arg| !arg.is_positional() && arg.get_action().takes_values();
    let allow = |arg: Arg| if is_option(&arg) { arg.allow_negative_numbers(true) } else { arg };
    command.mut_args(allow).mut_subcommands(with_negative_numbers)
}

#[derive(Subcommand)]
pub enum Command {
    /// Run a scenario and record its spikes
    Run(RunArgs),
    /// Check a scenario, and predict its size, work and run time; of up to 500 MB from a run of its beginning, else without building it
    Check(CheckArgs),
    /// Build the network of a scenario and show what its parameters and synapses came out as
    Inspect(InspectArgs),
    /// Write the synapses and the realised parameters of a scenario as tables or matrices
    Export(ExportArgs),
    /// Compare two recordings spike by spike
    Compare(CompareArgs),
    /// Rates, irregularity, synchrony and rhythm of a recording of any length, or of a window of it
    Stats(StatsArgs),
    /// Draw spikes, time constants or a sweep as SVG or PNG
    Plot(PlotArgs),
    /// Run a scenario many times, over axes of its values and seeds; goes on where it was stopped
    Sweep(SweepArgs),
    /// Run a study: many networks over a suite of tasks; goes on where it was stopped
    Study(StudyArgs),
    /// Test the statements on a finished study, and write figures and a page
    Report(ReportArgs),
    /// Write a recording once more, divided by population
    Split(SplitArgs),
    /// Complete what a killed run left behind
    Recover(RecoverArgs),
}

/// Which scenario, and what is changed in it.
#[derive(Args)]
pub struct ScenarioArgs {
    /// A scenario file, or a folder with a scenario.toml
    pub scenario: PathBuf,
    /// Seed of all random draws
    #[arg(long)]
    pub seed: Option<u64>,
    /// Change a value of the scenario, for example population.E.tau_m_ms=10, or population."a.b".size=5 if a name has dots (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Print a report for programs to standard output
    #[arg(long)]
    pub json: bool,
}

impl ScenarioArgs {
    /// Everything that is changed, in the order in which it is applied.
    pub fn overrides(&self) -> Vec<String> {
        self.set.iter().cloned().chain(self.seed.map(|seed| format!("seed={seed}"))).collect()
    }
}

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Mean rate of all neurons and sources for the prediction of run time [default: rates of the expected.toml beside the scenario]
    #[arg(long, value_name = "HZ")]
    pub rate_hz: Option<f64>,
    /// Predict memory and exchange of so many processes of `tauspike-mpi`, with one thread each
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=65536))]
    pub ranks: Option<u64>,
}

#[derive(Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    #[command(flatten)]
    pub threads: Threads,
    /// Folder for the results [default: out/<name of the scenario>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results of an earlier run; a folder with anything else in it is refused
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long, conflicts_with = "json")]
    pub quiet: bool,
    /// Print the counters and the energy proxies of every model too; --json and the manifest always have them
    #[arg(long, conflicts_with = "quiet")]
    pub energy: bool,
    /// Save the state at the end to this file
    #[arg(long, value_name = "FILE")]
    pub save_snapshot: Option<PathBuf>,
    /// Go on from a saved state
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
}

#[derive(Args)]
pub struct Threads {
    /// Threads; no result depends on them [default: all cores; one for each process of tauspike-mpi]
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

impl Threads {
    /// How many, where each of several processes is to have one unless told otherwise.
    pub fn count_or_one(&self) -> usize {
        self.threads.unwrap_or(NonZeroUsize::MIN).get()
    }

    /// How many.
    pub fn count(&self) -> usize {
        let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.unwrap_or_else(cores).get()
    }
}

#[derive(Args)]
pub struct InspectArgs {
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    #[command(flatten)]
    pub threads: Threads,
}

#[derive(Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArgs {
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    #[command(flatten)]
    pub threads: Threads,
    /// Write the synapses to this file: .csv, .parquet or .npz
    #[arg(long, value_name = "FILE", required_unless_present = "parameters")]
    pub connectivity: Option<PathBuf>,
    /// Write the synapses of this projection alone (repeatable) [default: all]
    #[arg(long, value_name = "NAME", requires = "connectivity")]
    pub projection: Vec<String>,
    /// Write the parameters that the neurons came out with to this file: .csv, .parquet or .npz
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct CompareArgs {
    /// The folder of a run, or a file of spikes, also of another simulator: .csv, .parquet, .npz, .dat or .txt
    pub a: PathBuf,
    /// Another one
    pub b: PathBuf,
    #[command(flatten)]
    pub files: SpikeFileArgs,
    /// Times of one neuron that differ by at most this count as the same [default: equal bit by bit]
    #[arg(long, value_name = "MS")]
    pub tolerance: Option<f64>,
    /// Print a report for programs to standard output
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct PlotArgs {
    /// What to draw
    pub kind: PlotKind,
    /// The folder of a run or a file of spikes; for tau, a scenario; for sweep, the folder of a sweep
    pub input: PathBuf,
    /// A file that ends in .svg or .png (repeatable) [default: <kind>.svg and <kind>.png]
    #[arg(long, short, value_name = "FILE")]
    out: Vec<PathBuf>,
    /// Start of the time shown, ms [default: the start of the run]
    #[arg(long, value_name = "MS")]
    pub from: Option<f64>,
    /// End of the time shown, ms [default: the end of the run]
    #[arg(long, value_name = "MS")]
    pub to: Option<f64>,
    /// Width of the bins of a rate, ms
    #[arg(long, value_name = "MS")]
    pub bin: Option<f64>,
    /// Sort the neurons of each population (raster only)
    #[arg(long, value_name = "PARAMETER")]
    pub sort: Option<SortKey>,
    /// Parameters of the neurons to sort by, as `tauspike export` writes them [default: neurons.parquet beside the spikes]
    #[arg(long, value_name = "FILE", requires = "sort")]
    pub parameters: Option<PathBuf>,
    /// Change a value of the scenario (tau only, repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Column of the horizontal axis (sweep only)
    #[arg(long, value_name = "COLUMN")]
    pub x: Option<String>,
    /// Column of the vertical axis of a map; without it lines are drawn (sweep only)
    #[arg(long, value_name = "COLUMN", conflicts_with = "by")]
    pub y: Option<String>,
    /// Column that is shown (sweep only)
    #[arg(long, value_name = "COLUMN")]
    pub value: Option<String>,
    /// Column that tells lines apart (sweep only)
    #[arg(long, value_name = "COLUMN")]
    pub by: Option<String>,
    /// Replace existing files
    #[arg(long)]
    pub force: bool,
}

impl PlotArgs {
    /// The files to write.
    pub fn outputs(&self) -> Vec<PathBuf> {
        if !self.out.is_empty() {
            return self.out.clone();
        }
        let name = self.kind.to_possible_value().map_or_else(String::new, |kind| kind.get_name().to_owned());
        ["svg", "png"].map(|ending| PathBuf::from(format!("{name}.{ending}"))).to_vec()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlotKind {
    /// Each spike, by time and neuron, and the rate of each population
    Raster,
    /// Rate of each population over time
    Rate,
    /// Histogram of interspike intervals
    Isi,
    /// Histogram of membrane time constants
    Tau,
    /// A column of a sweep: a map over two others, or lines with intervals over one
    Sweep,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// Membrane time constant, the shortest first; it stands beside each row
    #[value(name = "tau_m")]
    TauM,
}

#[derive(Args)]
pub struct ReportArgs {
    /// The folder of a study: results.parquet, networks.parquet and study.json
    pub study: PathBuf,
    /// Folder for the report [default: <study>/report]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an earlier report
    #[arg(long)]
    pub force: bool,
    /// Print a report for programs to standard output
    #[arg(long)]
    pub json: bool,
}

impl ReportArgs {
    /// Where the report goes.
    pub fn folder(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| self.study.join("report"))
    }
}

#[derive(Args)]
pub struct SplitArgs {
    /// The folder of a run, or its spikes.parquet
    pub input: PathBuf,
    /// Folder to make: population=E/part-0.parquet, ..
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct RecoverArgs {
    /// The folder of the run
    pub out: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        with_negative_numbers(Cli::command()).debug_assert();
    }

    /// What the program says, or nothing if the arguments are read and their values are for the commands to refuse.
    fn refusal(arguments: &str) -> Option<String> {
        let read = Cli::of(["tauspike"].into_iter().chain(arguments.split(' ')).map(OsString::from));
        read.err().map(|refused| refused.to_string())
    }

    #[test]
    fn a_negative_number_is_the_value_of_its_option() {
        for (arguments, told) in [
            ("check x --seed -1", Some("invalid value '-1' for '--seed <SEED>'")),
            ("run x --threads -1", Some("invalid value '-1' for '--threads <THREADS>'")),
            ("check x --ranks -1", Some("invalid value '-1' for '--ranks <N>'")),
            ("compare a b --first-id -1", Some("invalid value '-1' for '--first-id <N>'")),
            ("check x --rate-hz -1", None),
            ("compare a b --tolerance -0.001", None),
            ("stats a --from -5 --to -1.5", None),
            ("plot isi a --bin -1", None),
            ("sweep x --memory-gib -1", None),
            ("sweep status x --shard -1/3", None),
            ("study x --shard -1/3", None),
            ("check -1", Some("unexpected argument '-1'")),
        ] {
            match (refusal(arguments), told) {
                (None, None) => {}
                (Some(refused), Some(told)) => assert!(refused.contains(told), "{arguments}: {refused}"),
                (refused, _) => panic!("{arguments}: {refused:?}"),
            }
        }
    }

    #[test]
    fn the_seed_wins_over_a_set_seed() {
        let cli = Cli::parse_from(["tauspike", "check", "x", "--seed", "3", "--set", "seed=2", "--set", "a.b=1"]);
        let Command::Check(args) = cli.command else { panic!("check") };
        assert_eq!(args.scenario.overrides(), ["seed=2", "a.b=1", "seed=3"]);
    }

    #[test]
    fn a_plot_without_outputs_becomes_both_formats() {
        let cli = Cli::parse_from(["tauspike", "plot", "isi", "out/x"]);
        let Command::Plot(args) = cli.command else { panic!("plot") };
        assert_eq!(args.outputs(), [PathBuf::from("isi.svg"), PathBuf::from("isi.png")]);
    }
}

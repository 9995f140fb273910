//! Records so many spikes of so many neurons, and tells how large the file is, how long it took and how much memory.
//!
//! ```sh
//! cargo run --release -p tauspike-record --example long_recording -- 1000000000 100000 out/long
//! ```
//!
//! The spikes are independent, at 10 Hz a neuron, and their times use all bits: nothing for a compressor to find.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;
use tauspike_record::{Manifest, OutputDir, PopulationRange, Populations, ROWS_PER_GROUP, ScenarioText, SpikeRecorder, Spikes, Status};
use tauspike_spike::draw::{Domain, block, unit_open_zero};
use tauspike_spike::{Spike, SpikeSink};

/// Spikes handed over at once, as an epoch would.
const AT_ONCE: usize = 4096;
const RATE_HZ: f64 = 10.0;

#[allow(clippy::disallowed_methods, reason = "the time is told, and decides nothing")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (spikes, neurons) = (number(1_000_000)?, number(10_000)? as u32);
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or_else(|| temporary.path().join("out"), PathBuf::from);

    let inhibitory = neurons / 5;
    let range = |name: &str, first, size| PopulationRange { name: name.into(), first, size };
    let ranges = vec![range("E", 0, neurons - inhibitory), range("I", neurons - inhibitory, inhibitory)];
    let populations = Populations::new(ranges)?;
    let output = OutputDir::create(&folder, false)?;
    let mut manifest = Manifest::start(ScenarioText::new("long_recording"), 1, 1, populations.clone());
    manifest.write(&output.manifest())?;
    let begin = Instant::now();
    let mut recorder = SpikeRecorder::create(&output.spikes(), Spikes::new(populations), ROWS_PER_GROUP)?;

    // The mean interval between any two spikes, ms.
    let interval = 1e3 / (RATE_HZ * f64::from(neurons));
    let (mut time, mut chunk) = (0.0, Vec::with_capacity(AT_ONCE));
    for k in 0..spikes {
        let [one, other] = block(1, Domain::other(0), 0, k);
        time -= interval * libm::log(unit_open_zero(one));
        chunk.push(Spike { time, source: ((u128::from(other) * u128::from(neurons)) >> 64) as u32 });
        if chunk.len() == AT_ONCE || k + 1 == spikes {
            recorder.take(&chunk).map_err(|error| error.message)?;
            chunk.clear();
        }
    }
    let taken = begin.elapsed().as_secs_f64();
    let digest = recorder.finish()?.digest;
    let finished = begin.elapsed().as_secs_f64();
    manifest.note_spikes(&digest);
    manifest.outputs = vec!["spikes.parquet".into()];
    manifest.end(Status::Finished, time.next_up());
    manifest.write(&output.manifest())?;

    let bytes = std::fs::metadata(output.spikes())?.len();
    println!("{spikes} spikes of {neurons} neurons, {time:.0} ms of model time");
    println!("{bytes} bytes, {:.2} for each spike", bytes as f64 / spikes as f64);
    println!("{taken:.1} s until the last was taken, {finished:.1} s until the file was whole and read back");
    println!("digest {}", digest.hex());
    println!("peak memory {}", peak_memory());
    Ok(())
}

/// What the kernel says.
fn peak_memory() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".into(), |line| line.trim().to_owned())
}

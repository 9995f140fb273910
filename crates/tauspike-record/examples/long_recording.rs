//! Records so many spikes of so many neurons, reads them again for rates and CV, and tells size, time and memory of both.
//!
//! ```sh
//! cargo run --release -p tauspike-record --example long_recording -- 1000000000 100000 out/long
//! ```
//!
//! The spikes are independent, at 10 Hz a neuron, and their times use all bits: nothing for a compressor to find.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;
use tauspike_record::{
    Activity, Manifest, OutputDir, PopulationRange, Populations, ROWS_PER_GROUP, ScenarioText, SpikeRecorder, Spikes,
    Status, scan,
};
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
    let taken = told(begin);
    let digest = recorder.finish()?.digest;
    let finished = told(begin);
    manifest.note_spikes(&digest);
    manifest.outputs = vec!["spikes.parquet".into()];
    manifest.end(Status::Finished, time.next_up());
    manifest.write(&output.manifest())?;

    let bytes = std::fs::metadata(output.spikes())?.len();
    println!("{spikes} spikes of {neurons} neurons, {time:.0} ms of model time");
    println!("{bytes} bytes, {:.2} for each spike", bytes as f64 / spikes as f64);
    println!("{taken} until the last was taken, {finished} until the file was whole and read back");
    println!("digest {}", digest.hex());
    println!("peak memory {}", peak_memory());

    let begin = Instant::now();
    let mut activity = Activity::new(digest.populations().clone(), 0.0..time.next_up(), 1.0);
    scan(&output.spikes(), 0.0..time.next_up(), 2, |times, neurons| {
        times.iter().zip(neurons).for_each(|(&time, &neuron)| activity.add(time, neuron));
    })?;
    for population in activity.populations_so_far() {
        println!("{population:?}");
    }
    println!(
        "{} for rates, CV and synchrony by two threads; with recording, peak memory {}",
        told(begin),
        peak_memory()
    );
    Ok(())
}

/// Seconds since then, and those of all threads of this program since it began.
fn told(begin: Instant) -> String {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may hold spaces: the 12th and 13th of what follows are ticks, of which Linux has 100 a second.
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let processor: f64 = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0;
    format!("{:.1} s (processor time so far {processor:.1} s)", begin.elapsed().as_secs_f64())
}

/// What the kernel says.
fn peak_memory() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".into(), |line| line.trim().to_owned())
}

//! A recording of tauspike as spike trains: `file = "out/brunel"`, or the pieces of a resumed run in the order of time.
//!
//! ```toml
//! file = ["out/first", "out/rest"] # folders of runs, or their spikes.parquet
//! population = "E"                 # of the recording; without it, all of them
//! numbering = "local"              # member k is the k-th neuron of "E"; "global": the neuron with global index k
//! ```
//!
//! The spikes come out as they were recorded, or the scenario is refused: a piece that is not finished, pieces that overlap or leave
//! a gap, and a size that is not that of what is replayed are all named.

use crate::error::ScenarioError;
use crate::section::{Entry, Section, unknown_name};
use crate::tree::Value;
use std::ops::Range;
use std::path::{Path, PathBuf};
use tauspike_record::{
    Manifest, PopulationRange, Populations, SpikeReader, Status, check_complete, holder, rank_folder,
};

type Result<T> = std::result::Result<T, ScenarioError>;

const NUMBERINGS: [&str; 2] = ["local", "global"];
const LOCAL: usize = 0;

/// Whether the population of this section is a recording, rather than a file of any other trains.
pub(crate) fn is_recording(section: &Section, file: &Entry) -> bool {
    let told = section.get("population").is_some() || section.get("numbering").is_some();
    told || matches!(file.node.value, Value::List(_)) || file.path().is_ok_and(|path| path.is_dir())
}

/// Reads the trains of `size` members, ms.
pub(crate) fn trains(section: &Section, file: &Entry, size: u32) -> Result<Vec<Vec<f64>>> {
    let entries = match file.node.value {
        Value::List(_) => file.items("a list of recordings, not empty")?,
        _ => vec![file.clone()],
    };
    let pieces: Vec<Piece> = entries.into_iter().map(Piece::open).collect::<Result<_>>()?;
    for pair in pieces.windows(2) {
        pair[1].follows(&pair[0])?;
    }
    let members = Members::read(section, &pieces[0], size)?;
    let mut trains = vec![Vec::new(); size as usize];
    let mut before = Before { time: f64::NEG_INFINITY, piece: 0 };
    for (k, piece) in pieces.iter().enumerate() {
        piece.deal(&members, &mut trains, |time, entry| before.check(time, k, &pieces, entry))?;
    }
    Ok(trains)
}

/// One run, or what was recorded of it until it was stopped.
struct Piece<'a> {
    entry: Entry<'a>,
    /// As it was written.
    name: String,
    spikes: PathBuf,
    populations: Option<Populations>,
    /// Model time covered, ms, if there is a manifest.
    covered: Option<Range<f64>>,
}

impl<'a> Piece<'a> {
    fn open(entry: Entry<'a>) -> Result<Self> {
        let (name, path) = (entry.text()?.to_owned(), entry.path()?);
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if !path.is_dir() && ending != "parquet" {
            let allowed = "a recording of tauspike (the folder of a run, or its spikes.parquet), which `population`, `numbering` and lists of files are for";
            return Err(entry.refuse(allowed));
        }
        let folder_of_parts = path.is_dir() && ending == "parquet";
        let spikes = if path.is_dir() && !folder_of_parts { path.join("spikes.parquet") } else { path };
        let manifest = manifest(&entry, &spikes)?;
        let unfinished = manifest.as_ref().is_some_and(|manifest| manifest.status == Status::Running);
        let folder = spikes.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match holder(folder) {
            Some(who) => {
                return Err(entry.refuse(format!("a recording that is complete; this one is being written by {who}")));
            }
            None if spikes.is_dir() && manifest.is_none() => {
                let allowed = "a table in one file, or the folder of a run; this is a folder of parts, with no manifest.json of a run beside it";
                return Err(entry.refuse(allowed));
            }
            None if unfinished || spikes.is_dir() => {
                let folder = folder.display();
                return Err(entry.refuse(format!(
                    "a recording that is complete; this run was killed: `tauspike recover {folder}` completes what it left"
                )));
            }
            None => {}
        }
        if !spikes.exists() && manifest.is_some() {
            let allowed = match rank_folder(folder, 0).is_dir() {
                true => {
                    let folder = folder.display();
                    format!("one table of spikes; `tauspike recover {folder}` makes it of those of the ranks")
                }
                false => "a run that recorded spikes; there is no spikes.parquet in this folder".to_owned(),
            };
            return Err(entry.refuse(allowed));
        }
        if let Some(manifest) = &manifest {
            check_complete(&spikes, manifest).map_err(|error| unreadable(&entry, &error))?;
        }
        let reader = SpikeReader::open(&spikes).map_err(|error| unreadable(&entry, &error))?;
        let populations = reader.populations().cloned().or(manifest.as_ref().map(|m| m.populations.clone()));
        let covered = manifest.map(|manifest| {
            let start = manifest.parameters.get("start_ms").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
            start..manifest.model_time_ms
        });
        Ok(Self { entry, name, spikes, populations, covered })
    }

    /// Refuses a piece of another network, or one that does not start where `earlier` ends.
    fn follows(&self, earlier: &Piece) -> Result<()> {
        if self.populations != earlier.populations {
            return Err(self.entry.refuse(format!("a recording of the same populations as {}", earlier.name)));
        }
        let (Some(covered), Some(before)) = (&self.covered, &earlier.covered) else { return Ok(()) };
        let (name, end, start) = (&earlier.name, before.end, covered.start);
        if start < end {
            let allowed = format!(
                "pieces in the order of time that do not overlap; it starts at {start} ms, {name} ends at {end} ms"
            );
            return Err(self.entry.refuse(allowed));
        }
        if start > end {
            let allowed = format!("pieces without a gap; it starts at {start} ms, {name} ends at {end} ms");
            return Err(self.entry.refuse(allowed));
        }
        Ok(())
    }

    /// Appends its spikes to the trains of their members; `check` is asked about each time first.
    fn deal(
        &self,
        members: &Members,
        trains: &mut [Vec<f64>],
        mut check: impl FnMut(f64, &Entry) -> Result<()>,
    ) -> Result<()> {
        let unreadable = |error| unreadable(&self.entry, &error);
        let mut reader = SpikeReader::open(&self.spikes).map_err(unreadable)?;
        while let Some(batch) = reader.next_batch().map_err(unreadable)? {
            for ((&time, &neuron), &population) in batch.time.iter().zip(&batch.neuron).zip(&batch.population) {
                check(time, &self.entry)?;
                // of a run that was killed, one process may have recorded more than another
                if self.covered.as_ref().is_some_and(|covered| time > covered.end) {
                    continue;
                }
                if members.population.as_ref().is_some_and(|name| reader.names()[population as usize] != *name) {
                    continue;
                }
                let member = neuron.checked_sub(members.first).map(|member| member as usize);
                let Some(train) = member.and_then(|member| trains.get_mut(member)) else {
                    let (first, last) = (members.first, members.first as usize + trains.len() - 1);
                    return Err(self
                        .entry
                        .refuse(format!("spikes of neurons {first} to {last}; it has one of {neuron}")));
                };
                train.push(time);
            }
        }
        Ok(())
    }
}

fn manifest(entry: &Entry, spikes: &Path) -> Result<Option<Manifest>> {
    let path = spikes.with_file_name("manifest.json");
    if !path.is_file() {
        return Ok(None);
    }
    Manifest::read(&path).map(Some).map_err(|error| unreadable(entry, &error))
}

fn unreadable(entry: &Entry, error: &tauspike_record::RecordError) -> ScenarioError {
    entry.refuse(format!("a recording that can be read: {error}"))
}

/// The spike read last, and from which piece.
struct Before {
    time: f64,
    piece: usize,
}

impl Before {
    fn check(&mut self, time: f64, piece: usize, pieces: &[Piece], entry: &Entry) -> Result<()> {
        if time < self.time {
            let (last, earlier) = (self.time, &pieces[self.piece].name);
            return Err(entry.refuse(match piece == self.piece {
                true => format!("spikes in the order of time; one at {time} ms comes after one at {last} ms"),
                false => format!("pieces in the order of time that do not overlap; it has a spike at {time} ms, {earlier} one at {last} ms"),
            }));
        }
        if time < 0.0 {
            return Err(entry.refuse(format!("times >= 0; it has a spike at {time} ms")));
        }
        (self.time, self.piece) = (time, piece);
        Ok(())
    }
}

/// Which neurons of the recording become members.
struct Members {
    /// Of this population alone.
    population: Option<String>,
    /// Global index of member 0.
    first: u32,
}

impl Members {
    fn read(section: &Section, piece: &Piece, size: u32) -> Result<Self> {
        let ranges = piece.populations.as_ref().map_or(&[][..], Populations::ranges);
        let names: Vec<&String> = ranges.iter().map(|range| &range.name).collect();
        let chosen = section.get("population");
        let range: Option<&PopulationRange> = match &chosen {
            None => None,
            Some(entry) => {
                let name = entry.text()?;
                let range = ranges.iter().find(|range| range.name == name);
                if range.is_none() && !ranges.is_empty() {
                    return Err(entry.refuse(unknown_name(name, &names)));
                }
                range
            }
        };
        let numbering = section.get("numbering");
        let local = match &numbering {
            Some(entry) => entry.choice(&NUMBERINGS)? == LOCAL,
            None => chosen.is_some(),
        };
        let population = chosen.map(|entry| entry.text().map(str::to_owned)).transpose()?;
        let (first, neurons) = match (local, range, ranges) {
            (true, Some(range), _) => (range.first, range.size),
            (true, None, [only]) => (only.first, only.size),
            (true, None, _) => {
                let asked = numbering.unwrap_or_else(|| piece.entry.clone());
                return Err(asked.refuse(match ranges {
                    [] => "\"global\", because the recording does not tell where its populations start".to_owned(),
                    _ => format!("\"global\", or one of the populations {names:?} with the key `population`"),
                }));
            }
            (false, ..) => (0, piece.populations.as_ref().map_or(size, Populations::end)),
        };
        if size != neurons {
            let what = match (&population, local, range) {
                (Some(name), true, _) => format!("population \"{name}\" of {}", piece.name),
                (Some(name), false, Some(range)) => format!(
                    "the network recorded in {}, whose places `numbering` = \"global\" keeps; without it {}, the size of population \"{name}\"",
                    piece.name, range.size
                ),
                _ => format!("the network recorded in {}", piece.name),
            };
            return Err(section.need("size", "")?.refuse(format!("{neurons}, the size of {what}")));
        }
        Ok(Self { population, first })
    }
}

//! The state of a simulation as bytes, and how a simulation goes on from it.
//!
//! ```text
//! 8 bytes   "TAUSPIKE"
//! 4 bytes   version, little-endian
//! 8 bytes   length of the body, little-endian
//! 32 bytes  SHA-256 of the body
//! body      postcard encoding of `State`
//! ```
//!
//! Only what changes in time is kept: potentials, currents, spikes on their way, where each Poisson train stands, counters. The
//! network is built again from its description and compared with the fingerprint of the one that was. Its inputs may be others from
//! the time of the snapshot on (ADR 0012). Probes are not kept: set them after restoring.
//!
//! ```
//! use std::sync::Arc;
//! use tauspike_engine::{Options, Simulation, Snapshot};
//! use tauspike_network::{BuildOptions, LifSpec, NetworkBuilder, ProjectionSpec, RateSpec, Rule};
//!
//! let network = |rate_hz: f64| {
//!     let mut builder = NetworkBuilder::new(1);
//!     let noise = builder.population("noise", 10, RateSpec::constant(rate_hz));
//!     let e = builder.population("E", 10, LifSpec::default());
//!     builder.project(ProjectionSpec::new("noise to E", (noise, e), Rule::AllToAll).weight(3.0).delay(1.5));
//!     builder.build(&BuildOptions::default()).map(Arc::new)
//! };
//! let mut sim = Simulation::new(network(50.0)?, Options::default())?;
//! sim.run(100.0, &mut ())?;
//! let bytes = sim.save()?;
//!
//! let mut sim = Simulation::resume(network(80.0)?, Options::default(), Snapshot::read(&bytes[..])?)?;
//! assert_eq!((sim.now(), sim.changes().len()), (100.0, 1));
//! assert_eq!(sim.changes()[0].to_string(), "population \"noise\": rate_hz is 80 and was 50");
//! sim.run(200.0, &mut ())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::block::state::Blocks;
use crate::error::EngineError;
use crate::inputs::follow::{Following, InputState};
use crate::inputs::rates::Rates;
use crate::inputs::sources::{Sources, SourcesState};
use crate::options::LATEST;
use crate::options::Options;
use crate::simulation::Simulation;
use crate::transit::exchange::{Alone, Exchange};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Read;
use std::sync::Arc;
use tauspike_network::network::Network;
use tauspike_network::population::Cells;
use tauspike_network::{Difference, Fingerprint};
use tauspike_spike::Counters;
use tauspike_spike::Spike;

const MAGIC: &[u8; 8] = b"TAUSPIKE";
const VERSION: u32 = 7;
const HEADER: usize = 8 + 4 + 8 + 32;
/// Differences that a refusal names one by one.
const NAMED: usize = 6;

/// Why a snapshot was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The operating system refused.
    #[error("cannot be read: {0}")]
    Read(String),
    /// The first bytes are not those of a snapshot.
    #[error("not a tauspike snapshot: it does not begin with TAUSPIKE")]
    Magic,
    /// Written by another version.
    #[error(
        "snapshot version {0} cannot be read; this program reads version {VERSION}: run the scenario again to its time"
    )]
    Version(u32),
    /// Cut short, or something behind it.
    #[error("snapshot is damaged: {found} bytes; allowed: {needed}, as it says itself")]
    Length {
        /// Bytes there are; more than `needed` if there are more.
        found: u64,
        /// Bytes there should be.
        needed: u64,
    },
    /// The checksum does not match.
    #[error("snapshot is damaged: its checksum does not match")]
    Checksum,
    /// The snapshot belongs to another network.
    #[error(
        "snapshot belongs to another network: {0}; allowed: other inputs, but the seed, neurons and synapses of the snapshot"
    )]
    Network(String),
    /// The body cannot be decoded.
    #[error("snapshot is damaged: {0}")]
    Body(String),
    /// The simulation cannot be made, or cannot be saved.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Whether a file that begins so is a snapshot, of whatever version.
pub fn is_snapshot(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// A snapshot that has been read and found undamaged.
pub struct Snapshot {
    state: State,
    sha256: String,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("now", &self.state.now).field("sha256", &self.sha256).finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
struct State {
    now: f64,
    fingerprint: Fingerprint,
    counters: Counters,
    inputs: Vec<InputState>,
    /// Streams of draws from this one on have never been used by an input.
    unused_stream: u32,
    blocks: Blocks,
    sources: Vec<Option<SourcesState>>,
    flights: Vec<Vec<Spike>>,
    rates: Rates,
}

impl State {
    fn to_bytes(&self) -> Vec<u8> {
        let body = postcard::to_stdvec(self).expect("encoding plain data into memory cannot fail");
        let mut bytes = Vec::with_capacity(HEADER + body.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&body));
        bytes.extend_from_slice(&body);
        bytes
    }
}

impl Snapshot {
    /// Reads what [`Simulation::save`] wrote: no more than the bytes there are, and nothing beyond the header if that is not right.
    ///
    /// # Errors
    /// [`SnapshotError`] if it is no snapshot, damaged, or of another version.
    pub fn read(mut from: impl Read) -> Result<Self, SnapshotError> {
        let mut header = Vec::new();
        from.by_ref().take(HEADER as u64).read_to_end(&mut header).map_err(unreadable)?;
        let (magic, rest) = header.split_first_chunk::<8>().ok_or(SnapshotError::Magic)?;
        if magic != MAGIC {
            return Err(SnapshotError::Magic);
        }
        let cut_short = |needed| SnapshotError::Length { found: header.len() as u64, needed };
        let (version, rest) = rest.split_first_chunk::<4>().ok_or(cut_short(HEADER as u64))?;
        if u32::from_le_bytes(*version) != VERSION {
            return Err(SnapshotError::Version(u32::from_le_bytes(*version)));
        }
        let (length, checksum) = rest.split_first_chunk::<8>().ok_or(cut_short(HEADER as u64))?;
        let length = u64::from_le_bytes(*length);
        let mut body = Vec::new();
        from.take(length.saturating_add(1)).read_to_end(&mut body).map_err(unreadable)?;
        let (found, needed) = ((header.len() + body.len()) as u64, length.saturating_add(HEADER as u64));
        if found != needed {
            return Err(SnapshotError::Length { found, needed });
        }
        if Sha256::digest(&body)[..] != *checksum {
            return Err(SnapshotError::Checksum);
        }
        let state: State = postcard::from_bytes(&body).map_err(|error| SnapshotError::Body(error.to_string()))?;
        if !(0.0..=LATEST).contains(&state.now) {
            return Err(SnapshotError::Body(format!("its time is {} ms", state.now)));
        }
        let sha256 = Sha256::new().chain_update(&header).chain_update(&body).finalize();
        Ok(Self { state, sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// Model time, ms.
    pub fn time(&self) -> f64 {
        self.state.now
    }

    /// The bytes of one snapshot of the whole network, from those that all its ranks saved at one time, in order of rank. `whole` is the
    /// fingerprint of the whole.
    ///
    /// # Errors
    /// [`SnapshotError::Body`] if they were saved at different times, or there is none.
    pub fn join(parts: impl IntoIterator<Item = Self>, whole: Fingerprint) -> Result<Vec<u8>, SnapshotError> {
        let mut parts = parts.into_iter().map(|part| part.state);
        let mut all = parts.next().ok_or_else(|| SnapshotError::Body("it has no parts".into()))?;
        for part in parts {
            if part.now != all.now {
                let reason = format!("one part was saved at {} ms and another at {} ms", all.now, part.now);
                return Err(SnapshotError::Body(reason));
            }
            all.counters.add(&part.counters);
            all.blocks.append(part.blocks);
            for (sources, more) in all.sources.iter_mut().zip(part.sources) {
                *sources = sources.take().or(more);
            }
        }
        all.blocks.sort();
        all.fingerprint = whole;
        Ok(all.to_bytes())
    }

    /// SHA-256 of all its bytes, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl Simulation {
    /// The state as bytes. Takes a few ns for each neuron and each stored synapse.
    ///
    /// # Errors
    /// [`SnapshotError::Engine`] after a run that failed: what is left is no state of the network.
    pub fn save(&self) -> Result<Vec<u8>, SnapshotError> {
        self.can_go_on()?;
        let mut blocks = Blocks::default();
        self.workers.blocks().for_each(|block| blocks.push(block.range(), block.save(self.now)));
        let state = State {
            now: self.now,
            fingerprint: Fingerprint::of(&self.network),
            // the calendars are made anew, so their work is counted from the restore on
            counters: self.counters().work(),
            inputs: InputState::of(&self.network, self.now),
            unused_stream: self.unused_stream,
            blocks,
            sources: self.sources.iter().map(|s| s.as_ref().map(Sources::save)).collect(),
            flights: self.workers.transit().flights.of_population.clone(),
            rates: self.rates.clone(),
        };
        Ok(state.to_bytes())
    }

    /// A simulation of `network` in the state that [`Simulation::save`] wrote; it goes on as if never interrupted.
    ///
    /// # Errors
    /// As [`Snapshot::read`] and [`Simulation::resume`].
    pub fn restore(network: Arc<Network>, options: Options, bytes: &[u8]) -> Result<Self, SnapshotError> {
        Self::resume(network, options, Snapshot::read(bytes)?)
    }

    /// A simulation that goes on from a snapshot. Inputs of `network` that differ act from then on; [`Simulation::changes`] tells them.
    ///
    /// # Errors
    /// [`SnapshotError::Network`] if seed, neurons or synapses differ, by name.
    pub fn resume(network: Arc<Network>, options: Options, snapshot: Snapshot) -> Result<Self, SnapshotError> {
        let whole = Fingerprint::of(&network);
        Self::resume_with_exchange((network, &whole), options, snapshot, Box::new(Alone))
    }

    /// As [`Simulation::resume`], on one rank of several; see [`Simulation::with_exchange`]. With the part of the network goes the fingerprint
    /// of the whole. However many ranks saved, any number goes on; [`Simulation::counters`] before that is told by the first.
    ///
    /// # Errors
    /// As [`Simulation::resume`].
    pub fn resume_with_exchange(
        (network, whole): (Arc<Network>, &Fingerprint),
        options: Options,
        snapshot: Snapshot,
        exchange: Box<dyn Exchange>,
    ) -> Result<Self, SnapshotError> {
        let state = snapshot.state;
        let differences = state.fingerprint.differences(whole);
        let (changes, others): (Vec<_>, Vec<_>) = differences.into_iter().partition(|difference| difference.is_input);
        if !others.is_empty() {
            return Err(SnapshotError::Network(named(&others)));
        }
        let other = || SnapshotError::Body("its parts do not fit the network".into());
        let rank = exchange.rank();
        let mut sim = Self::with_exchange(network.clone(), options, exchange)?;
        let fits = state.sources.len() == sim.sources.len() && state.flights.len() == sim.network.populations().len();
        let in_flight = |(spikes, population): (&Vec<Spike>, &tauspike_network::population::Population)| {
            spikes.is_sorted()
                && spikes.iter().all(|spike| population.range().contains(&spike.source) && spike.time <= state.now)
        };
        if !fits || !state.flights.iter().zip(sim.network.populations()).all(in_flight) {
            return Err(other());
        }
        sim.workers.change_transit().flights.of_population = state.flights;
        sim.unused_stream = state.unused_stream;
        for set in state.rates.each() {
            let allowed = set.whose.find(&network).is_none_or(|(_, rate)| (0.0..=rate.most_hz()).contains(&set.hz));
            allowed.then_some(()).ok_or_else(other)?;
            sim.put_rate(&set.whose, set.hz, None, None);
        }
        sim.rates = state.rates;
        let follow = Following::all(&sim.network, &state.inputs, state.now, &mut sim.unused_stream);
        for mut block in sim.workers.blocks() {
            let following = &follow[block.range().population as usize];
            let saved = state.blocks.of(block.range()).ok_or_else(other)?;
            block.load(&saved, following, state.now).ok_or_else(other)?;
        }
        let injected = |saved: &Option<SourcesState>| matches!(saved, Some(SourcesState::Trains(Some(_))));
        let changed = |name: &str| changes.iter().any(|change| change.place == format!("population \"{name}\""));
        for (index, population) in network.populations().iter().enumerate() {
            // what is on its way was fired by the inputs of before
            if injected(&state.sources[index]) || changed(&population.name) {
                sim.expect_any_spikes(index);
            }
        }
        for (index, (sources, saved)) in sim.sources.iter_mut().zip(state.sources).enumerate() {
            let population = &network.populations()[index];
            let has_sources = !matches!(population.cells, Cells::Lif(_));
            let fits = match (sources, saved) {
                (Some(sources), Some(saved)) => sources.load(saved, population.range(), state.now),
                (None, saved) => saved.is_some() == has_sources,
                (Some(_), None) => false,
            };
            fits.then_some(()).ok_or_else(other)?;
        }
        sim.now = state.now;
        sim.reschedule();
        sim.totals = if rank.index == 0 { state.counters } else { Counters::default() };
        sim.changes = changes;
        Ok(sim)
    }

    /// In what the inputs differ from those of the snapshot it went on from.
    pub fn changes(&self) -> &[Difference] {
        &self.changes
    }
}

fn unreadable(error: std::io::Error) -> SnapshotError {
    SnapshotError::Read(error.to_string())
}

fn named(differences: &[Difference]) -> String {
    let first: Vec<String> = differences.iter().take(NAMED).map(Difference::to_string).collect();
    match differences.len().saturating_sub(NAMED) {
        0 => first.join("; "),
        more => format!("{}; and {more} more", first.join("; ")),
    }
}

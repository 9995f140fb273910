//! The full state of a simulation as bytes: potentials, currents, arrivals in flight, positions of all draws, counters.
//!
//! ```text
//! 8 bytes   "TAUSPIKE"
//! 4 bytes   version, little-endian
//! 32 bytes  fingerprint of the network the state belongs to
//! 8 bytes   length of the body, little-endian
//! 32 bytes  SHA-256 of the body
//! body      postcard encoding of `State`
//! ```
//!
//! Arrivals in flight are kept as the spikes that cause them; the network is not kept, it is built again from its description.
//! Probes are not kept either: set them after restoring.

use crate::block::state::BlockState;
use crate::inputs::sources::SourcesState;
use crate::options::Options;
use crate::simulation::Simulation;
use crate::{Counters, EngineError, LATEST};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tauspike_network::network::Network;
use tauspike_spike::Spike;

const MAGIC: &[u8; 8] = b"TAUSPIKE";
const VERSION: u32 = 2;
const HEADER: usize = 8 + 4 + 32 + 8 + 32;

/// Why a snapshot was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Not a snapshot, or cut short.
    #[error("not a tauspike snapshot, or cut short: {found} bytes, at least {needed} needed")]
    Short {
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// The first bytes are not those of a snapshot.
    #[error("not a tauspike snapshot: it does not begin with TAUSPIKE")]
    Magic,
    /// Written by another version.
    #[error("snapshot version {0} cannot be read; this program reads version {VERSION}")]
    Version(u32),
    /// The checksum does not match.
    #[error("snapshot is damaged: its checksum does not match")]
    Checksum,
    /// The snapshot belongs to another network.
    #[error("snapshot belongs to another network (or seed): {0}")]
    Network(&'static str),
    /// The body cannot be decoded.
    #[error("snapshot body: {0}")]
    Body(String),
    /// The simulation cannot be made, or cannot be saved.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

#[derive(Serialize, Deserialize)]
struct State {
    now: f64,
    counters: Counters,
    blocks: Vec<BlockState>,
    sources: Vec<Option<SourcesState>>,
    flights: Vec<Vec<Spike>>,
}

impl Simulation {
    /// The full state as bytes.
    ///
    /// # Errors
    /// [`SnapshotError::Engine`] after a run that failed: what is left is no state of the network.
    pub fn save(&self) -> Result<Vec<u8>, SnapshotError> {
        self.can_go_on()?;
        let state = State {
            now: self.now,
            // the calendars are made anew, so their work is counted from the restore on
            counters: self.counters().work(),
            blocks: self.blocks.iter().map(|block| block.save()).collect(),
            sources: self.sources.iter().map(|s| s.as_ref().map(|s| s.state())).collect(),
            flights: self.flights.of_population.clone(),
        };
        let body = postcard::to_stdvec(&state).expect("encoding plain data into memory cannot fail");
        let mut bytes = Vec::with_capacity(HEADER + body.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&fingerprint(&self.network));
        bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&Sha256::digest(&body));
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    /// A simulation of `network` in the state that [`Simulation::save`] wrote; it goes on as if never interrupted.
    ///
    /// # Errors
    /// [`SnapshotError`] if the bytes are damaged, of another version, or belong to another network.
    pub fn restore(network: Arc<Network>, options: Options, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let state = decode(&network, bytes)?;
        let mut sim = Self::new(network, options)?;
        const OTHER: SnapshotError = SnapshotError::Network("its parts do not fit");
        if !(0.0..=LATEST).contains(&state.now)
            || state.blocks.len() != sim.blocks.len()
            || state.sources.len() != sim.sources.len()
            || state.flights.len() != sim.flights.of_population.len()
        {
            return Err(OTHER);
        }
        for (block, saved) in sim.blocks.iter_mut().zip(state.blocks) {
            block.load(saved).ok_or(OTHER)?;
        }
        for (sources, saved) in sim.sources.iter_mut().zip(state.sources) {
            let fits = match (sources, saved) {
                (Some(sources), Some(saved)) => sources.restore(saved),
                (None, None) => true,
                _ => false,
            };
            fits.then_some(()).ok_or(OTHER)?;
        }
        sim.flights.of_population = state.flights;
        sim.now = state.now;
        sim.reschedule();
        sim.totals = state.counters;
        Ok(sim)
    }
}

fn decode(network: &Network, bytes: &[u8]) -> Result<State, SnapshotError> {
    let short = |needed| SnapshotError::Short { found: bytes.len(), needed };
    let (magic, rest) = bytes.split_first_chunk::<8>().ok_or(short(HEADER))?;
    if magic != MAGIC {
        return Err(SnapshotError::Magic);
    }
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(short(HEADER))?;
    if u32::from_le_bytes(*version) != VERSION {
        return Err(SnapshotError::Version(u32::from_le_bytes(*version)));
    }
    let (found, rest) = rest.split_first_chunk::<32>().ok_or(short(HEADER))?;
    let (length, rest) = rest.split_first_chunk::<8>().ok_or(short(HEADER))?;
    let (checksum, body) = rest.split_first_chunk::<32>().ok_or(short(HEADER))?;
    if body.len() as u64 != u64::from_le_bytes(*length) {
        return Err(short(HEADER.saturating_add(u64::from_le_bytes(*length) as usize)));
    }
    if Sha256::digest(body)[..] != checksum[..] {
        return Err(SnapshotError::Checksum);
    }
    if *found != fingerprint(network) {
        return Err(SnapshotError::Network("its fingerprint differs"));
    }
    postcard::from_bytes(body).map_err(|error| SnapshotError::Body(error.to_string()))
}

/// Digest of what a state can depend on: seed, populations, blocks, projections with their sizes and delays, inputs.
fn fingerprint(network: &Network) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(network.seed().to_le_bytes());
    for p in network.populations() {
        hash.update(p.name.as_bytes());
        hash.update(p.size.to_le_bytes());
    }
    for b in network.blocks() {
        hash.update(b.first.to_le_bytes());
    }
    for p in network.projections() {
        hash.update([p.source, p.target].map(u32::to_le_bytes).as_flattened());
        hash.update([p.min_delay, p.max_delay].map(f64::to_le_bytes).as_flattened());
        for rows in p.stored().unwrap_or_default() {
            hash.update((rows.targets.len() as u64).to_le_bytes());
        }
        if p.stored().is_none() {
            hash.update(p.synapses().to_le_bytes());
        }
    }
    hash.update((network.inputs().len() as u64).to_le_bytes());
    hash.finalize().into()
}

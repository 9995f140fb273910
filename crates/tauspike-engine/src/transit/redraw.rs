//! Rows of procedural projections: drawn at the beginning of the epoch in which they arrive, for all blocks at once.
//!
//! A chunk of rows is drawn by whichever thread is free; a row does not depend on what else is in its chunk. What a row
//! consists of is decided in `tauspike_network::procedural`.

use std::ops::Range;
use tauspike_network::fanout::{FanOut, Projection, Rows};
use tauspike_network::network::Network;
use tauspike_network::procedural::Redrawn;
use tauspike_spike::Spike;

/// Synapses of a chunk, about: enough to make up for handing it out, few enough to leave work for every thread.
const SYNAPSES: u32 = 1 << 16;

/// The rows of one projection that arrive in an epoch; nothing if the projection is stored.
pub(crate) struct Redraw {
    /// Position of the source of each row.
    pub sources: Vec<u32>,
    /// Rows in a chunk.
    rows: u32,
    /// By chunk; those beyond `sources` are kept for their memory.
    drawn: Vec<Redrawn>,
}

/// A chunk to be drawn.
pub(crate) struct Chunk {
    projection: u32,
    number: usize,
    redrawn: Redrawn,
}

impl Redraw {
    pub fn of(projection: &Projection) -> Self {
        let rows = match &projection.fan_out {
            FanOut::Stored(_) => 1,
            FanOut::Procedural(procedural) => (SYNAPSES / procedural.degree().max(1)).max(1),
        };
        Self { sources: Vec::new(), rows, drawn: Vec::new() }
    }

    /// Asks for the rows of `spikes`, whose population begins at `first`; the number of the first of these rows.
    pub fn ask(&mut self, spikes: &[Spike], first: u32) -> u32 {
        let row = self.sources.len() as u32;
        self.sources.extend(spikes.iter().map(|spike| spike.source - first));
        row
    }

    /// Where row number `row` of the epoch is: the table of block `ordinal`, and the row in it.
    #[inline(always)]
    pub fn row(&self, ordinal: usize, row: u32) -> (&Rows, u32) {
        (&self.drawn[(row / self.rows) as usize].blocks()[ordinal], row % self.rows)
    }

    /// Gives out the chunks to be drawn; take them back with [`Redraw::install`].
    pub fn chunks(&mut self, projection: u32, chunks: &mut Vec<Chunk>) {
        let wanted = self.sources.len().div_ceil(self.rows as usize);
        self.drawn.resize_with(wanted.max(self.drawn.len()), Redrawn::default);
        for (number, redrawn) in self.drawn[..wanted].iter_mut().enumerate() {
            chunks.push(Chunk { projection, number, redrawn: std::mem::take(redrawn) });
        }
    }

    fn sources_of(&self, chunk: usize) -> Range<usize> {
        let rows = self.rows as usize;
        chunk * rows..self.sources.len().min((chunk + 1) * rows)
    }

    /// Takes a drawn chunk back.
    pub fn install(redraws: &mut [Self], chunk: Chunk) {
        redraws[chunk.projection as usize].drawn[chunk.number] = chunk.redrawn;
    }
}

impl Chunk {
    /// Draws the chunk.
    pub fn run(&mut self, network: &Network, redraws: &[Redraw]) {
        let redraw = &redraws[self.projection as usize];
        if let FanOut::Procedural(procedural) = &network.projections()[self.projection as usize].fan_out {
            let sources = &redraw.sources[redraw.sources_of(self.number)];
            procedural.redraw(sources.iter().copied(), &mut self.redrawn);
        }
    }
}

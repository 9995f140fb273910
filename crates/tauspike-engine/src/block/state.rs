//! What a snapshot keeps of a block. The blocks that go on from it may be others: a snapshot does not know how many threads there will be.

use crate::block::divided::Divided;
use crate::block::scaled::currents::state::CurrentsState;
use crate::block::scaled::jumps::state::JumpsState;
use crate::block::scaled::state::ScaledState;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use tauspike_network::fanout;

#[derive(Serialize, Deserialize)]
pub(crate) enum BlockState {
    Jumps(ScaledState<JumpsState>),
    Currents(ScaledState<CurrentsState>),
    Alphas(ScaledState<CurrentsState>),
}

impl Divided for BlockState {
    fn part(&self, positions: Range<usize>) -> Option<Self> {
        match self {
            Self::Jumps(state) => state.part(positions).map(Self::Jumps),
            Self::Currents(state) => state.part(positions).map(Self::Currents),
            Self::Alphas(state) => state.part(positions).map(Self::Alphas),
        }
    }

    fn append(&mut self, following: Self) -> Option<()> {
        match (self, following) {
            (Self::Jumps(state), Self::Jumps(following)) => state.append(following),
            (Self::Currents(state), Self::Currents(following)) => state.append(following),
            (Self::Alphas(state), Self::Alphas(following)) => state.append(following),
            _ => None,
        }
    }
}

/// The blocks of a snapshot.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Blocks(Vec<Saved>);

#[derive(Serialize, Deserialize)]
struct Saved {
    /// Global indices.
    neurons: Range<u32>,
    state: BlockState,
}

impl Blocks {
    /// Adds the next one.
    pub fn push(&mut self, block: fanout::Block, state: BlockState) {
        self.0.push(Saved { neurons: block.first..block.first + block.len, state });
    }

    /// Adds those of another rank.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Puts them in the order of global index, in which [`Blocks::of`] looks.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|saved| saved.neurons.start);
    }

    /// The neurons of a block, wherever they were; none if any is nowhere.
    pub fn of(&self, block: fanout::Block) -> Option<BlockState> {
        let (mut next, end) = (block.first, block.first + block.len);
        let mut all: Option<BlockState> = None;
        for Saved { neurons, state } in &self.0 {
            if next < end && neurons.contains(&next) {
                let until = neurons.end.min(end);
                let part = state.part((next - neurons.start) as usize..(until - neurons.start) as usize)?;
                match &mut all {
                    Some(all) => all.append(part)?,
                    None => all = Some(part),
                }
                next = until;
            }
        }
        all.filter(|_| next == end)
    }
}

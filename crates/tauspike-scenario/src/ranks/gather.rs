//! The one thing a message-passing library is needed for.

use tauspike_engine::exchange::Rank;

/// Brings what every rank says to every rank.
pub trait Gather: Send {
    /// Which rank this is.
    fn rank(&self) -> Rank;

    /// Says `head` and `words`, and replaces what is in `all` by what all ranks say, this one included. All ranks do so at once: it returns
    /// when all have.
    ///
    /// # Errors
    /// Why the others cannot be reached. It is not called again then.
    fn gather(&mut self, head: [u64; 2], words: &[u64], all: &mut Gathered) -> Result<(), String>;

    /// What to do, on another thread, before this process ends because [`Gather::gather`] cannot return, if there are such cases.
    fn when_lost(&mut self, _then: Box<dyn FnOnce() + Send>) {}
}

/// What all ranks have said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// By rank.
    pub heads: Vec<[u64; 2]>,
    /// The words of all, those of rank 0 first.
    pub words: Vec<u64>,
    /// By rank: where its words end.
    pub ends: Vec<usize>,
}

impl Gathered {
    /// The words of one rank.
    pub fn of(&self, rank: usize) -> &[u64] {
        let start = if rank == 0 { 0 } else { self.ends[rank - 1] };
        &self.words[start..self.ends[rank]]
    }
}

/// For a process without others.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnlyRank;

impl Gather for OnlyRank {
    fn rank(&self) -> Rank {
        Rank::ALONE
    }

    fn gather(&mut self, head: [u64; 2], words: &[u64], all: &mut Gathered) -> Result<(), String> {
        *all = Gathered { heads: vec![head], words: words.to_vec(), ends: vec![words.len()] };
        Ok(())
    }
}

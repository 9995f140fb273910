//! Arrivals of one block, by target: those of one epoch, in scratch space of a thread, or those that wait in a patient block.
//!
//! Where every synapse onto a block has its projection's weight and delay, all arrivals of a row are alike, and an entry is the
//! number of the row in the epoch's list: 4 bytes to scatter and not 16. Otherwise an entry is the arrival itself.
//!
//! Each target has room for `stride` entries; the stride grows when one overflows. It is an odd number of cache lines, because
//! with a power of two the open ends of all buckets would fall into the same few cache sets.

use crate::hardware::prefetch::prefetch;
use tauspike_neuron::Arrival;

const LINE: usize = 64;

/// What a bucket holds.
pub(crate) trait Entry: Copy + Default {
    /// The arrival it stands for; `rows` are those of the epoch.
    fn arrival(self, rows: &[Arrival]) -> Arrival;
}

impl Entry for Arrival {
    #[inline(always)]
    fn arrival(self, _: &[Arrival]) -> Arrival {
        self
    }
}

impl Entry for u32 {
    #[inline(always)]
    fn arrival(self, rows: &[Arrival]) -> Arrival {
        rows[self as usize]
    }
}

pub(crate) struct Buckets<E> {
    stride: usize,
    targets: usize,
    /// Number of entries by target.
    filled: Vec<u32>,
    entries: Vec<E>,
    /// Targets with something to do, in no particular order.
    active: Vec<u16>,
}

impl<E: Entry> Buckets<E> {
    const PER_LINE: usize = LINE / size_of::<E>();

    pub fn new(targets: usize) -> Self {
        let filled = vec![0; targets];
        let entries = vec![E::default(); targets * Self::PER_LINE];
        Self { stride: Self::PER_LINE, targets, filled, entries, active: Vec::new() }
    }

    /// Adds an entry. Targets that get their first must be listed with [`Buckets::list`] before the buckets are read.
    #[inline(always)]
    pub fn push(&mut self, target: u16, entry: E) {
        let filled = self.filled[target as usize] as usize;
        if filled >= self.stride {
            self.grow();
        }
        self.entries[target as usize * self.stride + filled] = entry;
        self.filled[target as usize] = filled as u32 + 1;
    }

    /// Number of entries of `target`.
    #[inline(always)]
    pub fn count(&self, target: u16) -> u32 {
        self.filled[target as usize]
    }

    /// Lists `target`, which is not listed.
    #[inline(always)]
    pub fn add_active(&mut self, target: u16) {
        self.active.push(target);
    }

    /// Adds an entry and lists its target if it is the first.
    #[inline(always)]
    pub fn push_listed(&mut self, target: u16, entry: E) {
        if self.filled[target as usize] == 0 {
            self.active.push(target);
        }
        self.push(target, entry);
    }

    /// Lists exactly the targets whose item in `due` says so, in order.
    #[inline(always)]
    pub fn list(&mut self, due: impl ExactSizeIterator<Item = bool>) {
        // written without a branch: where this is used many neurons are active
        self.active.resize(due.len(), 0);
        let mut listed = 0;
        for (target, due) in (0..).zip(due) {
            self.active[listed] = target;
            listed += usize::from(due);
        }
        self.active.truncate(listed);
    }

    /// Lists every target that has an entry or is `due`, in order. One item of `due` for each target.
    #[inline(always)]
    pub fn list_filled(&mut self, due: impl ExactSizeIterator<Item = bool>) {
        let filled = std::mem::take(&mut self.filled);
        self.list(due.zip(&filled).map(|(due, &filled)| due | (filled > 0)));
        self.filled = filled;
    }

    /// Lists `target` even without an entry.
    pub fn activate(&mut self, target: u16) {
        if self.filled[target as usize] == 0 {
            self.active.push(target);
        }
    }

    #[cold]
    fn grow(&mut self) {
        // by a quarter, not to twice as much, and in place: a patient block holds its buckets all the time
        let (old, lines) = (self.stride, self.stride / Self::PER_LINE);
        self.stride = ((lines + (lines / 4).max(2)) | 1) * Self::PER_LINE;
        self.entries.reserve_exact(self.targets * (self.stride - old));
        self.entries.resize(self.targets * self.stride, E::default());
        for target in (1..self.targets).rev() {
            self.entries.copy_within(target * old..(target + 1) * old, target * self.stride);
        }
    }

    /// Asks for the entries of `target`.
    #[inline(always)]
    pub fn prefetch(&self, target: u16) {
        let from = target as usize * self.stride;
        for entry in (from..from + self.filled[target as usize] as usize).step_by(Self::PER_LINE) {
            prefetch(&self.entries, entry);
        }
    }

    /// Asks for the room of the next entry of `target`.
    #[inline(always)]
    pub fn prefetch_end(&self, target: u16) {
        prefetch(&self.entries, target as usize * self.stride + self.filled[target as usize] as usize);
    }

    /// Takes the list of active targets; give it back with [`Buckets::clear`].
    pub fn take_active(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.active)
    }

    /// The entries of `target`.
    #[inline(always)]
    pub fn of(&self, target: u16) -> &[E] {
        let from = target as usize * self.stride;
        &self.entries[from..from + self.filled[target as usize] as usize]
    }

    pub fn clear(&mut self, mut active: Vec<u16>) {
        for &target in &active {
            self.filled[target as usize] = 0;
        }
        active.clear();
        self.active = active;
    }
}

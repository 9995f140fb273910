//! Which neurons of a block are to be looked at.

/// Words of 64 neurons.
const WORDS: usize = 1 << 10;

/// A set of neurons, numbered in the order in which they were marked.
pub(super) struct Marks {
    /// As many bits as there can be neurons in a block, so that no bound has to be checked.
    bits: Box<[u64; WORDS]>,
    marked: Vec<u16>,
    slots: Vec<u32>,
}

impl Default for Marks {
    fn default() -> Self {
        Self { bits: Box::new([0; WORDS]), marked: Vec::new(), slots: Vec::new() }
    }
}

impl Marks {
    /// Empties the set, of so many neurons.
    pub fn begin(&mut self, neurons: usize) {
        for n in self.marked.drain(..) {
            self.bits[n as usize / 64] = 0;
        }
        if self.slots.len() < neurons {
            self.slots.resize(neurons, 0);
        }
    }

    #[inline(always)]
    pub fn has(&self, n: u16) -> bool {
        self.bits[n as usize / 64] >> (n % 64) & 1 == 1
    }

    #[cold]
    #[inline(never)]
    pub fn mark(&mut self, n: u16) {
        if !self.has(n) {
            self.bits[n as usize / 64] |= 1 << (n % 64);
            self.slots[n as usize] = self.marked.len() as u32;
            self.marked.push(n);
        }
    }

    #[inline(always)]
    pub fn slot(&self, n: u16) -> u32 {
        self.slots[n as usize]
    }

    pub fn marked(&self) -> &[u16] {
        &self.marked
    }

    pub fn any(&self) -> bool {
        !self.marked.is_empty()
    }
}

//! Which neurons of a block are to be looked at.

use crate::block::scaled::four::four;
use crate::block::scaled::table::{Table, table};

/// Targets searched together.
const LINE: usize = 8;

/// A set of neurons, numbered in the order in which they were marked.
pub(crate) struct Marks {
    /// 1 where it is marked.
    flags: Table<u8>,
    marked: Vec<u16>,
    slots: Vec<u32>,
}

impl Default for Marks {
    fn default() -> Self {
        Self { flags: table(0), marked: Vec::new(), slots: Vec::new() }
    }
}

impl Marks {
    /// Empties the set, of so many neurons.
    pub fn begin(&mut self, neurons: usize) {
        for n in self.marked.drain(..) {
            self.flags[n as usize] = 0;
        }
        if self.slots.len() < neurons {
            self.slots.resize(neurons, 0);
        }
    }

    #[cold]
    #[inline(never)]
    pub fn mark(&mut self, n: u16) {
        if self.flags[n as usize] == 0 {
            self.flags[n as usize] = 1;
            self.slots[n as usize] = self.marked.len() as u32;
            self.marked.push(n);
        }
    }

    /// Marks those of the neurons `first ..` whose bit is set.
    #[inline(always)]
    pub fn mark_line(&mut self, first: usize, mut found: u64) {
        while found != 0 {
            self.mark((first + found.trailing_zeros() as usize) as u16);
            found &= found - 1;
        }
    }

    /// Keeps those marked for which `stays` holds.
    pub fn retain(&mut self, mut stays: impl FnMut(u16) -> bool) {
        let Self { flags, marked, slots } = self;
        marked.retain(|n| {
            let stays = stays(*n);
            flags[*n as usize] = u8::from(stays);
            stays
        });
        (0..).zip(&*marked).for_each(|(slot, n)| slots[*n as usize] = slot);
    }

    /// Calls `with` with the place of every target that is marked.
    #[inline(always)]
    pub fn each(&self, targets: &[u16], mut with: impl FnMut(usize)) {
        let (lines, rest) = targets.as_chunks::<LINE>();
        for (line, targets) in lines.iter().enumerate() {
            let mut any = 0;
            for targets in targets.as_chunks::<4>().0 {
                for target in four(targets) {
                    any |= self.flags[target as usize];
                }
            }
            // few are marked: most lines are left here
            if any != 0 {
                let mut found = 0u32;
                for (k, target) in targets.iter().enumerate() {
                    found |= u32::from(self.flags[*target as usize]) << k;
                }
                while found != 0 {
                    with(line * LINE + found.trailing_zeros() as usize);
                    found &= found - 1;
                }
            }
        }
        for (place, target) in (lines.len() * LINE..).zip(rest) {
            if self.flags[*target as usize] != 0 {
                with(place);
            }
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

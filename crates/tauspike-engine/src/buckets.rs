//! The arrivals of one block and epoch, by target. Scratch space: one per thread, used for one block after the other.
//!
//! Each target has room for `stride` arrivals; the stride grows when one overflows. It is an odd number of cache lines, because
//! with a power of two the open ends of all buckets would fall into the same few cache sets.

use crate::prefetch::prefetch;
use tauspike_neuron::Arrival;

const PER_LINE: usize = 4;
const TARGETS: usize = 1 << 16;
/// Stands behind the last arrival of a bucket, so that a merge needs no end test.
pub(crate) const END: Arrival = Arrival { time: f64::INFINITY, weight: 0.0 };

pub(crate) struct Buckets {
    stride: usize,
    targets: usize,
    /// Number of arrivals by target. As long as a `u16` reaches, so that indexing needs no check; only the front is touched.
    filled: Box<[u32; TARGETS]>,
    arrivals: Vec<Arrival>,
    nothing: [Arrival; 1],
    /// Targets with something to do, in no particular order.
    active: Vec<u16>,
}

impl Buckets {
    pub fn new(targets: usize) -> Self {
        let filled = vec![0; TARGETS].try_into().expect("the length is TARGETS");
        Self {
            stride: PER_LINE,
            targets,
            filled,
            arrivals: vec![END; targets * PER_LINE],
            nothing: [END],
            active: Vec::new(),
        }
    }

    /// Adds an arrival. Targets that get their first must be listed with [`Buckets::list`] before the buckets are read.
    #[inline(always)]
    pub fn push(&mut self, target: u16, arrival: Arrival) {
        let filled = self.filled[target as usize] as usize;
        if filled + 1 >= self.stride {
            self.grow();
        }
        self.arrivals[target as usize * self.stride + filled] = arrival;
        self.filled[target as usize] = filled as u32 + 1;
    }

    /// Adds an arrival and lists its target if it is the first.
    #[inline(always)]
    pub fn push_listed(&mut self, target: u16, arrival: Arrival) {
        if self.filled[target as usize] == 0 {
            self.active.push(target);
        }
        self.push(target, arrival);
    }

    /// Lists every target that has an arrival or is `due`, in order. One entry of `due` for each target.
    #[inline(always)]
    pub fn list(&mut self, due: impl ExactSizeIterator<Item = bool>) {
        // written without a branch: about every second neuron is active where this is used
        self.active.resize(due.len(), 0);
        let mut listed = 0;
        for ((target, due), filled) in (0..).zip(due).zip(self.filled.iter()) {
            self.active[listed] = target;
            listed += usize::from(due | (*filled > 0));
        }
        self.active.truncate(listed);
    }

    /// Lists `target` even without an arrival.
    pub fn activate(&mut self, target: u16) {
        if self.filled[target as usize] == 0 {
            self.active.push(target);
        }
    }

    #[cold]
    fn grow(&mut self) {
        let stride = (self.stride / PER_LINE * 2 + 1) * PER_LINE;
        let mut arrivals = vec![END; self.targets * stride];
        for (old, new) in self.arrivals.chunks_exact(self.stride).zip(arrivals.chunks_exact_mut(stride)) {
            new[..self.stride].copy_from_slice(old);
        }
        (self.stride, self.arrivals) = (stride, arrivals);
    }

    /// Asks for the bucket of `target`, if it has arrivals.
    #[inline(always)]
    pub fn prefetch(&self, target: u16) {
        if self.filled[target as usize] > 0 {
            prefetch(&self.arrivals, target as usize * self.stride);
        }
    }

    /// Takes the list of active targets; give it back with [`Buckets::clear`].
    pub fn take_active(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.active)
    }

    /// The arrivals of `target`, and [`END`].
    #[inline(always)]
    pub fn of(&mut self, target: u16) -> &mut [Arrival] {
        let filled = self.filled[target as usize] as usize;
        if filled == 0 {
            // most neurons of a quiet network have none: leave their cache lines alone
            self.nothing = [END];
            return &mut self.nothing;
        }
        let from = target as usize * self.stride;
        let end = from + filled;
        self.arrivals[end] = END;
        &mut self.arrivals[from..=end]
    }

    pub fn clear(&mut self, mut active: Vec<u16>) {
        for &target in &active {
            self.filled[target as usize] = 0;
        }
        active.clear();
        self.active = active;
    }
}

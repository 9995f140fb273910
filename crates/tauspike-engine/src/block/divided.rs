//! How the neurons of a snapshot are divided.

use std::ops::Range;

/// Neurons of a snapshot, which can be divided otherwise than they were.
pub(crate) trait Divided: Sized {
    /// Those at these positions; none if there are not so many.
    fn part(&self, positions: Range<usize>) -> Option<Self>;
    /// Adds those that follow; none if they are of another kind.
    fn append(&mut self, following: Self) -> Option<()>;
}

//! Values by position in a block.

/// Arrivals taken together.
pub(super) const LINE: usize = 16;

/// A value for every u16, so that no index of a target has to be checked. Memory beyond the block is zero pages that nobody touches.
pub(super) type Table<T> = Box<[T; 1 << 16]>;

/// All `zero`, which must be made of nothing but zeros.
pub(super) fn table<T: Copy + std::fmt::Debug>(zero: T) -> Table<T> {
    vec![zero; 1 << 16].into_boxed_slice().try_into().expect("it is as long as that")
}

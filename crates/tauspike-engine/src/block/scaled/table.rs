//! Values by position in a block.

/// Arrivals taken together.
pub(super) const LINE: usize = 16;

/// A value for every u16, so that no index of a target has to be checked. Memory beyond the block is zero pages that nobody touches.
pub(super) type Table<T> = Box<[T; 1 << 16]>;

/// All zero.
pub(super) fn table<T: Copy + Default + std::fmt::Debug>() -> Table<T> {
    vec![T::default(); 1 << 16].into_boxed_slice().try_into().expect("it is as long as that")
}

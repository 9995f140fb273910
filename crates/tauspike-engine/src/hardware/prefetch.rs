//! Asks for a cache line before it is needed. A hint: it reads nothing and cannot fail.
#![allow(unsafe_code)]

const LINE: usize = 64;

/// Requests all lines of `items[index]`; nothing happens if there is no such item.
#[inline(always)]
pub(crate) fn prefetch<T>(items: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(item) = items.get(index) {
        let first: *const i8 = std::ptr::from_ref(item).cast();
        for offset in (0..size_of::<T>().max(1)).step_by(LINE) {
            // SAFETY: prefetching has no effect on memory, and the address is inside a live item
            unsafe {
                std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(first.add(offset));
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, index, LINE);
}

/// Asks for the memory behind the last of `values`, where more are to be written.
#[inline(always)]
pub(crate) fn prefetch_end<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch is a hint and faults on no address
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(values.as_ptr_range().end.cast::<i8>().wrapping_add(64));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

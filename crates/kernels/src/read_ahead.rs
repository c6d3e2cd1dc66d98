//! Memory that is brought into the cache while a product is computed.

use std::marker::PhantomData;

/// Memory that will be read soon.
///
/// A product computes for thousands of cycles from the cache, in which the memory is idle. Kernels
/// that have an instruction for it fetch what is listed here meanwhile. Results do not depend on it.
#[derive(Debug, Default)]
#[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "other kernels do not fetch"))]
pub struct ReadAhead<'m> {
    regions: Vec<(*const u8, usize)>,
    /// The region that is next, and how much of it was fetched.
    next: usize,
    fetched: usize,
    borrowed: PhantomData<&'m ()>,
}

impl<'m> ReadAhead<'m> {
    /// Adds memory to the end of the list.
    pub fn push<T>(&mut self, memory: &'m [T]) {
        self.regions.push((memory.as_ptr().cast(), size_of_val(memory)));
    }

    /// Returns where the next bytes start, of which the caller fetches up to `size`.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn take(&mut self, size: usize) -> Option<*const u8> {
        let &(start, length) = self.regions.get(self.next)?;
        let at = start.wrapping_add(self.fetched);
        self.fetched += size;
        if self.fetched >= length {
            (self.next, self.fetched) = (self.next + 1, 0);
        }
        Some(at)
    }
}

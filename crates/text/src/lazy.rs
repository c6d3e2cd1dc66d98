//! Values that are computed when they are first needed.

use std::ops::Deref;
use std::sync::OnceLock;

/// A value that is computed when it is first needed, like that of a `LazyLock`, except that no thread
/// waits for another: each that needs it meanwhile computes it.
///
/// A process that is forked while one of its threads computes the value has not got that thread, and
/// would wait for it for ever.
pub(crate) struct Lazy<T> {
    value: OnceLock<T>,
    compute: fn() -> T,
}

impl<T> Lazy<T> {
    /// Creates a value that `compute` returns.
    pub(crate) const fn new(compute: fn() -> T) -> Self {
        Self { value: OnceLock::new(), compute }
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        if let Some(value) = self.value.get() {
            return value;
        }
        let value = (self.compute)();
        self.value.get_or_init(|| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn no_thread_waits_for_another() {
        static COMPUTING: AtomicUsize = AtomicUsize::new(0);
        static VALUE: Lazy<u32> = Lazy::new(|| {
            COMPUTING.fetch_add(1, Ordering::SeqCst);
            let start = Instant::now();
            while COMPUTING.load(Ordering::SeqCst) < 2 && start.elapsed() < Duration::from_secs(10)
            {
                thread::sleep(Duration::from_millis(1));
            }
            7
        });
        let other = thread::spawn(|| *VALUE);
        assert_eq!(*VALUE, 7);
        assert_eq!(other.join().expect("no panic"), 7);
        assert_eq!(COMPUTING.load(Ordering::SeqCst), 2);
    }
}

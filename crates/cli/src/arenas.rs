//! Memory of threads: the allocator of glibc must not keep what each of them has ever needed.

use std::ffi::OsString;

use crate::args::Args;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use crate::args::Command;

/// The variable that limits the heaps ("arenas") of glibc, which reads it only when a process starts.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const VARIABLE: &str = "MALLOC_ARENA_MAX";

/// Variables of glibc for blocks of a megabyte or more: each is a mapping of its own, which is returned to
/// the system when it is freed. By default the limit rises to 32 MB as such blocks are freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const BLOCKS: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "1048576"), ("MALLOC_TRIM_THRESHOLD_", "1048576")];

/// Starts the program again in the same process, with one heap for all threads, if the command has a
/// memory limit and the number of heaps is not set already. The launcher is the command that starts the
/// program, the arguments follow it.
///
/// By default each thread has a heap of its own, which keeps the memory of the largest document that
/// the thread has aligned. With eight threads that exceeds a memory limit by half.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn share_heap(args: &Args, launcher: &[OsString], arguments: &[OsString]) {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::process;

    let has_limit = matches!(&args.command, Command::Align(args) if args.max_memory.is_some());
    if !has_limit || env::var_os(VARIABLE).is_some() {
        return;
    }
    let Some((program, first)) = launcher.split_first() else { return };
    let mut command = process::Command::new(program);
    // It returns only if it fails. Then more memory is used, and nothing else is different.
    let _ = command.args(first).args(arguments).env(VARIABLE, "1").envs(BLOCKS).exec();
}

/// Does nothing: other allocators have one heap, or return memory.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn share_heap(_args: &Args, _launcher: &[OsString], _arguments: &[OsString]) {}

//! The binary `nasaq`.
#![forbid(unsafe_code)]

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    let launcher = env::current_exe().map(|program| vec![program.into_os_string()]);
    nasaq_cli::main_with(env::args_os().collect(), &launcher.unwrap_or_default()).into()
}

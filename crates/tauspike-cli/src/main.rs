//! The program `tauspike`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(tauspike_cli::main(std::env::args_os()))
}

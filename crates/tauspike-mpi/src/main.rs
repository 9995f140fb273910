//! The program `tauspike-mpi`: `mpirun -n 4 tauspike-mpi run scenarios/brunel` runs one network on four processes, with the spikes of one.

use mpi::Threading;
use std::process::ExitCode;
use tauspike_mpi::world::World;

fn main() -> ExitCode {
    // Only this thread calls MPI; the threads of the simulation know nothing of it.
    let Some((universe, _)) = mpi::initialize_with_threading(Threading::Funneled) else {
        eprintln!("error: MPI cannot be initialised");
        return ExitCode::FAILURE;
    };
    let code = tauspike_cli::ranks::main(|stop| Box::new(World::new(stop)), std::env::args_os());
    // Waits for the other ranks: whoever ends first would have the rest ended by mpirun.
    drop(universe);
    ExitCode::from(code)
}

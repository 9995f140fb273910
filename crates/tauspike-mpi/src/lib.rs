//! What a run on several processes needs of MPI. The program is `tauspike-mpi`; without the feature `mpi` there is nothing here, so that
//! nobody else needs an MPI library.
//!
//! What ranks say to each other, and what becomes of it, is `tauspike_scenario::ranks`; what the program prints, `tauspike_cli::ranks`.

#[cfg(feature = "mpi")]
mod lost;
#[cfg(feature = "mpi")]
pub mod world;

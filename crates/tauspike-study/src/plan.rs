//! Which cells the experiments ask for, and what each is called.

use crate::cell::Cell;

/// The experiments there are.
pub const EXPERIMENTS: [&str; 12] = [
    "profiles",
    "size",
    "tuned_tau",
    "rate_matched",
    "spectral_radius",
    "weight_scale",
    "sparsity",
    "delay",
    "noise",
    "input_weight",
    "no_recurrence",
    "coding",
];

/// A cell that an experiment asks for: one row of `networks.parquet`.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// One of [`EXPERIMENTS`].
    pub experiment: &'static str,
    /// Value of what the experiment sweeps; 0 if it sweeps nothing.
    pub factor: f64,
    /// What is run.
    pub cell: Cell,
}

impl Planned {
    /// Unique in a study: `size/LI/current/state/gamma/cv2/n50/tau20/x50/seed1`.
    pub fn id(&self) -> String {
        let Planned { experiment, factor, cell } = self;
        let (model, coding, readout) = (cell.model_name(), cell.coding_name(), cell.readout_name());
        let Cell { profile, cv, n, tau, seed, .. } = cell;
        let name = &profile.name;
        format!("{experiment}/{model}/{coding}/{readout}/{name}/cv{cv}/n{n}/tau{tau}/x{factor}/seed{seed}")
    }
}

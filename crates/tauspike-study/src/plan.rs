//! Which cells the experiments ask for, and what each is called.

use crate::cell::Cell;

/// A cell that an experiment asks for: one row of `networks.parquet` for each of its readouts.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The name of the experiment.
    pub experiment: String,
    /// The keys that it sweeps over, each with the value here as the file has it.
    pub point: Vec<(String, String)>,
    /// What is run.
    pub cell: Cell,
}

impl Planned {
    /// Unique in a study: `size/LI/gamma/cv2/n=50,tau_ms=20.0/seed1`.
    pub fn id(&self) -> String {
        let Planned { experiment, point, cell } = self;
        let (model, profile, cv, seed) = (cell.model_name(), &cell.profile.name, cell.cv, cell.seed);
        let point: Vec<String> =
            point.iter().map(|(key, value)| format!("{key}={}", value.trim_matches('"'))).collect();
        let point = if point.is_empty() { "base".into() } else { point.join(",") };
        format!("{experiment}/{model}/{profile}/cv{cv}/{point}/seed{seed}")
    }

    /// The keys that its experiment sweeps over, as a table has them.
    pub fn axes(&self) -> String {
        self.point.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(",")
    }
}

//! The tasks of a study: which stimuli there are, and what is asked of each.

use tauspike_task::{Grid, Key, Samples, Source, Task, TaskError};

/// How every stimulus is sampled and divided; counts are samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Distance of two samples, ms: the input is held so long, and a state read at its end.
    pub step: f64,
    /// Dropped at the start.
    pub washout: usize,
    /// Fitted, lambda included.
    pub train: usize,
    /// Dropped between the parts.
    pub gap: usize,
    /// Scored.
    pub test: usize,
}

impl Sampling {
    /// Samples of which a state and every target is used, after the washout.
    pub fn used(&self) -> usize {
        self.train + self.gap + self.test
    }
}

/// A stimulus and the tasks asked of it: one run of a reservoir.
#[derive(Clone, Debug, PartialEq)]
pub struct Stimulus {
    /// What it is.
    pub source: Source,
    /// Which of the study's tasks are asked of it, by position.
    pub tasks: Vec<usize>,
    /// Samples, at least washout + used: more if a task looks ahead.
    pub len: usize,
}

/// All tasks, and how they are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Suite {
    /// In the order of the results.
    pub tasks: Vec<Task>,
    /// In the order in which they are first asked for. The position keys the random numbers of a stimulus.
    pub stimuli: Vec<Stimulus>,
    /// Common to all.
    pub sampling: Sampling,
    /// Folds of the cross-validation within the training part.
    pub folds: usize,
}

impl Suite {
    /// Gathers the tasks by stimulus.
    pub fn new(tasks: Vec<Task>, sampling: Sampling, folds: usize) -> Self {
        let mut stimuli: Vec<Stimulus> = Vec::new();
        let least = sampling.washout + sampling.used();
        for (k, task) in tasks.iter().enumerate() {
            let place = stimuli.iter().position(|s| s.source == task.stimulus).unwrap_or_else(|| {
                stimuli.push(Stimulus { source: task.stimulus.clone(), tasks: Vec::new(), len: least });
                stimuli.len() - 1
            });
            stimuli[place].tasks.push(k);
            let ahead = task.target.factors.iter().map(|f| f.shift / sampling.step).fold(0.0, f64::max);
            stimuli[place].len = stimuli[place].len.max(least + ahead.round() as usize);
        }
        Self { tasks, stimuli, sampling, folds }
    }

    /// Stimulus number `which` under `seed`, every dimension of mean 0 and variance 1.
    ///
    /// # Errors
    /// If it cannot be made on this grid, or is constant.
    pub fn signal(&self, which: usize, seed: u64) -> Result<Samples, TaskError> {
        let stimulus = &self.stimuli[which];
        let grid = Grid::new(self.sampling.step, stimulus.len)?;
        let key = Key::new(seed, which as u32)?;
        stimulus.source.kind.generate(grid, stimulus.source.dimensions, key)?.standardised()
    }

    /// Model time of one run of everything, ms.
    pub fn model_time(&self) -> f64 {
        self.stimuli.iter().map(|s| s.len as f64 * self.sampling.step).sum()
    }
}

//! One cell from its parameters to its numbers: draw it, run it under every stimulus, read it out, count its work.
//!
//! Each stimulus is run once; its states serve all tasks, and the chance level of each, with one factorisation.

use crate::cell::{Cell, Lif, Model};
use crate::error::StudyError;
use crate::profile::Profile;
use crate::suite::Suite;
use crate::wiring::Wiring;
use crate::{li, lif};
use tauspike_energy::published;
use tauspike_network::Moments;
use tauspike_spike::Counters;
use tauspike_task::readout::{CrossValidation, Mat};
use tauspike_task::score::{alignment, participation_ratio, rotated};
use tauspike_task::trial::{Split, evaluate, rows_of, target_matrix};
use tauspike_task::{Key, Samples};

/// What came out for one task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaskScore {
    /// On the test part.
    pub r2: f64,
    /// On the test part.
    pub nrmse: f64,
    /// r2 for the same target rotated in time against the states.
    pub chance_r2: f64,
    /// As chosen within the training part.
    pub lambda: f64,
    /// Centred kernel-target alignment on the test part.
    pub alignment: f64,
}

/// What a network is and did, over all stimuli.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Of the time constants: mean, CV, skewness, smallest, largest; ms.
    pub tau: [f64; 5],
    /// Work of a spiking network.
    pub spiking: Option<Spiking>,
    /// Arithmetic operations of a computer; see `spiking_operations` and [`li::operations`].
    pub operations: u64,
    /// ms.
    pub model_time: f64,
    /// Mean over the stimuli.
    pub participation_ratio: f64,
    /// In the order of the suite.
    pub scores: Vec<TaskScore>,
}

/// Counts and energy proxies of a spiking network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spiking {
    /// Mean over neurons, Hz.
    pub rate: f64,
    /// The engine's counts.
    pub counters: Counters,
    /// Chip, updates at events only, pJ.
    pub chip_event: f64,
    /// Chip, every neuron updated at every step of its clock, pJ.
    pub chip_clocked: f64,
    /// Cortex, molecules of ATP.
    pub metabolic: f64,
}

/// States of a cell under one stimulus, and the targets of its tasks, at the samples that are used.
pub struct Trial {
    /// Samples x neurons.
    pub states: Mat<f64>,
    /// Samples x tasks.
    pub targets: Mat<f64>,
    /// Which samples are fitted, and which are scored.
    pub split: Split,
}

/// A cell ready to run.
struct Reservoir<'a> {
    cell: &'a Cell,
    suite: &'a Suite,
    taus: Vec<f64>,
    wiring: Wiring,
    /// Added to the bias by rate matching, mV.
    extra: f64,
}

/// Runs the cell and scores it.
///
/// # Errors
/// If a network cannot be made or run, or its states not be read out.
pub fn measure(cell: &Cell, suite: &Suite) -> Result<Measured, StudyError> {
    let reservoir = Reservoir::new(cell, suite)?;
    let mut scores: Vec<Option<TaskScore>> = vec![None; suite.tasks.len()];
    let mut counters = Counters::default();
    let (mut operations, mut participation) = (0, 0.0);
    for (which, stimulus) in suite.stimuli.iter().enumerate() {
        let u = suite.signal(which, cell.seed)?;
        let (states, count) = reservoir.run(&u, which)?;
        operations += match &count {
            Some(count) => spiking_operations(count),
            None => {
                let sizes = (u64::from(cell.n), u64::from(cell.in_degree), u.dimensions().len() as u64);
                li::operations(sizes.0, sizes.1, sizes.2, u.len() as u64)
            }
        };
        counters.add(&count.unwrap_or_default());
        let trial = reservoir.trial(states, &u, which)?;
        participation += participation_ratio(trial.states.as_ref())?;
        let key = Key::shuffle(cell.seed);
        for (task, score) in stimulus.tasks.iter().zip(score(&trial, suite.folds, key)?) {
            scores[*task] = Some(score);
        }
    }
    let model_time = suite.model_time();
    Ok(Measured {
        tau: moments(&reservoir.taus),
        spiking: matches!(cell.model, Model::Lif(_)).then(|| Spiking::of(counters, cell.n, model_time)),
        operations,
        model_time,
        participation_ratio: participation / suite.stimuli.len() as f64,
        scores: scores.into_iter().flatten().collect(),
    })
}

/// Builds what [`measure`] would run under each stimulus, and runs nothing.
///
/// # Errors
/// If a network cannot be made.
pub fn check(cell: &Cell, suite: &Suite) -> Result<(), StudyError> {
    let reservoir = Reservoir::drawn(cell, suite)?;
    let Model::Lif(lif) = &cell.model else { return Ok(()) };
    (0..suite.stimuli.len()).try_for_each(|which| {
        let u = suite.signal(which, cell.seed)?;
        lif::check(cell, lif, &reservoir.taus, &reservoir.wiring, &u)
    })
}

/// States and targets of the cell under stimulus number `which`.
///
/// # Errors
/// As [`measure`].
pub fn trial(cell: &Cell, suite: &Suite, which: usize) -> Result<Trial, StudyError> {
    let reservoir = Reservoir::new(cell, suite)?;
    let u = suite.signal(which, cell.seed)?;
    let (states, _) = reservoir.run(&u, which)?;
    reservoir.trial(states, &u, which)
}

/// Scores every target of a trial, and as many rotated ones, with one fit.
///
/// # Errors
/// If the states or targets cannot be fitted.
pub fn score(trial: &Trial, folds: usize, key: Key) -> Result<Vec<TaskScore>, StudyError> {
    let Trial { states, targets, split } = trial;
    let tasks = targets.ncols();
    let mut both = Mat::zeros(targets.nrows(), 2 * tasks);
    both.subcols_mut(0, tasks).copy_from(targets);
    both.subcols_mut(tasks, tasks).copy_from(rotated(targets.as_ref(), key));
    let cv = CrossValidation { folds, ..CrossValidation::scaled_to(rows_of(states.as_ref(), &split.train)) };
    let (readout, scores) = evaluate(states.as_ref(), both.as_ref(), split, &cv)?;
    let aligned = alignment(rows_of(states.as_ref(), &split.test), rows_of(targets.as_ref(), &split.test))?;
    let of = |j: usize| TaskScore {
        r2: scores[j].r_squared,
        nrmse: scores[j].nrmse,
        chance_r2: scores[j + tasks].r_squared,
        lambda: readout.lambdas[j],
        alignment: aligned[j],
    };
    Ok((0..tasks).map(of).collect())
}

impl<'a> Reservoir<'a> {
    /// Its draws, before its rate is matched.
    fn drawn(cell: &'a Cell, suite: &'a Suite) -> Result<Self, StudyError> {
        let dimensions = suite.stimuli.iter().map(|s| s.source.dimensions).max().unwrap_or(1);
        let taus = cell.profile.draw((cell.tau, cell.cv), cell.tau_min, cell.n, cell.seed)?;
        let wiring = Wiring::new(cell.n, cell.in_degree, dimensions, cell.seed)?;
        Ok(Self { cell, suite, taus, wiring, extra: 0.0 })
    }

    fn new(cell: &'a Cell, suite: &'a Suite) -> Result<Self, StudyError> {
        let mut reservoir = Self::drawn(cell, suite)?;
        if let Model::Lif(lif) = &cell.model
            && lif.rate_matched
        {
            reservoir.extra = matched(&reservoir, lif)?;
        }
        Ok(reservoir)
    }

    fn run(&self, u: &Samples, which: usize) -> Result<(Mat<f64>, Option<Counters>), StudyError> {
        match &self.cell.model {
            Model::Li(li) => Ok((li::states(self.cell, li, &self.taus, &self.wiring, u, which as u32), None)),
            Model::Lif(lif) => {
                let run = lif::states(self.cell, lif, &self.taus, &self.wiring, u, self.extra)?;
                Ok((run.states, Some(run.counters)))
            }
        }
    }

    fn trial(&self, states: Mat<f64>, u: &Samples, which: usize) -> Result<Trial, StudyError> {
        let sampling = &self.suite.sampling;
        let rows = sampling.washout..sampling.washout + sampling.used();
        let targets = self.suite.stimuli[which].tasks.iter().map(|task| &self.suite.tasks[*task].target);
        Ok(Trial {
            targets: target_matrix(targets, u, rows.clone())?,
            states: states.subrows(rows.start, rows.len()).to_owned(),
            split: Split { train: 0..sampling.train, test: sampling.used() - sampling.test..sampling.used() },
        })
    }

    /// Mean rate over every stimulus, Hz, at `extra` mV above the bias.
    fn rate(&self, lif: &Lif, taus: &[f64], extra: f64) -> Result<f64, StudyError> {
        let mut rates = 0.0;
        for which in 0..self.suite.stimuli.len() {
            let u = self.suite.signal(which, self.cell.seed)?;
            rates += lif::rate(self.cell, lif, taus, &self.wiring, &u, extra)?;
        }
        Ok(rates / self.suite.stimuli.len() as f64)
    }
}

/// The shift of the bias, mV, at which the mean rate is that of the homogeneous network within 1 %: by bisection, since more current
/// means more spikes. Where no shift within 40 mV does, the nearest is taken; the rate is reported.
fn matched(reservoir: &Reservoir, lif: &Lif) -> Result<f64, StudyError> {
    let Cell { tau, tau_min, n, seed, .. } = *reservoir.cell;
    let same = Profile::homogeneous().draw((tau, 0.0), tau_min, n, seed)?;
    let wanted = reservoir.rate(lif, &same, 0.0)?;
    let (mut low, mut high) = (-40.0, 40.0);
    let mut extra = 0.0;
    for _ in 0..14 {
        let rate = reservoir.rate(lif, &reservoir.taus, extra)?;
        if (rate - wanted).abs() <= 0.01 * wanted {
            break;
        }
        if rate > wanted {
            high = extra
        } else {
            low = extra
        }
        extra = 0.5 * (low + high);
    }
    Ok(extra)
}

/// Multiply-adds, an elementary function counting as ten: one for each arrival; for an update the three exponentials of membrane
/// and currents and six others; for a crossing time five steps of two exponentials and ten others.
fn spiking_operations(c: &Counters) -> u64 {
    c.synaptic_arrivals
        + c.external_arrivals
        + c.neuron_updates * (3 * li::ELEMENTARY + 6)
        + c.crossings_solved * 5 * (2 * li::ELEMENTARY + 10)
}

impl Spiking {
    fn of(counters: Counters, n: u32, model_time: f64) -> Self {
        let models = published();
        let estimate = |name: &str| {
            models
                .iter()
                .find(|model| model.name == name)
                .map(|model| model.estimate(&counters, u64::from(n), model_time))
        };
        let (chip, cortex) = (estimate("Loihi with neuron updates"), estimate("cortex"));
        Self {
            rate: counters.spikes as f64 / (f64::from(n) * model_time * 1e-3),
            counters,
            chip_event: chip.as_ref().map_or(f64::NAN, |e| e.event_only),
            chip_clocked: chip.and_then(|e| e.clocked).unwrap_or(f64::NAN),
            metabolic: cortex.map_or(f64::NAN, |e| e.event_only),
        }
    }
}

fn moments(taus: &[f64]) -> [f64; 5] {
    let m = Moments::of(taus);
    let (min, max) = taus.iter().fold((f64::INFINITY, 0.0f64), |(a, b), t| (a.min(*t), b.max(*t)));
    [m.mean, m.cv(), m.skewness, min, max]
}

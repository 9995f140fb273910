//! One cell from its parameters to its numbers: draw it, run it under every stimulus, read it out, count its work.
//!
//! Each stimulus is run once (twice if the network is tested damaged); its states serve all readouts, tasks, and the chance level of
//! each, with one factorisation for each readout.

use crate::cell::{Cell, Lif, Model, Readout};
use crate::error::StudyError;
use crate::suite::Suite;
use crate::wiring::Wiring;
use crate::{damage, li, lif};
use std::iter::StepBy;
use std::ops::Range;
use tauspike_spike::Counters;
use tauspike_task::readout::{CrossValidation, Mat};
use tauspike_task::score::{alignment, participation_ratio, rotated};
use tauspike_task::trial::{Split, evaluate, rows_of, target_matrix};
use tauspike_task::{Key, Samples};

pub use crate::work::{Operations, Spiking};

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
    /// Directions of the states that the readout uses at its lambda: the sum of s / (s + lambda) over the eigenvalues s.
    pub effective_rank: f64,
}

/// What is read from a network in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// How.
    pub readout: Readout,
    /// Mean over the stimuli.
    pub participation_ratio: f64,
    /// In the order of the suite.
    pub scores: Vec<TaskScore>,
}

/// What a network is and did, over all stimuli.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Its time constants.
    pub taus: Taus,
    /// Work of a spiking network, intact.
    pub spiking: Option<Spiking>,
    /// Work of a computer.
    pub operations: Operations,
    /// ms.
    pub model_time: f64,
    /// One for each readout of the cell, in its order.
    pub reads: Vec<Read>,
}

/// What the time constants of a network are like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taus {
    /// ms.
    pub mean: f64,
    /// Standard deviation over mean.
    pub cv: f64,
    /// Third standardised moment.
    pub skewness: f64,
    /// ms.
    pub min: f64,
    /// ms.
    pub max: f64,
    /// Share that was raised to the smallest one allowed.
    pub clipped: f64,
    /// Share below the step of the stimulus.
    pub below_step: f64,
}

impl Taus {
    fn of(taus: &[f64], smallest: f64, step: f64) -> Self {
        let moments = tauspike_network::Moments::of(taus);
        let (min, max) = taus.iter().fold((f64::INFINITY, 0.0f64), |(a, b), t| (a.min(*t), b.max(*t)));
        let share = |count: usize| count as f64 / taus.len() as f64;
        Self {
            mean: moments.mean,
            cv: moments.cv(),
            skewness: moments.skewness,
            min,
            max,
            clipped: share(taus.iter().filter(|tau| **tau <= smallest).count()),
            below_step: share(taus.iter().filter(|tau| **tau < step).count()),
        }
    }
}

/// States of a cell under one stimulus, and the targets of its tasks, at the samples that are read.
pub struct Trial {
    /// Of each readout of the cell (samples x neurons); in the test part they are those of the damaged network.
    pub states: Vec<Mat<f64>>,
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
    let readouts = cell.readouts();
    let mut scores: Vec<Vec<Option<TaskScore>>> = vec![vec![None; suite.tasks.len()]; readouts.len()];
    let mut participation = vec![0.0; readouts.len()];
    let mut counters = Counters::default();
    let mut inputs = 0;
    for (which, stimulus) in suite.stimuli.iter().enumerate() {
        let u = suite.signal(which, cell.seed)?;
        let (trial, count) = reservoir.trial(&u, which)?;
        inputs += (u.len() * u.dimensions().len()) as u64;
        counters.add(&count.unwrap_or_default());
        for (at, states) in trial.states.iter().enumerate() {
            participation[at] += participation_ratio(states.as_ref())? / suite.stimuli.len() as f64;
            let found = score(states, &trial.targets, &trial.split, suite.folds, Key::shuffle(cell.seed))?;
            stimulus.tasks.iter().zip(found).for_each(|(task, score)| scores[at][*task] = Some(score));
        }
    }
    let model_time = suite.model_time();
    let samples = suite.stimuli.iter().map(|s| s.len as u64).sum();
    let spiking = match &cell.model {
        Model::Li(_) => None,
        Model::Lif(lif) => Some(Spiking::of(counters, cell.n, lif.coding, inputs, model_time)),
    };
    let operations = Operations::of(cell, spiking.as_ref(), inputs, samples);
    let reads = readouts.iter().zip(scores).zip(participation).map(|((readout, scores), participation_ratio)| Read {
        readout: *readout,
        participation_ratio,
        scores: scores.into_iter().flatten().collect(),
    });
    let taus = Taus::of(&reservoir.taus, cell.tau_min, suite.sampling.step);
    Ok(Measured { taus, operations, spiking, model_time, reads: reads.collect() })
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
    Ok(reservoir.trial(&u, which)?.0)
}

/// Scores every target, and as many rotated ones, with one fit.
///
/// # Errors
/// If the states or targets cannot be fitted.
pub fn score(
    states: &Mat<f64>,
    targets: &Mat<f64>,
    split: &Split,
    folds: usize,
    key: Key,
) -> Result<Vec<TaskScore>, StudyError> {
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
        effective_rank: readout.effective_ranks[j],
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
            && let Some(rate) = lif.rate
        {
            reservoir.extra = reservoir.matched(lif, rate)?;
        }
        Ok(reservoir)
    }

    /// The samples that are read.
    fn rows(&self) -> StepBy<Range<usize>> {
        let first = self.suite.sampling.washout;
        (first..first + self.suite.sampling.used()).step_by(self.cell.reading.every)
    }

    fn run(&self, wiring: &Wiring, u: &Samples, which: usize) -> Result<(Vec<Mat<f64>>, Option<Counters>), StudyError> {
        let rows = self.rows();
        match &self.cell.model {
            Model::Li(li) => Ok((vec![li::states(self.cell, li, &self.taus, wiring, u, which as u32, rows)], None)),
            Model::Lif(lif) => {
                let run = lif::states(self.cell, lif, &self.taus, wiring, u, self.extra, rows)?;
                Ok((run.states, Some(run.counters)))
            }
        }
    }

    /// The counts are those of the intact network.
    fn trial(&self, u: &Samples, which: usize) -> Result<(Trial, Option<Counters>), StudyError> {
        let (mut states, counters) = self.run(&self.wiring, u, which)?;
        let split = self.split();
        if self.cell.is_damaged() {
            let tested = self.damaged(u, which)?;
            let len = split.test.len();
            for (states, tested) in states.iter_mut().zip(&tested) {
                states.subrows_mut(split.test.start, len).copy_from(tested.subrows(split.test.start, len));
            }
        }
        if self.cell.reading.drift > 0.0 {
            states.iter_mut().for_each(|states| self.drift(states, &split));
        }
        let rows = self.suite.sampling.washout..self.suite.sampling.washout + self.suite.sampling.used();
        let targets = self.suite.stimuli[which].tasks.iter().map(|task| &self.suite.tasks[*task].target);
        let every = self.cell.reading.every;
        let all = target_matrix(targets, u, rows)?;
        let targets = Mat::from_fn(all.nrows().div_ceil(every), all.ncols(), |row, task| all[(row * every, task)]);
        Ok((Trial { states, targets, split }, counters))
    }

    /// In rows that are read.
    fn split(&self) -> Split {
        let (sampling, reading) = (&self.suite.sampling, &self.cell.reading);
        let row = |sample: usize| sample.div_ceil(reading.every);
        let fitted = reading.train_samples.unwrap_or(sampling.train).min(sampling.train);
        let used = sampling.used();
        Split { train: row(sampling.train - fitted)..row(sampling.train), test: row(used - sampling.test)..row(used) }
    }

    fn damaged(&self, u: &Samples, which: usize) -> Result<Vec<Mat<f64>>, StudyError> {
        let Cell { n, seed, reading, .. } = self.cell;
        let lost = damage::lost_neurons(*n, reading.lost_neurons, *seed);
        let wiring = damage::damaged(&self.wiring, &lost, reading.lost_synapses, *seed);
        let (mut states, _) = self.run(&wiring, u, which)?;
        for (states, readout) in states.iter_mut().zip(self.cell.readouts()) {
            damage::silence(states, &lost, if *readout == Readout::Membrane { lif::E_L } else { 0.0 });
        }
        Ok(states)
    }

    fn drift(&self, states: &mut Mat<f64>, split: &Split) {
        let gains = damage::gains(self.cell.n, self.cell.reading.drift, self.cell.seed);
        for (mut column, gain) in states.col_iter_mut().zip(gains) {
            let mean = split.train.clone().map(|row| column[row]).sum::<f64>() / split.train.len() as f64;
            split.test.clone().for_each(|row| column[row] = mean + gain * (column[row] - mean));
        }
    }

    /// The shift of the bias, mV, at which the mean rate is `wanted` within 2 %: by bisection, since more current means more spikes.
    /// Where no shift within 80 mV does, the nearest is taken; the rate is reported.
    fn matched(&self, lif: &Lif, wanted: f64) -> Result<f64, StudyError> {
        let (mut low, mut high) = (-80.0, 80.0);
        let mut extra = 0.0;
        for _ in 0..14 {
            let rate = self.rate(lif, extra)?;
            if (rate - wanted).abs() <= 0.02 * wanted {
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

    /// Mean rate over the first [`MATCHED`] ms of every stimulus, Hz, at `extra` mV above the bias.
    fn rate(&self, lif: &Lif, extra: f64) -> Result<f64, StudyError> {
        let mut rates = 0.0;
        for which in 0..self.suite.stimuli.len() {
            let u = self.suite.signal(which, self.cell.seed)?;
            let samples = ((MATCHED / u.step()) as usize).clamp(1, u.len());
            let start = u.dimensions().iter().map(|values| values[..samples].to_vec()).collect();
            let u = Samples::new(u.step(), start)?;
            rates += lif::rate(self.cell, lif, &self.taus, &self.wiring, &u, extra)?;
        }
        Ok(rates / self.suite.stimuli.len() as f64)
    }
}

/// ms of each stimulus by which rates are matched.
const MATCHED: f64 = 2000.0;

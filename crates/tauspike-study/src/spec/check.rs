//! What would stop a study half way is looked for before it starts.
//!
//! Every stimulus of every seed is made, with all its targets on both parts and every code of it that the plan asks for: a series may
//! diverge under one seed in a hundred.

use super::tasks::Asked;
use super::{Result, table};
use crate::cell::{Coding, Model};
use crate::plan::Planned;
use crate::suite::Suite;
use tauspike_scenario::section::Section;
use tauspike_task::encode::{rate_profile, send_on_delta};
use tauspike_task::{Samples, Stimulus, Task, TaskError};

/// Spikes of the code of one dimension, as in a scenario.
const MOST_CODED: f64 = 1e8;
/// Hz, of one Poisson source.
const MOST_RATE: f64 = 1e9;
/// Squares of larger values, summed, may leave f64.
const LARGEST: f64 = 1e140;

/// # Errors
/// The first that fails, named with its seed.
pub(super) fn every_stimulus(whole: &Section, asked: &Asked, seeds: &[u64], plan: &[Planned]) -> Result<()> {
    let suite = &asked.suite;
    let codings = codings(plan);
    for (which, stimulus) in suite.stimuli.iter().enumerate() {
        // Given samples are the same for all seeds.
        let given = matches!(stimulus.source.kind, Stimulus::Given { .. });
        for &seed in if given { &seeds[..1] } else { seeds } {
            let refused = |error| asked.refused(whole, which, seed, &error);
            let u = suite.signal(which, seed).map_err(refused)?;
            stimulus.tasks.iter().try_for_each(|at| varies(&suite.tasks[*at], suite, &u)).map_err(refused)?;
            for coding in &codings {
                coded(whole, *coding, &u, &format!("stimulus \"{}\" under seed {seed}", stimulus.source))?;
            }
        }
    }
    Ok(())
}

/// Those that spikes are made for, each once.
fn codings(plan: &[Planned]) -> Vec<Coding> {
    let mut codings: Vec<Coding> = Vec::new();
    for planned in plan {
        if let Model::Lif(lif) = &planned.cell.model
            && !codings.contains(&lif.coding)
        {
            codings.push(lif.coding);
        }
    }
    codings
}

/// A target has to vary where it is fitted and where it is scored.
fn varies(task: &Task, suite: &Suite, u: &Samples) -> std::result::Result<(), TaskError> {
    let first = suite.sampling.washout;
    let end = first + suite.sampling.used();
    for (part, rows) in [("training", first..first + suite.sampling.train), ("test", end - suite.sampling.test..end)] {
        let y = task.target.values(u, rows)?;
        let refused = |value: String, allowed: &str| TaskError::Value {
            place: format!("task \"{}\"", task.id()),
            field: "target",
            value,
            allowed: allowed.into(),
        };
        if let Some(large) = y.iter().find(|y| y.is_nan() || y.abs() > LARGEST) {
            return Err(refused(format!("{large:?}"), "values up to 1e140, whose squares can be summed"));
        }
        if y.iter().all(|value| *value == y[0]) {
            return Err(refused(format!("{:?} throughout the {part} part", y[0]), "values that vary in both parts"));
        }
    }
    Ok(())
}

fn coded(whole: &Section, coding: Coding, u: &Samples, what: &str) -> Result<()> {
    let lif = table(whole, "lif")?;
    let refused = |key, allowed: String| match lif.get(key) {
        Some(entry) => entry.refuse(allowed),
        None => lif.absent(key, &allowed),
    };
    for values in u.dimensions() {
        match coding {
            Coding::Current => {}
            Coding::Poisson { rate, .. } => {
                let steps = rate_profile(values, u.step(), rate, 0.5 * rate);
                let steps = steps.map_err(|error| refused("poisson_rate_hz", format!("{what}: {error}")))?;
                let most = steps.values.iter().copied().fold(0.0, f64::max);
                if most > MOST_RATE {
                    let allowed =
                        format!("at most {MOST_RATE:e} Hz at the peak of the stimulus; {what} reaches {most:e}");
                    return Err(refused("poisson_rate_hz", allowed));
                }
            }
            Coding::SendOnDelta { delta } => {
                let way: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
                if way / delta > MOST_CODED {
                    let allowed =
                        format!("so large that {what} gives at most {MOST_CODED:e} spikes, not {:.3e}", way / delta);
                    return Err(refused("send_on_delta", allowed));
                }
                send_on_delta(values, u.step(), delta)
                    .map_err(|error| refused("send_on_delta", format!("{what}: {error}")))?;
            }
        }
    }
    Ok(())
}

//! Mackey and Glass 1977, Science 197:287, "Oscillation and chaos in physiological control systems".

use super::Substeps;
use crate::key::Draws;
use crate::samples::Grid;

const PRODUCTION: f64 = 0.2;
const DECAY: f64 = 0.1;
const DELAY: f64 = 17.0;
const LONGEST_STEP: f64 = 1.0;
const TRANSIENT: f64 = 2000.0;

/// `len` values of dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x(t), every `step` units of time, beginning with `start`.
///
/// Runge-Kutta of order 4 with the delayed value held during the step. `history` holds the values before `start`, latest last; its
/// length is the delay in steps (17 / `step`, for this delay). These are the conventions of `reservoirpy.datasets.mackey_glass`;
/// its stages (version 0.4.2) differ from Runge-Kutta's, so one step agrees with it to about 4e-3, and whole series do not.
///
/// An empty history is a delay of 0.
pub fn mackey_glass(history: &[f64], start: f64, step: f64, len: usize) -> Vec<f64> {
    let mut series = history.to_vec();
    let mut x = start;
    for k in 0..len {
        series.push(x);
        x = advance(x, series[k], step);
    }
    series.split_off(history.len())
}

/// One step, with `delayed` = x(t - 17).
fn advance(x: f64, delayed: f64, step: f64) -> f64 {
    let square = delayed * delayed;
    let fourth = square * square;
    let production = PRODUCTION * delayed / (1.0 + fourth * fourth * square);
    let slope = |x: f64| production - DECAY * x;
    let k1 = slope(x);
    let k2 = slope(x + 0.5 * step * k1);
    let k3 = slope(x + 0.5 * step * k2);
    let k4 = slope(x + step * k3);
    x + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
}

/// On a grid: the step is divided until it is at most 1 unit of time, and the delay rounded to a whole number of such steps.
pub(super) fn stimulus(grid: Grid, unit: f64, draws: Draws) -> Vec<f64> {
    let substeps = Substeps::new(grid, unit, LONGEST_STEP);
    let start = 0.5 + 0.8 * draws.uniform(0);
    let history = vec![start; (DELAY / substeps.length).round() as usize];
    let transient = substeps.in_duration(TRANSIENT);
    let series = mackey_glass(&history, start, substeps.length, transient + (grid.len - 1) * substeps.count + 1);
    series[transient..].iter().step_by(substeps.count).copied().collect()
}

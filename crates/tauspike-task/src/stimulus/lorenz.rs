//! Lorenz 1963, J. Atmos. Sci. 20:130, "Deterministic nonperiodic flow".

use super::Substeps;
use crate::key::Draws;
use crate::samples::Grid;

const SIGMA: f64 = 10.0;
const RHO: f64 = 28.0;
const BETA: f64 = 8.0 / 3.0;
const LONGEST_STEP: f64 = 0.01;
const TRANSIENT: f64 = 50.0;

/// `len` states (x, y, z) of dx/dt = 10 (y - x), dy/dt = x (28 - z) - y, dz/dt = x y - 8/3 z, every `step` units of time, beginning
/// with `start`. Runge-Kutta of order 4, one step from state to state.
///
/// Parameters and order of the states are those of `reservoirpy.datasets.lorenz`, which spaces n states by n h / (n - 1), not h.
pub fn lorenz(start: [f64; 3], step: f64, len: usize) -> Vec<[f64; 3]> {
    std::iter::successors(Some(start), |state| Some(advance(*state, step))).take(len).collect()
}

fn slope([x, y, z]: [f64; 3]) -> [f64; 3] {
    [SIGMA * (y - x), x * (RHO - z) - y, x * y - BETA * z]
}

fn advance(state: [f64; 3], step: f64) -> [f64; 3] {
    let along = |slope: [f64; 3], by: f64| std::array::from_fn(|i| state[i] + by * slope[i]);
    let k1 = slope(state);
    let k2 = slope(along(k1, 0.5 * step));
    let k3 = slope(along(k2, 0.5 * step));
    let k4 = slope(along(k3, step));
    along(std::array::from_fn(|i| k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]), step / 6.0)
}

/// On a grid: the step is divided until it is at most 0.01 units of time.
pub(super) fn stimulus(grid: Grid, unit: f64, draws: Draws) -> Vec<f64> {
    let substeps = Substeps::new(grid, unit, LONGEST_STEP);
    let start = std::array::from_fn(|i| 1.0 + draws.normal(i as u64));
    let transient = substeps.in_duration(TRANSIENT);
    let states = lorenz(start, substeps.length, transient + (grid.len - 1) * substeps.count + 1);
    states[transient..].iter().step_by(substeps.count).map(|[x, _, _]| *x).collect()
}

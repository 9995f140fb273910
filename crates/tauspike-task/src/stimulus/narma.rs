//! Atiya and Parlos 2000, IEEE Trans. Neural Netw. 11:697: the nonlinear autoregressive moving average of order 10.

use crate::key::Draws;
use crate::samples::Grid;

const ORDER: usize = 10;
const TRANSIENT: usize = 200;

/// y(k + 1) = 0.3 y(k) + 0.05 y(k) [y(k) + ... + y(k - 9)] + 1.5 u(k - 9) u(k) + 0.1, one y per u; the first ten are 0.
///
/// Meant for u uniform on [0, 0.5]; a larger u, and very rarely such a one, makes the recurrence diverge, as it does everywhere.
///
/// This is the paper's equation and that in the documentation of `reservoirpy.datasets.narma`, whose code (version 0.4.2) uses
/// y(k - 1) + ... + y(k - 10) and u(k - 10) instead.
pub fn narma10(u: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; u.len()];
    for k in ORDER - 1..u.len().saturating_sub(1) {
        let recent: f64 = y[k + 1 - ORDER..=k].iter().sum();
        y[k + 1] = 0.3 * y[k] + 0.05 * y[k] * recent + 1.5 * u[k + 1 - ORDER] * u[k] + 0.1;
    }
    y
}

/// u and y.
pub(super) fn stimulus(grid: Grid, draws: Draws) -> (Vec<f64>, Vec<f64>) {
    let mut u: Vec<f64> = (0..(TRANSIENT + grid.len) as u64).map(|k| 0.5 * draws.uniform(k)).collect();
    let y = narma10(&u).split_off(TRANSIENT);
    (u.split_off(TRANSIENT), y)
}

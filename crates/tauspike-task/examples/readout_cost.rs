//! What the targets of a readout cost: `cargo run --release -p tauspike-task --example readout_cost [-- SAMPLES FEATURES]`.
//!
//! One factorisation per fold serves every target, so 300 targets should cost less than twice what one does. That holds while the
//! factorisation is the larger part: from about as many features as targets.
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::time::Instant;
use tauspike_task::Key;
use tauspike_task::readout::{CrossValidation, Mat, ridge_cv};
use tauspike_task::stimulus::Stimulus;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sizes: Vec<usize> = std::env::args().skip(1).map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = match sizes[..] {
        [] => vec![(2000, 100), (4000, 250), (5000, 500), (5000, 1000)],
        [samples, features] => vec![(samples, features)],
        _ => return Err("arguments: SAMPLES FEATURES, or none".into()),
    };
    println!("samples features   1 target  300 targets  ratio");
    for (samples, features) in sizes {
        let noise = |columns: usize, index: u32| -> Result<Mat<f64>, Box<dyn std::error::Error>> {
            let grid = tauspike_task::Grid::new(1.0, samples)?;
            let ou = Stimulus::OrnsteinUhlenbeck { correlation_time: 3.0 };
            let signal = ou.generate(grid, columns, Key::new(1, index)?)?;
            Ok(Mat::from_fn(samples, columns, |i, j| signal.dimensions()[j][i]))
        };
        let (states, targets) = (noise(features, 0)?, noise(300, 1)?);
        let cv = CrossValidation::scaled_to(states.as_ref());
        let seconds = |count: usize| -> Result<f64, Box<dyn std::error::Error>> {
            let mut best = f64::INFINITY;
            for _ in 0..3 {
                let start = Instant::now();
                ridge_cv(states.as_ref(), targets.as_ref().subcols(0, count), &cv)?;
                best = best.min(start.elapsed().as_secs_f64());
            }
            Ok(best)
        };
        let (one, many) = (seconds(1)?, seconds(300)?);
        println!("{samples:7} {features:8} {one:8.3} s {many:10.3} s {:6.2}", many / one);
    }
    Ok(())
}

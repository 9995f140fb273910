//! Mean, CV and skewness of the parameters of each population.

use serde::Serialize;
use tauspike_network::column::Column;
use tauspike_network::population::Population;
use tauspike_network::{CellsSpec, Moments, Network};

#[derive(Serialize)]
pub struct PopulationReport {
    pub name: String,
    pub model: &'static str,
    pub size: u32,
    pub parameters: Vec<ParameterReport>,
}

#[derive(Serialize)]
pub struct ParameterReport {
    /// With its unit, as in a scenario.
    pub name: &'static str,
    pub asked: Asked,
    pub realised: Spread,
}

/// What the scenario asks for: of the distribution before truncation, of the values given, or of the one value.
#[derive(Serialize)]
pub struct Asked {
    pub mean: f64,
    /// Absent if the mean is 0.
    pub cv: Option<f64>,
    pub skewness: f64,
}

impl From<Moments> for Asked {
    fn from(moments: Moments) -> Self {
        let cv = (moments.mean != 0.0).then(|| moments.cv());
        Self { mean: moments.mean, cv, skewness: moments.skewness }
    }
}

/// How values are spread.
#[derive(Serialize)]
pub struct Spread {
    pub mean: f64,
    pub sd: f64,
    /// sd / |mean|; absent if the mean is 0.
    pub cv: Option<f64>,
    pub skewness: f64,
    pub smallest: f64,
    pub largest: f64,
}

/// A [`Spread`] in the making: central moments updated value by value, which does not cancel (Pébay, Sandia report
/// SAND2008-6212, 2008).
pub struct Running {
    count: f64,
    mean: f64,
    squares: f64,
    cubes: f64,
    smallest: f64,
    largest: f64,
}

impl Spread {
    /// Of no values yet.
    pub fn running() -> Running {
        let (smallest, largest) = (f64::INFINITY, f64::NEG_INFINITY);
        Running { count: 0.0, mean: 0.0, squares: 0.0, cubes: 0.0, smallest, largest }
    }
}

impl Running {
    pub fn add(&mut self, value: f64) {
        self.count += 1.0;
        let n = self.count;
        let off = value - self.mean;
        let step = off / n;
        let square = off * step * (n - 1.0);
        self.mean += step;
        self.cubes += square * step * (n - 2.0) - 3.0 * step * self.squares;
        self.squares += square;
        self.smallest = self.smallest.min(value);
        self.largest = self.largest.max(value);
    }

    /// `None` if there were no values.
    pub fn finish(self) -> Option<Spread> {
        if self.count == 0.0 {
            return None;
        }
        let sd = (self.squares / self.count).sqrt();
        let skewness = if sd == 0.0 { 0.0 } else { self.cubes / self.count / (sd * sd * sd) };
        let cv = (self.mean != 0.0).then(|| sd / self.mean.abs());
        Some(Spread { mean: self.mean, sd, cv, skewness, smallest: self.smallest, largest: self.largest })
    }
}

/// Of every population: `cells` tells what was asked for.
pub fn of<'a>(network: &Network, cells: impl Fn(usize) -> Option<&'a CellsSpec>) -> Vec<PopulationReport> {
    let report = |(k, p): (usize, &Population)| {
        let spec = cells(k)?;
        let parameters =
            spec.parameters().into_iter().zip(p.cells.columns()).filter_map(|((name, asked), (_, column))| {
                let realised = spread(column, p.size as usize)?;
                Some(ParameterReport { name, asked: asked.moments().into(), realised })
            });
        Some(PopulationReport {
            name: p.name.clone(),
            model: model(spec),
            size: p.size,
            parameters: parameters.collect(),
        })
    };
    network.populations().iter().enumerate().filter_map(report).collect()
}

fn spread(column: &Column, size: usize) -> Option<Spread> {
    let mut running = Spread::running();
    column.values(size).for_each(|value| running.add(value));
    running.finish()
}

/// The name of the model in a scenario.
fn model(cells: &CellsSpec) -> &'static str {
    match cells {
        CellsSpec::Trains(_) => "spike_trains",
        CellsSpec::Poisson(_) => "poisson",
        CellsSpec::Lif(lif) => lif.model(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_moments_equal_those_of_all_values() {
        let values: Vec<f64> = (0..500u32).map(|k| 1e6 + f64::from(k * k % 311)).collect();
        let mut running = Spread::running();
        values.iter().for_each(|value| running.add(*value));
        let (found, whole) = (running.finish().unwrap(), Moments::of(&values));
        assert!((found.mean - whole.mean).abs() < 1e-6 && (found.sd / whole.sd - 1.0).abs() < 1e-9);
        assert!((found.skewness - whole.skewness).abs() < 1e-9);
        assert_eq!((found.smallest, found.largest), (1e6, 1e6 + 300.0));
    }

    #[test]
    fn equal_values_have_no_spread_and_no_values_no_report() {
        let mut running = Spread::running();
        (0..10).for_each(|_| running.add(0.1));
        let found = running.finish().unwrap();
        assert_eq!((found.sd, found.skewness, found.smallest), (0.0, 0.0, 0.1));
        assert!(Spread::running().finish().is_none());
    }
}

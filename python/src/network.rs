//! Networks: of a file, or of calls, and built.

use crate::arrays::{positions, rows};
use crate::errors;
use crate::given;
use numpy::{IntoPyArray, PyArray1, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use tauspike_cli::inspect;
use tauspike_engine::{Options, THREADS};
use tauspike_network::{NetworkBuilder, Prediction};
use tauspike_scenario::{Composition, Ready, load};

/// A network that is built, and what is to be recorded of it.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Built {
    pub ready: Arc<Ready>,
    /// What was run, as manifests tell it.
    pub text: String,
}

#[pymethods]
impl Built {
    /// Name, first neuron and size of each population.
    #[getter]
    fn populations(&self) -> Vec<(String, u32, u32)> {
        self.ready.network.populations().iter().map(|p| (p.name.clone(), p.first, p.size)).collect()
    }

    /// Number of synapses.
    #[getter]
    fn synapses(&self) -> u64 {
        self.ready.network.synapses()
    }

    /// The parameters of a population, with one number for each member.
    fn parameters<'py>(&self, py: Python<'py>, population: &str) -> PyResult<Bound<'py, PyDict>> {
        let found = self.ready.network.populations().iter().find(|p| p.name == population);
        let found = found.ok_or_else(|| PyKeyError::new_err(population.to_owned()))?;
        let parameters = PyDict::new(py);
        for (key, column) in found.cells.columns() {
            let values: Vec<f64> = column.values(found.size as usize).collect();
            parameters.set_item(key, values.into_pyarray(py))?;
        }
        Ok(parameters)
    }

    /// The synapses of projection number `projection`: source, target (neurons of the network), weight, delay in ms.
    #[expect(clippy::type_complexity, reason = "four columns")]
    fn synapses_of<'py>(
        &self,
        py: Python<'py>,
        projection: usize,
    ) -> PyResult<(
        Bound<'py, PyArray1<u32>>,
        Bound<'py, PyArray1<u32>>,
        Bound<'py, PyArray1<f64>>,
        Bound<'py, PyArray1<f64>>,
    )> {
        if projection >= self.ready.network.projections().len() {
            return Err(PyKeyError::new_err(projection));
        }
        let (mut source, mut target, mut weight, mut delay) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        py.detach(|| {
            for synapse in self.ready.network.synapses_of(projection) {
                source.push(synapse.source);
                target.push(synapse.target);
                weight.push(synapse.weight);
                delay.push(synapse.delay);
            }
        });
        Ok((source.into_pyarray(py), target.into_pyarray(py), weight.into_pyarray(py), delay.into_pyarray(py)))
    }
}

/// A scenario of a file.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Scenario(tauspike_scenario::Scenario);

#[pymethods]
impl Scenario {
    /// Reads and checks a file, or the scenario.toml of a folder, changed by texts like "seed=2".
    #[new]
    fn new(py: Python<'_>, path: PathBuf, set: Vec<String>) -> PyResult<Self> {
        py.detach(|| load(&path, &set)).map(Self).map_err(errors::scenario)
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.0.seed()
    }

    #[getter]
    fn duration_ms(&self) -> f64 {
        self.0.duration()
    }

    #[getter]
    fn warmup_ms(&self) -> f64 {
        self.0.warmup()
    }

    #[getter]
    fn text(&self) -> &str {
        self.0.text()
    }

    /// What the network would be, as JSON.
    fn check(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.0.predict()).map(|size| predicted(&size)).map_err(errors::scenario)
    }

    /// What the network came out as, as JSON and for people.
    fn inspect(&self, py: Python<'_>, threads: usize) -> PyResult<(String, String)> {
        py.detach(|| {
            let builder = self.0.builder()?;
            let ready = self.0.ready(threads)?;
            Ok(inspected(self.0.name(), &builder, &ready))
        })
        .map_err(errors::scenario)
    }

    /// Builds the network.
    fn build(&self, py: Python<'_>, threads: usize) -> PyResult<Built> {
        check_threads(threads)?;
        let ready = py.detach(|| self.0.ready(threads)).map_err(errors::scenario)?;
        Ok(Built { ready: Arc::new(ready), text: self.0.text().to_owned() })
    }
}

/// A network of calls.
#[pyclass(module = "tauspike._native")]
pub struct Network(Composition);

#[pymethods]
impl Network {
    #[new]
    fn new(name: &str, seed: u64) -> PyResult<Self> {
        Composition::new(name, seed).map(Self).map_err(errors::scenario)
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn seed(&self) -> u64 {
        self.0.seed()
    }

    /// Adds the population of these keys, and of these trains, ms.
    #[pyo3(signature = (keys, trains = None))]
    fn population(
        &mut self,
        py: Python<'_>,
        keys: &Bound<'_, PyDict>,
        trains: Option<Vec<Bound<'_, PyUntypedArray>>>,
    ) -> PyResult<()> {
        let place = place("population", keys)?;
        let table = given::table(&place, keys)?;
        let train = |(k, train): (usize, &Bound<'_, PyUntypedArray>)| {
            crate::arrays::numbers(&format!("{place}trains_ms[{k}]"), train)
        };
        let trains = trains.map(|trains| trains.iter().enumerate().map(train).collect::<PyResult<_>>()).transpose()?;
        py.detach(|| self.0.population(table, trains)).map_err(errors::scenario)
    }

    /// Adds the projection of these keys, with a rule.
    fn projection(&mut self, py: Python<'_>, keys: &Bound<'_, PyDict>) -> PyResult<String> {
        let table = given::table(&place("projection", keys)?, keys)?;
        py.detach(|| self.0.projection(table, None)).map_err(errors::scenario)
    }

    /// Adds the projection of these keys, with synapses from `pre[k]` to `post[k]`.
    fn pairs(
        &mut self,
        py: Python<'_>,
        keys: &Bound<'_, PyDict>,
        pre: &Bound<'_, PyUntypedArray>,
        post: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<String> {
        self.listed(py, keys, |place| {
            Ok((positions(&format!("{place}pre"), pre)?, positions(&format!("{place}post"), post)?))
        })
    }

    /// Adds the projection of these keys, with synapses where a CSR matrix has entries (row: source, column: target).
    fn csr(
        &mut self,
        py: Python<'_>,
        keys: &Bound<'_, PyDict>,
        indptr: &Bound<'_, PyUntypedArray>,
        indices: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<String> {
        self.listed(py, keys, |place| {
            let pre = rows(&format!("{place}indptr"), indptr, indices.len())?;
            Ok((pre, positions(&format!("{place}indices"), indices)?))
        })
    }

    /// Adds the input of these keys.
    fn input(&mut self, py: Python<'_>, keys: &Bound<'_, PyDict>) -> PyResult<String> {
        let table = given::table(&place("input", keys)?, keys)?;
        py.detach(|| self.0.input(table)).map_err(errors::scenario)
    }

    /// Adds the probe of these keys.
    fn probe(&mut self, keys: &Bound<'_, PyDict>) -> PyResult<()> {
        let table = given::table("probe: ", keys)?;
        self.0.probe(table).map_err(errors::scenario)
    }

    /// Checks everything; what the network would be, as JSON.
    fn check(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.0.check()).map_err(errors::scenario)?;
        Ok(predicted(&self.0.builder().predict()))
    }

    /// What the network came out as, as JSON and for people.
    fn inspect(&self, py: Python<'_>, threads: usize) -> PyResult<(String, String)> {
        let inspect = || Ok(inspected(self.0.name(), self.0.builder(), &self.0.ready(threads, None)?));
        py.detach(inspect).map_err(errors::scenario)
    }

    /// Builds the network.
    #[pyo3(signature = (threads, counters_interval_ms = None))]
    fn build(&self, py: Python<'_>, threads: usize, counters_interval_ms: Option<f64>) -> PyResult<Built> {
        check_threads(threads)?;
        let ready = py.detach(|| self.0.ready(threads, counters_interval_ms)).map_err(errors::scenario)?;
        Ok(Built { ready: Arc::new(ready), text: String::new() })
    }
}

impl Network {
    /// Adds the projection of these keys over a list of synapses, sources and targets, which is told how messages call it.
    fn listed(
        &mut self,
        py: Python<'_>,
        keys: &Bound<'_, PyDict>,
        pairs: impl FnOnce(&str) -> PyResult<(Vec<u32>, Vec<u32>)>,
    ) -> PyResult<String> {
        let place = place("projection", keys)?;
        let table = given::table(&place, keys)?;
        let pairs = pairs(&place)?;
        py.detach(|| self.0.projection(table, Some(pairs))).map_err(errors::scenario)
    }
}

/// How messages call the table of a call.
fn place(kind: &str, keys: &Bound<'_, PyDict>) -> PyResult<String> {
    let name = keys.get_item("name")?.and_then(|name| name.extract::<String>().ok());
    Ok(name.map_or(format!("{kind}: "), |name| format!("{kind} \"{name}\": ")))
}

/// What the engine would say too, but after the network is built.
pub fn check_threads(threads: usize) -> PyResult<()> {
    let allowed = || format!("1 to {}", THREADS.end());
    if THREADS.contains(&threads) { Ok(()) } else { Err(errors::refused("threads", threads, allowed())) }
}

/// How runs are organised from Python.
pub fn options(threads: usize) -> Options {
    Options { threads, ..Options::default() }
}

fn predicted(size: &Prediction) -> String {
    json!({ "neurons": size.neurons, "synapses": size.synapses, "bytes": size.bytes, "external_per_s": size.external_per_s })
        .to_string()
}

fn inspected(name: &str, builder: &NetworkBuilder, ready: &Ready) -> (String, String) {
    let report = inspect::report(name, builder, &ready.network);
    (json!(report).to_string(), report.to_string())
}

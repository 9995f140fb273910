//! A network in motion. Runs leave the interpreter lock to others, and look for Ctrl-C from time to time.

use crate::arrays::{numbers, positions};
use crate::closed_loop;
use crate::errors;
use crate::manifest::{self, Reached};
use crate::memory::{Memory, Tables};
use crate::network::{Built, check_threads, options};
use numpy::{IntoPyArray, PyArray1, PyUntypedArray};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};
use tauspike_engine::{Counters, EngineError, Simulation as Engine, Snapshot};
use tauspike_record::Manifest;
use tauspike_scenario::intervals::{self, Hearers};
use tauspike_scenario::{Ready, run};

/// Epochs are shorter than this; so often is Python asked whether to go on.
const LOOK_AFTER: Duration = Duration::from_millis(50);

/// A network in motion.
#[pyclass(frozen, module = "tauspike._native")]
pub struct Simulation {
    ready: Arc<Ready>,
    begun: Manifest,
    moving: Mutex<Moving>,
}

struct Moving {
    engine: Engine,
    memory: Memory,
    /// Where it began: model time, ms, and counters.
    start: (f64, Counters),
    /// Why it cannot go on, if Python ended it.
    ended: Option<String>,
}

/// What ended a run early, from Python.
enum Stop {
    /// Ctrl-C: the simulation can go on.
    Signal(PyErr),
    /// An exception of a callback, which may have missed what it was told.
    Callback(PyErr),
}

#[pymethods]
impl Simulation {
    /// A built network at time 0, or where `snapshot` was saved.
    #[new]
    #[pyo3(signature = (built, threads, snapshot = None))]
    fn new(py: Python<'_>, built: &Built, threads: usize, snapshot: Option<&[u8]>) -> PyResult<Self> {
        check_threads(threads)?;
        let ready = built.ready.clone();
        let mut engine = py.detach(|| match snapshot {
            None => Engine::new(ready.network.clone(), options(threads)).map_err(errors::engine),
            Some(bytes) => Snapshot::read(bytes)
                .and_then(|snapshot| Engine::resume(ready.network.clone(), options(threads), snapshot))
                .map_err(errors::snapshot),
        })?;
        engine.set_probes(&ready.probes).map_err(errors::engine)?;
        let populations = run::populations(&ready.network).map_err(errors::scenario)?;
        let begun = manifest::begin(&ready, &built.text, threads, populations.clone());
        let start = (engine.now(), engine.counters());
        let moving = Mutex::new(Moving { engine, memory: Memory::new(populations), start, ended: None });
        Ok(Self { ready, begun, moving })
    }

    /// Model time, ms.
    #[getter]
    fn now_ms(&self) -> PyResult<f64> {
        Ok(self.moving()?.engine.now())
    }

    /// Totals since time 0, by name.
    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counters = PyDict::new(py);
        for (counter, value) in self.moving()?.engine.counters().entries() {
            counters.set_item(counter.name, value)?;
        }
        Ok(counters)
    }

    /// Runs to `until_ms`. `progress` gets the model time and `until_ms`, several times a second. Gives the tables of spikes, of
    /// probes and of counters.
    #[pyo3(signature = (until_ms, progress = None))]
    fn run_until(&self, py: Python<'_>, until_ms: f64, progress: Option<Bound<'_, PyAny>>) -> PyResult<Tables> {
        let mut moving = self.can_go_on()?;
        let moving = &mut *moving;
        let progress = progress.map(Bound::unbind);
        let mut stop = None;
        py.detach(|| {
            let mut watch = watch(until_ms, progress.as_ref(), &mut stop);
            moving.advance(&self.ready, until_ms, &mut watch).map_err(errors::engine)
        })?;
        // what was recorded stays in memory, also where it is the last epoch that an exception ends
        match stop {
            Some(Stop::Callback(error)) => return Err(moving.end(error)),
            Some(Stop::Signal(error)) => return Err(error),
            None => {}
        }
        if let Some(Err(error)) = progress.map(|progress| progress.call1(py, (until_ms, until_ms))) {
            return Err(moving.end(error));
        }
        Ok(py.detach(|| moving.memory.tables()))
    }

    /// What runs that were ended, or failed, have recorded and no run has returned.
    fn recorded(&self, py: Python<'_>) -> PyResult<Tables> {
        let mut moving = self.moving()?;
        let memory = &mut moving.memory;
        Ok(py.detach(|| memory.tables()))
    }

    /// Potential (mV) and excitatory and inhibitory current (pA; NaN for delta synapses) of these neurons now.
    #[expect(clippy::type_complexity, reason = "three columns")]
    fn membranes<'py>(
        &self,
        py: Python<'py>,
        neurons: &Bound<'py, PyUntypedArray>,
    ) -> PyResult<(Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>)> {
        let neurons = positions("neurons", neurons)?;
        let (v, excitatory, inhibitory) = self.act(py, |engine| closed_loop::membranes(engine, &neurons))?;
        Ok((v.into_pyarray(py), excitatory.into_pyarray(py), inhibitory.into_pyarray(py)))
    }

    /// Makes sources fire.
    fn inject(
        &self,
        py: Python<'_>,
        sources: &Bound<'_, PyUntypedArray>,
        times_ms: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<()> {
        let (sources, times) = (positions("sources", sources)?, numbers("times_ms", times_ms)?);
        self.act(py, |engine| closed_loop::inject(engine, &sources, &times))
    }

    /// Lets arrivals come to neurons; `unit` is weight_mv or weight_pa.
    fn inject_onto(
        &self,
        py: Python<'_>,
        neurons: &Bound<'_, PyUntypedArray>,
        times_ms: &Bound<'_, PyUntypedArray>,
        unit: &str,
        weights: &Bound<'_, PyUntypedArray>,
    ) -> PyResult<()> {
        let (neurons, times) = (positions("neurons", neurons)?, numbers("times_ms", times_ms)?);
        let weights = numbers(unit, weights)?;
        self.act(py, |engine| closed_loop::inject_onto(engine, &neurons, &times, unit, &weights))
    }

    /// Sets the currents of neurons, from `from_ms` or from now on.
    #[pyo3(signature = (neurons, values_pa, from_ms = None))]
    fn set_current(
        &self,
        py: Python<'_>,
        neurons: &Bound<'_, PyUntypedArray>,
        values_pa: &Bound<'_, PyUntypedArray>,
        from_ms: Option<f64>,
    ) -> PyResult<()> {
        let (neurons, values) = (positions("neurons", neurons)?, numbers("values_pa", values_pa)?);
        self.act(py, |engine| {
            let from = from_ms.unwrap_or(engine.now());
            engine.set_current(&neurons, from, &values).map_err(errors::engine)
        })
    }

    /// Sets the rate of a Poisson input, or of a population of Poisson sources, from now on.
    fn set_rate(&self, py: Python<'_>, name: &str, rate_hz: f64) -> PyResult<()> {
        self.act(py, |engine| engine.set_rate(name, rate_hz).map_err(errors::engine))
    }

    /// The state as bytes.
    fn save<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let moving = self.can_go_on()?;
        if !moving.memory.is_empty() {
            let told = "a run was ended, and what it recorded would be in no snapshot: call recorded(), or run on, before save()";
            return Err(PyRuntimeError::new_err(told));
        }
        let bytes = moving.engine.save().map_err(errors::snapshot)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// SHA-256 of all spikes so far.
    fn digest(&self) -> PyResult<String> {
        Ok(self.moving()?.memory.digest().hex())
    }

    /// What was run and what came of it so far, as JSON.
    fn manifest(&self) -> PyResult<String> {
        let moving = self.moving()?;
        let Moving { engine, memory, start, ended } = &*moving;
        let reached = Reached { simulation: engine, start: *start, digest: memory.digest(), ended: ended.as_deref() };
        Ok(manifest::so_far(&self.begun, &self.ready, reached))
    }
}

impl Simulation {
    /// Nobody waits for a run: it may take hours, or wait for the one who asks.
    fn moving(&self) -> PyResult<MutexGuard<'_, Moving>> {
        match self.moving.try_lock() {
            Ok(moving) => Ok(moving),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                let told = "the simulation is running: ask it between runs, and from one thread at a time";
                Err(PyRuntimeError::new_err(told))
            }
        }
    }

    /// Between two runs, without the interpreter lock.
    fn act<T: Send>(&self, py: Python<'_>, act: impl FnOnce(&mut Engine) -> PyResult<T> + Send) -> PyResult<T> {
        let mut moving = self.can_go_on()?;
        let engine = &mut moving.engine;
        py.detach(|| act(engine))
    }

    fn can_go_on(&self) -> PyResult<MutexGuard<'_, Moving>> {
        let moving = self.moving()?;
        let Some(reason) = &moving.ended else { return Ok(moving) };
        let (time, reason) = (moving.engine.now(), reason.clone());
        Err(errors::engine(EngineError::Terminated { time, reason }))
    }
}

impl Moving {
    /// Ends the simulation by an exception of a callback, which may not have come to use what it was told.
    fn end(&mut self, error: PyErr) -> PyErr {
        self.ended = Some(format!("the callback raised {error}"));
        error
    }

    /// Interval after interval where counters are asked for.
    fn advance(
        &mut self,
        ready: &Ready,
        end: f64,
        watch: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        let counted = |memory: &mut Memory, row| {
            memory.take_counters(row);
            Ok(())
        };
        let hearers = Hearers { sink: &mut self.memory, watch, counted };
        intervals::run(&mut self.engine, (end, ready.counters_interval), hearers, |error| error)
    }
}

/// Asks Python from time to time whether to go on.
#[allow(clippy::disallowed_methods, reason = "when Python is asked decides nothing about spikes")]
fn watch<'a>(
    until: f64,
    progress: Option<&'a Py<PyAny>>,
    stop: &'a mut Option<Stop>,
) -> impl FnMut(f64) -> ControlFlow<()> + 'a {
    let mut looked = Instant::now();
    move |now| {
        if looked.elapsed() < LOOK_AFTER {
            return ControlFlow::Continue(());
        }
        looked = Instant::now();
        let asked = Python::attach(|py| {
            py.check_signals().map_err(Stop::Signal)?;
            progress.map_or(Ok(()), |progress| progress.call1(py, (now, until)).map(drop).map_err(Stop::Callback))
        });
        match asked {
            Ok(()) => ControlFlow::Continue(()),
            Err(reason) => {
                *stop = Some(reason);
                ControlFlow::Break(())
            }
        }
    }
}

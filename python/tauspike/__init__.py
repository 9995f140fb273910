"""Exact, event-driven simulation of large sparse spiking networks.

Times are in ms, potentials in mV, currents in pA, capacitances in pF, rates in Hz, and every name says so. The same network and
seed give the same spikes, bit by bit, for any number of threads and after any restart.

>>> import tauspike
>>> net = tauspike.Network(seed=42)
>>> cells = net.population("cells", 100, tau_m_ms=tauspike.lognormal(20.0, cv=0.5))
>>> net.project(cells, cells, rule="fixed_indegree", indegree=10, weight_mv=-0.5, delay_ms=1.5)
'cells to cells'
>>> net.input("poisson", cells, rate_hz=10_000.0, weight_mv=0.1)
'poisson to cells'
>>> result = net.run(500.0, threads=2)
>>> len(result.spikes) == result.counters["spikes"]
True

What a scenario file calls ``tau_m_ms`` is called so here; see `Network` for the models and their equations.
"""

from . import tasks
from ._native import VERSION as __version__
from ._native import ScenarioError, SimulationError, SnapshotError
from .distribution import (
    Distribution,
    arcsine,
    beta,
    constant,
    empirical,
    gamma,
    inverse_gamma,
    inverse_gaussian,
    log_uniform,
    lognormal,
    normal,
    two_point,
    uniform,
)
from .network import Network, Population
from .profile import Profile
from .result import Recording, Result
from .scenario import Scenario, check, inspect, load, run
from .simulation import Simulation
from .studies import Study, study
from .tables import Spikes, Table

__all__ = [
    "Distribution",
    "Network",
    "Population",
    "Profile",
    "Recording",
    "Result",
    "Scenario",
    "ScenarioError",
    "Simulation",
    "SimulationError",
    "SnapshotError",
    "Spikes",
    "Study",
    "Table",
    "__version__",
    "arcsine",
    "beta",
    "check",
    "constant",
    "empirical",
    "gamma",
    "inspect",
    "inverse_gamma",
    "inverse_gaussian",
    "load",
    "log_uniform",
    "lognormal",
    "normal",
    "run",
    "study",
    "tasks",
    "two_point",
    "uniform",
]

"""PyNN 0.13 on tauspike: ``import tauspike_pynn as sim``.

Membranes and threshold crossings are exact, spikes are at any time and not at steps: ``timestep`` is how often ``v`` is recorded,
and the grid to which PyNN asks that steps of currents be rounded. Units are those of PyNN.

Which models there are, what may change between runs, and which of PyNN's own scenarios hold: README.md.
"""

from pyNN import errors, random, space
from pyNN.connectors import *  # noqa: F403
from pyNN.network import Network
from pyNN.random import GSLRNG, NumpyRNG, RandomDistribution
from pyNN.space import Space

from .cells import *  # noqa: F403
from .cells import __all__ as _cells
from .control import (
    end,
    get_current_time,
    get_max_delay,
    get_min_delay,
    get_time_step,
    initialize,
    num_processes,
    rank,
    reset,
    run,
    run_for,
    run_until,
    setup,
)
from .electrodes import DCSource, StepCurrentSource
from .missing import *  # noqa: F403
from .populations import Assembly, Population, PopulationView
from .procedures import connect, create, record, record_v
from .projections import Projection
from .synapses import StaticSynapse


def list_standard_models() -> list[str]:
    """Names of the cell models there are."""
    return list(_cells)

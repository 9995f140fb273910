"""Setting up, running and resetting."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import common
from pyNN.common.control import DEFAULT_MIN_DELAY, DEFAULT_TIMESTEP
from pyNN.recording import get_io

from . import simulator

#: So that each segment of each seed has draws of its own.
LARGEST_SEED = 2**40


def setup(
    timestep: float = DEFAULT_TIMESTEP,
    min_delay: float | str = DEFAULT_MIN_DELAY,
    *,
    max_delay: float | str = "auto",
    threads: int = 1,
    rng_seed: int = 1,
    **others: Any,
) -> int:
    """Begin anew; all that was built before is gone.

    Parameters
    ----------
    timestep : float
        How often variables are recorded, ms, and the grid of current steps. Spikes are at any time.
    min_delay, max_delay : float or "auto"
        ms. The delay of synapses that have none given is `min_delay`, or `timestep`.
    threads : int
        1 to 1024; no spike depends on it.
    rng_seed : int
        Of Poisson sources. Their trains are others after each `reset`.
    **others
        What other backends know, such as ``spike_precision``, is ignored.

    Returns
    -------
    int
        0, the rank.
    """
    common.setup(timestep, min_delay, max_delay=max_delay, **others)
    simulator.state.clear(timestep=timestep, min_delay=min_delay, max_delay=max_delay, threads=threads, seed=_seed(rng_seed))
    return rank()


def _seed(rng_seed: Any) -> int:
    if isinstance(rng_seed, bool) or not isinstance(rng_seed, (int, np.integer)) or not 0 <= rng_seed < LARGEST_SEED:
        raise ValueError(f"rng_seed = {rng_seed!r}; allowed: an integer, 0 to {LARGEST_SEED - 1}")
    return int(rng_seed)


def end(compatible_output: bool = True) -> None:
    """Write what was to be written to files. Data stay readable."""
    for population, variables, filename in simulator.state.write_on_end:
        population.write_data(get_io(filename), variables)
    simulator.state.write_on_end = []


run, run_until = common.build_run(simulator)
run_for = run
reset = common.build_reset(simulator)
initialize = common.initialize
get_current_time, get_time_step, get_min_delay, get_max_delay, num_processes, rank = common.build_state_queries(simulator)

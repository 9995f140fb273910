"""Setting up, running and resetting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from pyNN import common
from pyNN.common.control import DEFAULT_MIN_DELAY, DEFAULT_TIMESTEP
from pyNN.recording import get_io

from . import simulator
from .description import LATEST
from .given import POSITIVE, Range, integer, number

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
        Of Poisson sources. Their trains are others after each `reset`, and with other current inputs: README.md.
    **others
        What other backends know, such as ``spike_precision``, is ignored.

    Returns
    -------
    int
        0, the rank.
    """
    timestep = number("timestep", timestep, POSITIVE)
    min_delay = _delay("min_delay", min_delay, ("timestep", timestep), sys.float_info.max)
    least = ("timestep", timestep) if min_delay == "auto" else ("min_delay", min_delay)
    max_delay = _delay("max_delay", max_delay, least, float("inf"))
    threads, seed = integer("threads", threads, 1, 1024), integer("rng_seed", rng_seed, 0, LARGEST_SEED - 1)
    common.setup(timestep, min_delay, max_delay=max_delay, **others)
    simulator.state.clear(timestep=timestep, min_delay=min_delay, max_delay=max_delay, threads=threads, seed=seed)
    return rank()


def _delay(field: str, value: Any, least: tuple[str, float], most: float) -> float | str:
    name, low = least
    allowed = Range(low, most, f"'auto', or a number of at least {name} = {low:g}")
    return value if isinstance(value, str) and value == "auto" else number(field, value, allowed)


def end(compatible_output: bool = True) -> None:
    """Write what was to be written to files. Data stay readable."""
    for population, variables, filename in simulator.state.write_on_end:
        population.write_data(get_io(filename), variables)
    simulator.state.write_on_end = []


_, _run_until = common.build_run(simulator)


def run(simtime: float, callbacks: Iterable[Callable[[float], float]] | None = None) -> float:
    """Run on for `simtime` ms; see `run_until`. Runs for x and then for y are one for x + y."""
    now, most = simulator.state.t, LATEST - simulator.state.t
    simtime = number("simtime", simtime, Range(-_rounding(), most, f"0 to {most:g} ms"))
    return run_until(now + simtime, callbacks)


def run_until(time_point: float, callbacks: Iterable[Callable[[float], float]] | None = None) -> float:
    """Run on to a time, ms, and give the time then.

    After Ctrl-C, which raises KeyboardInterrupt, the time is that which was reached, what was recorded until then is there, and the
    next run goes on from it. After an exception of a callback it is the time at which that was called.

    Parameters
    ----------
    time_point : float
        ms, not before the present.
    callbacks : iterable of callable, optional
        Each gets the present time, ms, and gives the time at which it wants to be called next.
    """
    now = simulator.state.t
    words = f"{now:g}, which is the present, to {LATEST:g} ms"
    time_point = number("time_point", time_point, Range(now - _rounding(), LATEST, words))
    return _run_until(time_point, [_checked(callback) for callback in callbacks or []])


def _rounding() -> float:
    """Before the present by less is the present."""
    return simulator.state.dt / 2.0


def _checked(callback: Callable[[float], float]) -> Callable[[float], float]:
    """The same, but it must give a time."""
    allowed = Range(-float("inf"), float("inf"), "the time at which it wants to be called next, ms")

    def called(time: float) -> float:
        return number(f"callback {getattr(callback, '__name__', callback)!r}: result", callback(time), allowed)

    return called


run_for = run
reset = common.build_reset(simulator)
initialize = common.initialize
get_current_time, get_time_step, get_min_delay, get_max_delay, num_processes, rank = common.build_state_queries(simulator)

"""Which networks are compared, with whom, and for how long.

A network is a scenario of this project and what is changed in it; `scenario.py` turns it into what a peer builds. Warm-up and window
are model time. They are the same for all simulators of a row, and as short as a stationary rate allows, because the slowest peer
needs a minute and more for a second of model time. Not here: how anything is measured.
"""
from dataclasses import dataclass

NEST = ("nest_grid", "nest_precise")
LOGNORMAL = '{ distribution = "lognormal", mean = 20.0, cv = 0.5 }'


@dataclass(frozen=True)
class Row:
    """One network of the table."""

    name: str
    scenario: str
    synapses: float
    warmup_ms: float
    window_ms: float
    peers: tuple
    changes: tuple = ()
    # Share by which rates may differ beyond counting noise. Grid simulators move spikes to steps of 0.1 ms, which costs them 2 to 3 %
    # of the spikes here; a wrong weight, in-degree or reset costs much more than 5 %.
    tolerance: float = 0.05
    # Measured at the largest number of threads alone: a peer needs minutes.
    large: bool = False
    # Scale of the microcircuit, whose scenario is generated.
    scale: float = 0.0


ROWS = (
    Row("brunel_delta 10^4 x 1000", "brunel", 1e7, 100.0, 200.0, (*NEST, "brian2", "arbor")),
    Row("brunel_delta 10^5 x 1000", "brunel", 1e8, 50.0, 50.0, (*NEST, "brian2"), large=True,
        changes=("population.E.size=80000", "population.I.size=20000")),
    Row("sparse_low", "sparse_low", 1e7, 100.0, 500.0, (*NEST, "brian2", "arbor")),
    Row("balanced_const", "balanced_const", 1e7, 100.0, 500.0, (*NEST, "brian2")),
    # V_inf stays at 21 mV for every tau_m: it is written as resting potential.
    Row("balanced_const, tau_m CV 0.5", "balanced_const", 1e7, 100.0, 500.0, (*NEST, "brian2"),
        changes=("population.I.e_l_mv=21.0", "population.I.i_e_pa=0.0", f"population.I.tau_m_ms={LOGNORMAL}")),
    # Its populations fire in common bursts, more so the fewer neurons there are: the count of a short window scatters.
    Row("microcircuit 10 %", "microcircuit", 3e7, 100.0, 200.0, NEST, tolerance=0.15, scale=0.1),
    Row("microcircuit 100 %", "microcircuit", 3e8, 100.0, 100.0, ("nest_grid",), tolerance=0.10, scale=1.0, large=True),
)

# Resident bytes per synapse at the peak, whole process, measured on the rows above and rounded up; with them a row that would not fit
# into memory is skipped before it starts. For Brian2 it is the Python process that writes the synapses to disk for the C++ program.
BYTES_PER_SYNAPSE = {"tauspike": 14, "nest_grid": 55, "nest_precise": 65, "brian2": 120, "arbor": 70}

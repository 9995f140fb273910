"""Whatever is handed in: an answer, or ValueError or TypeError; no panic, abort or hang."""

import os

import numpy as np
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

import tauspike

#: Of each test. 2000 make 10 000 in all, which takes minutes.
CALLS = int(os.environ.get("TAUSPIKE_CALLS", "200"))
BOUNDED = settings(max_examples=CALLS, deadline=20_000, suppress_health_check=list(HealthCheck))

DTYPES = ["<f8", ">f8", "<f4", "<f2", "<i8", ">i8", "<i4", "<u4", "<u8", "<i2", "<u1", "?", "<c16", "<U3", "O", "<M8[ms]"]
numbers = st.one_of(st.floats(), st.integers(), st.floats(0, 100), st.integers(0, 5))
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: nps.arrays(
        np.dtype(dtype), nps.array_shapes(max_dims=2, max_side=4), elements=numbers if dtype == "O" else None
    )
)
views = arrays.flatmap(lambda array: st.sampled_from([array, array[::-1], array[::2], array.T, array[:0]]))
distributions = st.builds(
    lambda kind, keys: {"distribution": kind, **keys},
    st.sampled_from(["lognormal", "gamma", "normal", "uniform", "two_point", "inverse_gamma", "empirical", "constant", "none"]),
    st.dictionaries(st.sampled_from(["mean", "cv", "sd", "min", "max", "low", "high", "skewness", "values"]), numbers | views),
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5) | views | distributions | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["tau_m_ms", "c_m_pf", "v_th_mv", "v_reset_mv", "t_ref_ms", "i_e_pa", "v_init_mv", "rate_hz", "profile", "tau_syn_ex_ms"]
MODELS = st.sampled_from(["lif_delta", "lif_exp", "poisson", "spike_trains"])


def refused_or_done(call):
    try:
        call()
    except (ValueError, TypeError) as error:
        assert str(error) and "panicked" not in str(error)
        return False
    return True


@BOUNDED
@given(
    size=st.integers(-2, 4) | anything,
    model=MODELS | anything,
    keys=st.dictionaries(st.sampled_from(KEYS), anything, max_size=3),
    trains=st.none() | st.lists(st.lists(numbers, max_size=3) | views, max_size=4),
)
def test_populations(size, model, keys, trains):
    net = tauspike.Network(seed=1)
    if refused_or_done(lambda: net.population("n", size, model=model, trains_ms=trains, **keys)):
        net.check()
        assert net.populations["n"].size == size


@BOUNDED
@given(
    keys=st.fixed_dictionaries(
        {},
        optional={
            "rule": st.sampled_from(["one_to_one", "all_to_all", "fixed_indegree", "fixed_total", "bernoulli"]) | anything,
            "indegree": numbers,
            "total": numbers,
            "probability": numbers,
            "pre": st.lists(numbers, max_size=4) | views,
            "post": st.lists(numbers, max_size=4) | views,
            "weight_mv": anything,
            "delay_ms": anything,
            "autapses": st.booleans() | anything,
            "multapses": st.booleans() | anything,
            "procedural": st.booleans(),
        },
    )
)
def test_projections(keys):
    net = tauspike.Network(seed=1)
    cells = net.population("cells", 4)
    if refused_or_done(lambda: net.project(cells, cells, **keys)):
        refused_or_done(net.check)


@BOUNDED
@given(
    rows=st.integers(0, 5),
    columns=st.integers(0, 5),
    indptr=st.none() | st.lists(st.integers(-1, 9), max_size=6),
    indices=st.none() | st.lists(st.integers(-1, 9), max_size=9),
    dtype=st.sampled_from(DTYPES[:12]),
    index_dtype=st.sampled_from(["<i4", "<i8", ">i4", "<i2", "<f8"]),
)
def test_matrices(rows, columns, indptr, indices, dtype, index_dtype):
    matrix = sp.random(rows, columns, 0.5, format="csr", random_state=1)
    net = tauspike.Network(seed=1)
    cells = net.population("cells", 4)
    bounds = np.array(matrix.indptr if indptr is None else indptr).astype(index_dtype)
    entries = np.array(matrix.indices if indices is None else indices).astype(index_dtype)
    weights = np.ones(len(entries), dtype=dtype)
    keys = {"from": "cells", "to": "cells", "weight_mv": weights, "delay_ms": 1.0}
    if refused_or_done(lambda: net._native.csr(keys, bounds, entries)):
        net.check()


@BOUNDED
@given(
    kind=st.sampled_from(["poisson", "current"]) | anything,
    keys=st.fixed_dictionaries(
        {},
        optional={
            "rate_hz": anything,
            "weight_mv": anything,
            "members": anything,
            "scale": anything,
            "start_ms": numbers,
            "stop_ms": numbers,
            "signal": st.fixed_dictionaries({"times_ms": anything, "values_pa": anything}) | anything,
        },
    ),
    probed=anything,
    interval=numbers,
)
def test_inputs_and_probes(kind, keys, probed, interval):
    net = tauspike.Network(seed=1)
    cells = net.population("cells", 4)
    if refused_or_done(lambda: net.input(kind, cells, **keys)):
        refused_or_done(net.check)
    refused_or_done(lambda: net.probe(cells, probed, interval_ms=interval))


@BOUNDED
@given(until=st.floats(-1, 30) | numbers, threads=st.integers(-1, 3), neurons=views, snapshot=st.binary(max_size=80))
def test_simulations(until, threads, neurons, snapshot):
    net = tauspike.Network(seed=1)
    cells = net.population("cells", 4, i_e_pa=400.0)
    net.project(cells, cells, rule="all_to_all", weight_mv=-0.1, delay_ms=1.5)
    simulation = net.simulation()
    if until < 1000 or until != until:
        refused_or_done(lambda: simulation.run_until(until))
    refused_or_done(lambda: simulation.membranes(neurons))
    refused_or_done(lambda: tauspike.Simulation.restore(net, snapshot, threads=threads))
    refused_or_done(lambda: net.simulation(threads=threads))

"""How long arrays take on their way in and out: 10^7 synapses from SciPy, 10^7 spikes to Polars, one import.

Prints seconds; run it with a wheel of the release profile: `pip install ./python && python python/benches/arrays.py`.
"""

import subprocess
import sys
import time

import numpy as np
import polars as pl
import scipy.sparse as sp

import tauspike


def seconds(what, call):
    started = time.perf_counter()
    result = call()
    print(f"{what:60} {time.perf_counter() - started:8.3f} s")
    return result


def matrix(dtype):
    rng = np.random.default_rng(1)
    indptr = np.arange(0, 10**7 + 1, 1000, dtype=dtype)
    indices = np.sort(rng.integers(0, 10**4, (10**4, 1000)), axis=1).astype(dtype).ravel()
    return sp.csr_array((rng.random(10**7), indices, indptr), shape=(10**4, 10**4))


for dtype in (np.int32, np.int64):
    weights = matrix(dtype)
    net = tauspike.Network()
    cells = net.population("cells", 10**4)
    name = np.dtype(dtype).name
    seconds(f"project 10^7 synapses, CSR of {name}", lambda: net.project(cells, cells, weight_mv=weights, delay_ms=1.5))
    seconds("build the network of them (2 threads)", lambda: net._build(2, None))

net = tauspike.Network()
net.population("sources", 10**4, model="poisson", rate_hz=1000.0)
spikes = seconds("run sources that fire 10^7 spikes", lambda: net.run(1000.0)).spikes
frame = seconds(f"polars.DataFrame of {len(spikes)} spikes", lambda: pl.DataFrame(spikes))
same = all(
    frame[name].to_numpy(allow_copy=False).__array_interface__["data"][0] == spikes[name].__array_interface__["data"][0]
    for name in ["time_ms", "neuron"]
)
print("same addresses:", same)
seconds("digest of them", lambda: spikes.digest)
code = "import time, numpy; t = time.perf_counter(); import tauspike; print(time.perf_counter() - t)"
own = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
print("import tauspike after numpy:", own, "s")
seconds("python -c 'import tauspike'", lambda: subprocess.run([sys.executable, "-c", "import tauspike"], check=True))

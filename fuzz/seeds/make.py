"""Writes the seeds of the importer targets: one byte that selects the format, then a small valid file (needs pandas and SciPy);
those of the scenario parser: the scenarios of the repository, small and without files, and one with every kind of parameter; and short
ones for snapshots."""

import io, pathlib, re
import numpy as np, pandas as pd, scipy.sparse as sp

HERE = pathlib.Path(__file__).parent
SYNAPSE_FORMATS = ["csv", "parquet", "npz"]
ALL_FORMATS = ["csv", "parquet", "npz", "npy", "txt"]


def put(target, formats, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(bytes([formats.index(name.rsplit(".")[-1])]) + data)


def write_raw(target, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def stored(write):
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


synapses = pd.DataFrame({"pre": np.int32([0, 2, 1]), "post": np.int64([3, 0, 0]), "weight": [0.5, -1.5, 0.0], "delay_ms": [1.0, 0.0, 2.5]})
spikes = pd.DataFrame({"time_ms": [0.5, 0.5, 1.25], "neuron": np.uint32([0, 1, 0])})
signal = pd.DataFrame({"time_ms": [0.0, 0.5, 1.25], "value": np.float32([1, -1, 2])})
table = pd.DataFrame({"neuron": np.uint8([2, 0, 1]), "tau_m_ms": [10.0, 20.0, 30.0]})

frames = [("import_synapses", SYNAPSE_FORMATS, "list", synapses), ("import_trains", ALL_FORMATS, "spikes", spikes),
          ("import_trains", ALL_FORMATS, "signal", signal), ("import_table", ALL_FORMATS, "table", table)]
for target, formats, name, frame in frames:
    put(target, formats, f"{name}.csv", b"# made by make.py\n" + frame.to_csv(index=False).encode())
    for compression in ["none", "snappy", "zstd"]:
        write = lambda out: frame.to_parquet(out, index=False, compression=compression, store_schema=False)
        put(target, formats, f"{name}-{compression}.parquet", stored(write))
    arrays = {column: frame[column].to_numpy() for column in frame}
    put(target, formats, f"{name}.npz", stored(lambda out: np.savez(out, **arrays)))
    put(target, formats, f"{name}-deflated.npz", stored(lambda out: np.savez_compressed(out, **arrays)))

matrix = sp.coo_matrix((synapses.weight, (synapses.pre, synapses.post)), shape=(3, 4))
for layout in ["csr", "csc", "coo"]:
    write = lambda out: sp.save_npz(out, matrix.asformat(layout), compressed=False)
    put("import_synapses", SYNAPSE_FORMATS, f"{layout}.npz", stored(write))
for target in ["import_trains", "import_table"]:
    put(target, ALL_FORMATS, "values.npy", stored(lambda out: np.save(out, np.array([0.5, 1.5, 2.5]))))
    put(target, ALL_FORMATS, "values.txt", b"# one per line\n1\n2.5\n4e3\n")
put("import_trains", ALL_FORMATS, "pairs.txt", b"0  0.25\n50  -1\n")


SIGNAL = "{ times_ms = [0, 1, 2], values = [0.0, 1.0, -0.5] }"
EVERYTHING = """name = "everything"
duration_ms = 10
[[population]]
name = "A"
size = 3
model = "lif_exp"
tau_m_ms = [10, 20.5, 3e1]
i_e_pa = { distribution = "normal", mean = 1, sd = 2, min = -1, max = 3 }
v_init_mv = { distribution = "uniform", mean = -70, cv = 0.1 }
t_ref_ms = { distribution = "constant", mean = 2 }
tau_syn_ex_ms = { distribution = "inverse_gaussian", mean = 2, cv = 0.5 }
tau_syn_in_ms = { distribution = "inverse_gamma", mean = 2, cv = 0.5, mirrored = true }
[[population]]
name = "B"
size = 3
model = "lif_delta"
tau_m_ms = { distribution = "two_point", mean = 10, cv = 0.3, skewness = -1 }
c_m_pf = { distribution = "empirical", values = [100, 200] }
[[population]]
name = "P"
size = 3
model = "poisson"
rate_hz = 10
profile = { times_ms = [0, 5], values = [1, 0] }
start_ms = 1
stop_ms = 9
[[population]]
name = "S"
size = 2
model = "spike_trains"
encode = { signal = SIGNAL, delta = 0.5 }
RULES[[input]]
kind = "current"
target = "A"
members = [0, 2]
signal = { times_ms = [0, 1], values_pa = [1, 0] }
scale = 2
[record]
spikes = true
rows_per_group = 10
counters_interval_ms = 1
[[record.probe]]
population = "A"
neurons = [1]
times_ms = [0, 1]
"""
RULES = ["fixed_indegree\"\nindegree = 2", "fixed_outdegree\"\noutdegree = 1\nmultapses = false", "fixed_total\"\ntotal = 4",
         "bernoulli\"\nprobability = 0.5\nautapses = false", "all_to_all\""]
DELAY = '{ distribution = "gamma", mean = 1, cv = 1, max = 9, round_to_ms = 0.1 }'
SETS = ["seed=3", "population.A.size=3", "projection.0.delay_ms=0", "record.spikes=false"]


def scenario(name, text, sets=()):
    folder = HERE / "scenario_parse"
    folder.mkdir(exist_ok=True)
    text = re.sub(r"^size = (\d+)", lambda size: f"size = {min(int(size[1]), 100)}", re.sub(r" *#.*", "", text), flags=re.M)
    text = re.sub(r"degree = (\d+)", lambda degree: f"degree = {min(int(degree[1]), 90)}", text)
    text = text.replace('file = "data/spikes.csv"', "encode = { signal = SIGNAL, delta = 0.5 }")
    text = re.sub(r'signal = \{ file = "data/stimulus_1ms.csv" \}', f"signal = {SIGNAL.replace('values', 'values_pa')}", text)
    text = re.sub(r'\{ file = "data/.*?" \}', SIGNAL, text).replace("SIGNAL", SIGNAL)
    (folder / name).write_text("\0".join([text, *sets]))


for path in sorted(HERE.glob("../../scenarios/*/scenario.toml")):
    # The microcircuit is Brunel's network many times over: no news, and slow.
    if path.parent.name != "microcircuit":
        scenario(path.parent.name, path.read_text())
rules = [f'[[projection]]\nfrom = "A"\nto = "{to}"\nrule = "{rule}\nweight_{unit} = {k}\ndelay_ms = {DELAY}\n'
         for k, rule in enumerate(RULES) for to, unit in [("A", "pa"), ("B", "mv")]]
scenario("everything", EVERYTHING.replace("RULES", "".join(rules)), SETS)

# Of a snapshot: bytes as they are; any body under a right checksum; a valid body with bytes overwritten, each two bytes of place and one of value.
changes = bytes(number * 37 % 256 for number in range(60))
for name, data in [("as_it_is", b"\0tauspike"), ("any_body", b"\1" + changes), ("overwritten", b"\2" + changes)]:
    write_raw("snapshot", name, data)

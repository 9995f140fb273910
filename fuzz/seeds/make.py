"""Writes the seeds of the importer targets: one byte that selects the format, then a small valid file (needs pandas and SciPy)."""

import io, pathlib
import numpy as np, pandas as pd, scipy.sparse as sp

HERE = pathlib.Path(__file__).parent
SYNAPSE_FORMATS = ["csv", "parquet", "npz"]
ALL_FORMATS = ["csv", "parquet", "npz", "npy", "txt"]


def put(target, formats, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(bytes([formats.index(name.rsplit(".")[-1])]) + data)


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

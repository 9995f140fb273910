"""Makes snntorch.json: a network that snnTorch exports, its input, and its spikes when it runs with steps of a 50th and a 200th of its own.

Debian's python3-torch is enough: ``python3 -m venv --system-site-packages v && v/bin/pip install --no-deps snntorch==1.0.0 nir==1.0.8 nirtorch
h5py && v/bin/python record_snntorch.py > snntorch.json``.
"""

import json

import numpy as np
import snntorch as snn
import torch
from snntorch.export_nir import export_to_nir

STEPS, DT_MS = 400, 0.1
torch.manual_seed(3)
alpha, beta, beta_out = torch.tensor([0.95, 0.98]), torch.linspace(0.97, 0.995, 3), torch.tensor([0.96, 0.99])


def finer(share, times):
    """The decay of a step so many times shorter, of the same time constant dt / (1 - beta)."""
    return 1 - (1 - share.to(torch.float64)) / times


def network(alpha, beta, beta_out):
    return torch.nn.Sequential(
        torch.nn.Linear(4, 3),
        snn.Leaky(beta=beta, threshold=torch.ones(3), init_hidden=True, reset_mechanism="zero", reset_delay=False),
        torch.nn.Linear(3, 2),
        snn.Synaptic(alpha=alpha, beta=beta_out, threshold=torch.ones(2), init_hidden=True, reset_mechanism="zero", reset_delay=False, output=True),
    )


coarse = network(alpha, beta, beta_out)
with torch.no_grad():
    coarse[0].weight.copy_(torch.rand(3, 4) * 0.5)
    coarse[0].bias.copy_(torch.tensor([0.01, 0.0, 0.02]))
    coarse[2].weight.copy_(torch.rand(2, 3) * 0.05 + 0.02)
    coarse[2].bias.copy_(torch.tensor([0.0004, -0.0001]))
graph = export_to_nir(coarse, torch.randn(4))
torch.set_default_dtype(torch.float64)
spikes = torch.rand(STEPS, 4) < 0.05


@torch.no_grad()
def run(times):
    """Time, ms, and neuron of each spike of either layer."""
    fine = network(finer(alpha, times), finer(beta, times), finer(beta_out, times))
    fine[0].weight.copy_(coarse[0].weight)  # V jumps
    fine[0].bias.copy_(coarse[0].bias / times)
    fine[2].weight.copy_(coarse[2].weight / times)  # I jumps, and is added to V in each step
    fine[2].bias.copy_(coarse[2].bias / times**2)
    fired = [[], []]
    for step in range(STEPS * times):
        x = spikes[step // times].to(torch.float64) if step % times == 0 else torch.zeros(4)
        hidden = fine[1](fine[0](x)).to(torch.float64)
        out = fine[3](fine[2](hidden))[0]
        for layer, found in enumerate((hidden, out)):
            fired[layer] += [[step * DT_MS / times, int(i)] for i in np.flatnonzero(found.numpy())]
    return fired


nodes = graph.to_dict()["nodes"]
trains = [(np.flatnonzero(spikes[:, i]) * DT_MS).tolist() for i in range(4)]
made = {"nodes": nodes, "edges": graph.edges, "trains_ms": trains, "spikes": {times: run(times) for times in (50, 200)}}
print(json.dumps(made, default=lambda array: np.asarray(array).tolist()))

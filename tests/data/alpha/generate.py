"""Writes alpha.json: single neurons driven by alpha functions, their spikes in 50-digit arithmetic and those of NEST's iaf_psc_alpha_ps.

    pip install nest-simulator==3.10.0 mpmath==1.3.0 && python3 tests/data/alpha/generate.py

The exact times come from a loop of its own: V as the textbook writes it, term by term. Which interval holds the first crossing a fine scan
decides; a case in which a top comes within 1e-5 mV of threshold, where a scan could err, is drawn again. NEST finds crossings by
regula falsi within steps of its resolution and may miss a top between two of them, so those spikes are compared, not believed. It rounds
t_ref to steps, so all are multiples of its resolution.
`tests/it/alpha.rs` reads the file.
"""

import json
import pathlib
import random

import mpmath as mp
import nest
import numpy as np

mp.mp.dps = 50
M = mp.mpf
T_STOP, DELAY, RESOLUTION = 200.0, 1.0, 2.0**-7
CASES = [(10, 2, 2), (20, 20, 20), (20, 20 * (1 + 1e-9), 5), (10, 0.5, 30), (5, 40, 3), (20, 0.05, 0.1), (0.5, 10, 20), (10, 10, 10.01), (30, 3, 30)]


def response(a, b, s):
    """P and Q of a current with rate b."""
    if a == b:
        return s * mp.exp(-a * s), s * s / 2 * mp.exp(-a * s)
    p = (mp.exp(-b * s) - mp.exp(-a * s)) / (a - b)
    return p, (s * mp.exp(-b * s) - p) / (a - b)


class Neuron:
    def __init__(self, p):
        self.p, self.a = p, 1 / M(p["tau_m"])
        self.b = [1 / M(p["tau_syn_ex"]), 1 / M(p["tau_syn_in"])]
        self.v_inf = M(p["E_L"]) + M(p["tau_m"]) / M(p["C_m"]) * M(p["I_e"])
        self.theta = M(p["V_th"]) - self.v_inf
        self.x, self.y, self.z = M(p["V_m"]) - self.v_inf, [M(0)] * 2, [M(0)] * 2
        self.t, self.ready, self.near = M(0), M(0), 1e9

    def after(self, s):
        x, y, z = self.x * mp.exp(-self.a * s), [], []
        for side in (0, 1):
            pq = response(self.a, self.b[side], s)
            x += self.y[side] * pq[0] + self.z[side] * pq[1]
            decay = mp.exp(-self.b[side] * s)
            y.append((self.y[side] + self.z[side] * s) * decay)
            z.append(self.z[side] * decay)
        return x, y, z

    def carry(self, t):
        x, y, z = self.after(t - self.t)
        self.x, self.y, self.z, self.t = (x if t > self.ready else self.x), y, z, t

    def scan(self, span):
        """V - V_th over the span, in floats; near-equal rates through their limit, as good as 1e-8."""
        s = np.linspace(0, float(span), max(int(float(span) / 2e-3), 50))
        a, v = float(self.a), float(self.x) * np.exp(-float(self.a) * s)
        for b, y, z in zip(map(float, self.b), map(float, self.y), map(float, self.z)):
            g = a - b
            if abs(g) < 1e-5 * a:
                v += (y * s + z * s * s / 2) * np.exp(-a * s)
            else:
                p = (np.exp(-b * s) - np.exp(-a * s)) / g
                v += y * p + z * (s * np.exp(-b * s) - p) / g
        return s, v - float(self.theta)

    def run_to(self, t):
        """The spikes before and at t."""
        spikes = []
        while True:
            if self.t < self.ready:
                held, until = self.x, min(t, self.ready)
                self.carry(until)
                self.x = held
                if until < self.ready:
                    return spikes
            if t <= self.t:
                return spikes
            s, above = self.scan(t - self.t)
            over = np.flatnonzero(above >= 0)
            before = above[: over[0]] if len(over) else above
            inner = before[1:-1][(before[1:-1] >= before[:-2]) & (before[1:-1] >= before[2:])]
            self.near = min([self.near, *np.abs(inner)])
            if not len(over):
                self.carry(t)
                return spikes
            lo, hi = M(s[over[0] - 1]), M(s[over[0]])
            for _ in range(120):
                mid = (lo + hi) / 2
                lo, hi = (lo, mid) if self.after(mid)[0] >= self.theta else (mid, hi)
            spikes.append(float(self.t + hi))
            self.carry(M(spikes[-1]))
            self.x, self.ready = M(self.p["V_reset"]) - self.v_inf, M(spikes[-1]) + M(self.p["t_ref"])

    def receive(self, weight):
        side = 0 if weight > 0 else 1
        self.z[side] += M(weight) / M(self.p["C_m"]) * mp.e * self.b[side]


def exact(p, arrivals):
    neuron, spikes = Neuron(p), []
    for t, weight in arrivals:
        spikes += neuron.run_to(M(t))
        neuron.receive(weight)
    spikes += neuron.run_to(M(T_STOP))
    return spikes, neuron.near


def nest_spikes(p, inputs):
    nest.ResetKernel()
    nest.SetKernelStatus({"tics_per_ms": 2**14, "resolution": RESOLUTION})
    cell = nest.Create("iaf_psc_alpha_ps", params=p)
    for t, weight in inputs:
        generator = nest.Create("spike_generator", params={"precise_times": True, "spike_times": [t]})
        nest.Connect(generator, cell, syn_spec={"weight": weight, "delay": DELAY})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cell, recorder)
    nest.Simulate(T_STOP + 1.0)
    return [t for t in nest.GetStatus(recorder, "events")[0]["times"].tolist() if t < T_STOP]


def draw(rng, taus):
    tau_m, ex, inh = taus
    p = {"C_m": 250.0, "tau_m": float(tau_m), "tau_syn_ex": float(ex), "tau_syn_in": float(inh), "E_L": 0.0, "V_th": 20.0, "V_reset": rng.choice([0.0, 10.0])}
    p |= {"t_ref": rng.choice([0.5, 2.0, 2.25]), "I_e": rng.choice([0.0, 0.9, 1.3]) * 20 * 250.0 / tau_m, "V_m": rng.choice([0.0, 15.0])}
    psp = 250.0 / (np.e * min(tau_m, ex)), 250.0 / (np.e * min(tau_m, inh))
    times = sorted(rng.choice([rng.uniform(1, T_STOP - 10), rng.randrange(2, 370) / 2]) for _ in range(150))
    weights = [psp[0] * rng.uniform(2, 14) if rng.random() < 0.75 else -psp[1] * rng.uniform(2, 14) for _ in times]
    return p, list(zip(times, weights))


def main():
    rng, cases = random.Random(11), []
    for taus in CASES:
        while True:
            p, inputs = draw(rng, taus)
            spikes, near = exact(p, sorted((t + DELAY, w) for t, w in inputs))
            if near > 1e-5 and 5 <= len(spikes) <= 60:
                break
        cases.append({"params": p, "delay": DELAY, "t_stop": T_STOP, "input": inputs, "exact": spikes, "nest": nest_spikes(p, inputs)})
        found = cases[-1]["nest"]
        error = max((abs(a - b) for a, b in zip(found, spikes)), default=0.0)
        print(taus, len(spikes), len(found), f"{error:.2g}", f"nearest top {near:.2g}")
    path = pathlib.Path(__file__).with_name("alpha.json")
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


main()

"""Writes two networks of 100 neurons, given as CSV files as a user would, and their spikes in 60-digit arithmetic.

    pip install mpmath && python3 tests/data/exact/generate.py

An event loop of its own: no float decides anything but whether an arrival is far below threshold, and no code is shared with the
engine or the oracle. `tests/it/exact.rs` runs the scenarios and compares. Per neuron: tau_m, threshold current, V_reset, t_ref
(0 included), initial V, and tau_syn, which for every fifth neuron equals tau_m or nearly does. A quarter of the delays, refractory
times and input times are multiples of 1/8 ms, so arrivals coincide with each other and with the end of refractoriness.
"""

import csv
import heapq
import pathlib
import random

import mpmath as mp

mp.mp.dps = 60
M = mp.mpf
HERE = pathlib.Path(__file__).parent
KEYS = ["tau_m_ms", "c_m_pf", "e_l_mv", "v_th_mv", "v_reset_mv", "t_ref_ms", "i_e_pa", "v_init_mv", "tau_syn_ex_ms", "tau_syn_in_ms"]
NEURONS, INPUTS, END = 100, 20, 80.0


class Neuron:
    """State at `t`, after all arrivals up to it; V - V_inf in mV, currents over C_m in mV/ms; clamped until `ref`."""

    def __init__(self, p, exponential):
        self.exp = exponential
        tau, self.c = M(p["tau_m_ms"]), M(p["c_m_pf"])
        self.a = 1 / tau
        vinf = M(p["e_l_mv"]) + tau / self.c * M(p["i_e_pa"])
        self.th, self.reset = M(p["v_th_mv"]) - vinf, M(p["v_reset_mv"]) - vinf
        self.tref = M(p["t_ref_ms"])
        self.x, self.t, self.ref = M(p["v_init_mv"]) - vinf, M(0), M(0)
        self.y = [M(0), M(0)]
        if exponential:
            self.b = [1 / M(p[k]) for k in KEYS[8:]]
            self.b = [b * (1 + M(10) ** -30) if b == self.a else b for b in self.b]

    def V(self, s):
        v = self.x * mp.exp(-self.a * s)
        if self.exp:
            for y, b in zip(self.y, self.b):
                if y:
                    v += y * (mp.exp(-b * s) - mp.exp(-self.a * s)) / (self.a - b)
        return v

    def decay(self, s):
        if self.exp:
            self.y = [y * mp.exp(-b * s) for y, b in zip(self.y, self.b)]

    def to(self, t):
        if self.t < self.ref:  # clamped
            u = min(t, self.ref)
            self.decay(u - self.t)
            self.t = u
        if t > self.t:
            s = t - self.t
            self.x = self.V(s)
            self.decay(s)
            self.t = t

    def arrive(self, t, weights):
        self.to(t)
        if self.exp:
            for w in weights:
                self.y[0 if w >= 0 else 1] += M(w) / self.c
            return False
        if t < self.ref:
            return False
        self.x += mp.fsum(map(M, weights))
        return self.x >= self.th

    def fire(self, t):
        self.to(t)
        self.x = self.reset
        self.ref = t + self.tref

    def crossing(self, until):
        """First time up to `until` at which V reaches threshold without a further arrival."""
        saved = (self.x, list(self.y), self.t)
        if self.t < self.ref:
            if self.ref >= until:
                return None
            self.to(self.ref)
        s = self.first(until - self.t)
        found = None if s is None else self.t + s
        self.x, self.y, self.t = saved
        return found

    def first(self, length):
        """The same as a time after `t`, not clamped. V' has at most two zeros, which lie on either side of the zero of
        (V' e^(t/tau_m))'; between zeros V is monotone."""
        if not self.exp:
            if self.th >= 0:
                return None
            s = mp.log(self.x / self.th) / self.a
            return s if s <= length else None
        f = lambda s: self.V(s) - self.th
        y0 = float(self.y[0])
        top = max(float(self.x), float(self.x * mp.exp(-self.a * length))) + y0 * min(float(length), float(1 / max(self.a, self.b[0])))
        if top < float(self.th) - 1e-6:
            return None
        A, B = -self.a * self.x, []
        for yk, b in zip(self.y, self.b):
            if yk:
                k = yk / (self.a - b)
                A += self.a * k
                B.append((-b * k, self.a - b))
        g = lambda s: A + mp.fsum(c * mp.exp(r * s) for c, r in B)
        marks = [M(0), length]
        if len(B) == 2:
            (c0, r0), (c1, r1) = B
            ratio = -(c1 * r1) / (c0 * r0)
            if ratio > 0 and r0 != r1:
                s = mp.log(ratio) / (r0 - r1)
                if 0 < s < length:
                    marks.insert(1, s)
        zeros = [bisect(g, lo, hi, 90) for lo, hi in zip(marks, marks[1:]) if g(lo) * g(hi) < 0]
        marks = [M(0)] + zeros + [length]
        for lo, hi in zip(marks, marks[1:]):
            if f(hi) >= 0:
                return bisect(f, lo, hi, 190) if f(lo) < 0 else lo
        return None


def bisect(f, lo, hi, n):
    rising = f(lo) < f(hi)
    for _ in range(n):
        mid = (lo + hi) / 2
        if (f(mid) > 0) == rising:
            hi = mid
        else:
            lo = mid
        if hi - lo < M(10) ** -32:
            break
    return hi


def simulate(params, exponential, trains, synapses_in, synapses, end):
    """All spikes (time, neuron). Arrivals of one instant are summed; a crossing at the time of an arrival comes first."""
    cells = [Neuron(p, exponential) for p in params]
    out_in, out = {}, {}
    for table, rows in ((out_in, synapses_in), (out, synapses)):
        for pre, post, w, d in rows:
            table.setdefault(pre, []).append((post, w, M(d)))
    heap, n = [], 0
    for source, train in enumerate(trains):
        for t in train:
            for post, w, d in out_in.get(source, []):
                heap.append((M(t) + d, n, post, w))
                n += 1
    heapq.heapify(heap)
    end = M(end)
    spikes = []
    # of each neuron, if nothing more arrives
    nxt = [c.crossing(end) for c in cells]

    def emit(k, t):
        nonlocal n
        cells[k].fire(t)
        spikes.append((t, k))
        for post, w, d in out.get(k, []):
            heapq.heappush(heap, (t + d, n, post, w))
            n += 1
        nxt[k] = cells[k].crossing(end)

    while True:
        due = min(((t, k) for k, t in enumerate(nxt) if t is not None), default=None)
        if heap and heap[0][0] < end and (due is None or heap[0][0] < due[0]):
            t, here = heap[0][0], {}
            while heap and heap[0][0] == t:
                _, _, post, w = heapq.heappop(heap)
                here.setdefault(post, []).append(w)
            for k, ws in here.items():
                if cells[k].arrive(t, ws):
                    emit(k, t)
                else:
                    nxt[k] = cells[k].crossing(end)
        elif due and due[0] < end:
            emit(due[1], due[0])
        else:
            return spikes


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def eighths(draw, value):
    """The value, or one time in four the nearest multiple of 1/8 above 0."""
    return max(round(value * 8), 1) / 8 if draw.random() < 0.25 else value


def network(name, exponential, seed):
    draw = random.Random(seed)
    neurons = []
    for k in range(NEURONS):
        tau = round(draw.uniform(5, 30), 6)
        near = [0, 1e-12, -1e-9, 1e-6][k // 5 % 4]
        syn = tau * (1 + near) if k % 5 == 0 else round(10 ** draw.uniform(-0.7, 0.9), 6)
        t_ref = draw.choice([0.0, eighths(draw, round(draw.uniform(0.5, 3), 6))])
        values = [tau, 250.0, -70.0, -55.0, draw.choice([-70.0, -62.5]), t_ref, round(draw.uniform(100, 400), 4)]
        values += [round(draw.uniform(-70, -56), 6), syn, round(10 ** draw.uniform(-0.3, 1), 6)]
        neurons.append(dict(zip(KEYS, values)))
    unit = 60.0 if exponential else 0.5
    weight = lambda sign: round(sign * unit * draw.uniform(0.5, 1.5), 6)
    delay = lambda: eighths(draw, round(draw.uniform(0.2, 4), 6))
    synapses = [(i, draw.randrange(NEURONS), weight(1 if i < 80 else -4), delay()) for i in range(NEURONS) for _ in range(6)]
    inputs = [(i, draw.randrange(NEURONS), weight(3), delay()) for i in range(INPUTS) for _ in range(8)]
    trains = [sorted(eighths(draw, round(draw.uniform(0, END), 6)) for _ in range(12)) for _ in range(INPUTS)]

    folder = HERE / name
    folder.mkdir(exist_ok=True)
    keys = KEYS if exponential else KEYS[:8]
    write(folder / "neurons.csv", keys, [[repr(neuron[key]) for key in keys] for neuron in neurons])
    columns = ["pre", "post", "weight_pa" if exponential else "weight_mv", "delay_ms"]
    write(folder / "synapses.csv", columns, synapses)
    write(folder / "inputs.csv", columns, inputs)
    write(folder / "trains.csv", ["time_ms", "neuron"], sorted((t, i) for i, train in enumerate(trains) for t in train))
    spikes = simulate(neurons, exponential, trains, inputs, synapses, END)
    write(folder / "expected.csv", ["time_ms", "neuron"], [(mp.nstr(t, 25), k) for t, k in spikes])
    print(f"{name}: {len(spikes)} spikes")


network("delta", False, 1)
network("exponential", True, 2)

"""Runs one simulator once, as a process of its own, and says what it took.

Times and counts come from the program itself, for the window alone. What is added here: how much CPU time everybody else took
meanwhile (`others`, cores), because a figure from a busy machine is worth less.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peer_process import wait

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = ROOT / "target/release/tauspike"
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A program ended with an error; the text says which and how."""


def busy_s():
    """CPU seconds of the whole machine since it started."""
    user, nice, system, _idle, _wait, irq, soft_irq, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + soft_irq) / TICKS


def child(command):
    """(the last line of its output as JSON, its CPU seconds, its wall seconds, its peak bytes, CPU seconds of others)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        busy, start = busy_s(), time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err)
        code, cpu_s, peak = wait(process)
        wall_s = time.perf_counter() - start
        others = max(0.0, busy_s() - busy - cpu_s)
        out.seek(0), err.seek(0)
        if code:
            raise Failed(f"{' '.join(map(str, command))}: exit code {code}\n{err.read().decode()[-2000:]}")
        text = out.read().decode()
    report = json.loads(text) if text.lstrip().startswith("{\n") else json.loads(text.strip().splitlines()[-1])
    return report, cpu_s, wall_s, peak, others


def sample(report, cpu_share, wall_s, others):
    synapses = report["synapses"]
    grown = report["peak_bytes"] - report["resident_before"]
    return {"build_s": report["build_s"], "run_s": report["run_s"], "spikes": report["spikes"], "synapses": synapses,
            "peak_gib": report["peak_bytes"] / 2**30, "bytes_per_synapse": grown / synapses, "cpu_share": cpu_share,
            "others": others / wall_s}


class Job:
    """One row at one number of threads, in one folder for what the programs write."""

    def __init__(self, row, scenario, warmup_ms, window_ms, threads, folder):
        self.row, self.scenario, self.threads, self.folder = row, scenario, threads, folder
        self.warmup_ms, self.window_ms = warmup_ms, window_ms
        self.changes = [word for change in row.changes for word in ("--set", change)]

    def prepare(self, name):
        """What is done once, before the rounds, outside of every measured time."""
        if name == "tauspike":
            child([*self.tauspike(self.warmup_ms), "--save-snapshot", self.folder / "warm"])
        elif name == "brian2":
            child([*self.peer("brian2"), "--build", "yes"])

    def measure(self, name):
        """One sample."""
        if name == "tauspike":
            command = [*self.tauspike(self.warmup_ms + self.window_ms), "--resume", self.folder / "warm"]
            report, cpu_s, wall_s, peak, others = child(command)
            # peers end with the last step, and put nothing on the disk
            report |= {"peak_bytes": peak, "resident_before": 0, "run_s": report["run_s"] - report["finish_s"]}
            # of the whole process, building included: it is busy on all threads from begin to end, but for the network's offsets
            return sample(report, cpu_s / (wall_s * self.threads), wall_s, others)
        report, _, wall_s, _, others = child(self.peer(name))
        return sample(report, report["cpu_s"] / (report["run_s"] * self.threads), wall_s, others)

    def tauspike(self, until_ms):
        return [PROGRAM, "run", self.scenario, *self.changes, "--set", f"duration_ms={until_ms}", "--threads", self.threads,
                "--out", self.folder / "out", "--force", "--json"]

    def peer(self, name):
        script = {"nest_grid": "nest_peer.py", "nest_precise": "nest_peer.py"}.get(name, f"{name}_peer.py")
        more = {"nest_precise": ["--precise", "yes"], "brian2": ["--folder", self.folder / "brian2"]}.get(name, [])
        return [sys.executable, HERE / script, self.scenario, *self.changes, "--warmup-ms", self.warmup_ms, "--window-ms",
                self.window_ms, "--threads", self.threads, *more]

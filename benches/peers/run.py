"""Measures tauspike and the installed peers in turn, and writes results.parquet, table.md, peers.svg and peers.png.

    python3 benches/peers/run.py --venv .venv-peers            # installs the peers there if need be, then measures everything
    python3 benches/peers/run.py --networks sparse_low --threads 1 --rounds 3

See README.md for what is compared. Needs Linux (/proc) and a Rust toolchain.
"""
import argparse
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PACKAGE = {"nest_grid": "nest-simulator", "nest_precise": "nest-simulator", "brian2": "brian2", "arbor": "arbor"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, help="a virtual environment with the peers, made and filled if it does not exist")
    parser.add_argument("--networks", nargs="+", default=[""], help="rows whose name contains one of these")
    parser.add_argument("--peers", nargs="+", default=list(PACKAGE), choices=list(PACKAGE))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round of a fifth of the time: does every row work?")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results")
    return parser.parse_args()


def enter(venv):
    """Goes on inside the environment; makes it first if it is not there."""
    python = venv.absolute() / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    if Path(sys.prefix).resolve() != venv.resolve():
        os.execv(python, [str(python), *sys.argv])


def installed(peer):
    try:
        return importlib.metadata.version(PACKAGE[peer])
    except importlib.metadata.PackageNotFoundError:
        return None


def available_bytes():
    line = next(x for x in Path("/proc/meminfo").read_text().splitlines() if x.startswith("MemAvailable:"))
    return int(line.split()[1]) * 1024


def fits(name, row):
    """Whether memory will do, by what the row needed before."""
    from networks import BYTES_PER_SYNAPSE

    needed, there = BYTES_PER_SYNAPSE[name] * row.synapses + 2**28, available_bytes()
    if needed > there:
        print(f"  {name} skipped: needs about {needed / 2**30:.1f} GiB, {there / 2**30:.1f} GiB are available", flush=True)
    return needed <= there


def scenario_of(row, folder):
    """The scenario's file; that of the microcircuit is generated at the row's scale."""
    if not row.scale:
        return ROOT / "scenarios" / row.scenario / "scenario.toml"
    generate = ROOT / "scenarios" / row.scenario / "generate.py"
    text = subprocess.run([sys.executable, generate, str(row.scale)], check=True, capture_output=True, text=True).stdout
    (folder / "scenario.toml").write_text(text)
    return folder / "scenario.toml"


def prepared(job, names):
    """Those of `names` that fit into memory and could be prepared."""
    from measure import Failed

    ready = []
    for name in filter(lambda name: fits(name, job.row), names):
        try:
            job.prepare(name)
            ready.append(name)
        except Failed as failure:
            print(f"  {name} skipped: {failure}", flush=True)
    return ready


def measured(row, threads, args):
    """Samples of one row at one number of threads: tauspike, a peer, tauspike, the next peer, ..., tauspike, for each round."""
    from measure import Failed, Job

    share = 0.2 if args.quick else 1.0
    warmup_ms, window_ms = row.warmup_ms * share, row.window_ms * share
    samples = []
    with tempfile.TemporaryDirectory(prefix="tauspike-peers-") as folder:
        job = Job(row, scenario_of(row, Path(folder)), warmup_ms, window_ms, threads, Path(folder))
        peers = [peer for peer in row.peers if peer in args.peers and installed(peer)]
        if not fits("tauspike", row) or not (peers := prepared(job, peers)):
            return []
        job.prepare("tauspike")
        for turn in range(1 if args.quick else args.rounds):
            for place, name in enumerate(["tauspike", *(x for peer in peers for x in (peer, "tauspike"))]):
                try:
                    found = job.measure(name)
                except Failed as failure:
                    print(f"  {name} failed: {failure}", flush=True)
                    continue
                found |= {"network": row.name, "threads": threads, "simulator": name, "round": turn, "place": place,
                          "warmup_ms": warmup_ms, "window_ms": window_ms, "tolerance": row.tolerance}
                samples.append(found)
                print(f"  {turn} {name:13} build {found['build_s'] or 0.0:7.2f} s  window {found['run_s']:8.3f} s  {found['spikes']:8} spikes  "
                      f"{found['peak_gib']:.2f} GiB  CPU share {found['cpu_share']:.2f}  others {found['others']:.2f}", flush=True)
    return samples


def main():
    args = arguments()
    if args.venv:
        enter(args.venv)
    if shutil.which("cargo"):
        subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "tauspike-cli"], cwd=ROOT, check=True)
    from networks import ROWS

    import report

    for peer in args.peers:
        if not installed(peer):
            print(f"{peer} is not installed and left out")
    samples = []
    for row in ROWS:
        for threads in [max(args.threads)] if row.large else args.threads:
            if any(part in row.name for part in args.networks):
                print(f"{row.name}, {threads} threads", flush=True)
                samples += measured(row, threads, args)
    if not samples:
        raise SystemExit("nothing was measured")
    args.out.mkdir(parents=True, exist_ok=True)
    versions = {peer: installed(peer) for peer in args.peers if installed(peer)}
    agreed = report.write(samples, versions, args.quick, args.out)
    sys.exit(0 if agreed else 1)


main()

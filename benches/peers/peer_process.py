"""What the process of a peer is given, and the one JSON line it prints last."""
import argparse
import json
import os
import time
from pathlib import Path

import scenario


def arguments(description, *more):
    """Parsed command line; `more` are names of additional options with a value."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("scenario")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--warmup-ms", type=float, required=True)
    parser.add_argument("--window-ms", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    for name in more:
        parser.add_argument(name)
    args = parser.parse_args()
    return args, scenario.load(args.scenario, args.set)


def resident_bytes():
    """Resident memory of this process now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_bytes(process="self"):
    """The most resident memory a process has had; 0 if it has ended. Not `ru_maxrss`, which begins with that of the parent."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0


def wait(process):
    """(exit code, user and system CPU seconds, peak bytes) of a subprocess, its memory looked at every 10 ms."""
    peak = 0
    while True:
        peak = max(peak, peak_bytes(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime, peak
        time.sleep(0.01)


def report(**result):
    """build_s: from nothing to ready for the warm-up, or None. run_s, cpu_s, spikes: of the window. resident_before: without the network."""
    print(json.dumps(result), flush=True)

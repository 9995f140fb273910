"""What the process of a peer is given, and the one JSON line it prints last."""
import argparse
import json
import os
import resource

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


def peak_bytes():
    """The most it has been."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def report(**result):
    """build_s: from nothing to ready for the warm-up, or None. run_s, cpu_s, spikes: of the window. resident_before: without the network."""
    print(json.dumps(result), flush=True)

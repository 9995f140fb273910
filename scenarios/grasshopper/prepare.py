"""Writes the input of this scenario from the data files of the installed pip package nitime.

    pip install nitime
    python scenarios/grasshopper/prepare.py          # writes scenarios/grasshopper/data/

The data are recordings of an auditory receptor of Locusta migratoria and the amplitude-modulated sound that drove it; see README.md.
They stay in the package: data/ is not under version control.
"""
import sys
from importlib.util import find_spec
from pathlib import Path

RECORDINGS = (1, 2)


def numbers(path):
    """The rows of a text file of numbers, without comments and blank lines."""
    lines = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return [[float(cell) for cell in line] for line in lines if line]


def write(path, header, rows):
    path.write_text("\n".join([header, *(",".join(map(repr, row)) for row in rows)]) + "\n")
    print(f"{path}: {len(rows)} rows")


def main():
    spec = find_spec("nitime")  # looked up, not imported: its plotting dependencies are not needed here
    if spec is None:
        sys.exit("prepare.py: the package nitime is not installed; allowed: an environment after `pip install nitime`")
    source = Path(spec.origin).parent / "data"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data"
    target.mkdir(parents=True, exist_ok=True)

    spikes = []
    for neuron, k in enumerate(RECORDINGS):
        spikes += [(time / 1000.0, neuron) for (time,) in numbers(source / f"grasshopper_spike_times{k}.txt")]  # us -> ms
    write(target / "spikes.csv", "time_ms,neuron", sorted(spikes))

    envelope = numbers(source / "grasshopper_stimulus1.txt")  # us, sound amplitude relative to its maximum; every 50 us
    write(target / "stimulus.csv", "time_ms,value", [(time / 1000.0, value) for time, value in envelope])
    # As a current it is held for 1 ms: the cut-off frequency of the modulation is 200 Hz, and every step is an event.
    write(target / "stimulus_1ms.csv", "time_ms,value", [(time / 1000.0, value) for time, value in envelope[::20]])


if __name__ == "__main__":
    main()

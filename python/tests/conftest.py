"""The package as it is installed, and the scenarios of the workspace."""

import subprocess
import sys
import tomllib
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

ROOT = Path(__file__).parents[2]


def python(code, *flags, timeout=120):
    """A program in a process of its own, in this folder: in the one above Python would find the sources and not the wheel."""
    command = [sys.executable, *flags, "-c", code]
    return subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, timeout=timeout)


@pytest.fixture(scope="session")
def scenarios():
    return ROOT / "scenarios"


@pytest.fixture(scope="session")
def expected(scenarios):
    """What a run of a scenario gives, bit by bit."""

    def of(name):
        return tomllib.loads((scenarios / name / "expected.toml").read_text())

    return of


@pytest.fixture(scope="session")
def quickstart(scenarios):
    """One run of it, for all who only look."""
    import tauspike

    return tauspike.run(scenarios / "quickstart", threads=2)

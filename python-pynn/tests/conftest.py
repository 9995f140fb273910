"""PyNN's own scenarios, out of its sdist, as functions that take a simulator."""

import importlib
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

SDIST = "pynn-0.13.0"
CACHE = Path(__file__).parents[2] / "target/python/sdists"

# in place of PyNN's fixtures, which import simulators by name: each scenario is marked, and is called with ours
FIXTURES = """
def run_with_simulators(*names):
    def marked(scenario):
        scenario.simulators = names
        return scenario
    return marked
"""


def fetched() -> Path:
    """The sdist, which pip brings once."""
    file = CACHE / f"{SDIST}.tar.gz"
    if not file.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-binary", ":all:", "--no-deps", "--dest", str(CACHE), "pynn==0.13.0"], check=True)
    return file


def scenarios(folder: Path) -> dict:
    """Every scenario by name; unpacked into `folder`."""
    with tarfile.open(fetched()) as sdist:
        inside = f"{SDIST}/test/system/scenarios/"
        for member in sdist.getmembers():
            if member.name.startswith(inside) and member.isfile():
                target = folder / "scenarios" / member.name.removeprefix(inside)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(sdist.extractfile(member).read())
    (folder / "scenarios/fixtures.py").write_text(FIXTURES)
    sys.path.insert(0, str(folder))
    found = {}
    for file in sorted((folder / "scenarios").glob("test_*.py")):
        module = importlib.import_module(f"scenarios.{file.stem}")
        for name, scenario in vars(module).items():
            if hasattr(scenario, "simulators"):
                found[f"{file.stem}.{name}"] = scenario
    return found


@pytest.fixture(scope="session")
def all_scenarios(tmp_path_factory):
    return scenarios(tmp_path_factory.mktemp("pynn"))

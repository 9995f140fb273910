"""Pages that the program writes about itself: command line, parameters and their defaults, columns of tables, counters, energy models."""

import contextlib
import json
import re
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pyarrow.parquet as parquet

import tauspike

PROGRAM = Path(sysconfig.get_path("scripts")) / "tauspike"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
MODELS = ("lif_delta", "lif_exp", "lif_alpha", "li_delta", "li_exp", "li_alpha")


def write(folder: Path) -> None:
    """All of them, as Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "out"
        asked(["run", str(SCENARIOS / "quickstart"), "--set", "duration_ms=200", "--quiet", "--out", str(out)])
        pages = {"commands": commands(), "models": models(), "columns": columns(out), "counters": counters(out), "energy": energy(out)}
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def asked(arguments: list[str]) -> str:
    """What the program prints."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True, env={"COLUMNS": "100"}).stdout


def commands() -> str:
    """The help of the program and of each of its commands."""
    main = asked(["--help"])
    names = re.findall(r"^  (\w+) ", main.partition("Commands:")[2].partition("Options:")[0], re.MULTILINE)
    texts = {"tauspike": main} | {f"tauspike {name}": asked([name, "--help"]) for name in names if name != "help"}
    return "\n\n".join(f"## {name}\n\n```text\n{text.strip()}\n```" for name, text in texts.items()) + "\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def models() -> str:
    """Which parameters each model has, and what they are if they are not given."""
    defaults = {}
    for model in MODELS:
        net = tauspike.Network()
        net.population("one", 1, model=model)
        defaults[model] = {key: values[0] for key, values in net.parameters("one").items()}
    keys = dict.fromkeys(key for found in defaults.values() for key in found)
    rows = [[f"`{key}`", *(f"{found[key]:g}" if key in found else "" for found in defaults.values())] for key in keys]
    return table(["key", *(f"`{model}`" for model in MODELS)], rows)


def columns(out: Path) -> str:
    """Columns of each table that a run leaves, from the metadata of the files."""
    found = []
    for name in ("spikes", "probes", "counters", "neurons"):
        schema = parquet.read_schema(out / f"{name}.parquet")
        rows = []
        for field in schema:
            told = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
            rows.append([f"`{field.name}`", short(field.type), told.get("unit", ""), told.get("description", "")])
        found.append(f"## {name}.parquet\n\n" + table(["column", "type", "unit", "what"], rows))
    return "\n\n".join(found)


def short(kind) -> str:
    """A type without its parameters."""
    return "dictionary of string" if str(kind).startswith("dictionary") else str(kind).replace("double", "float64")


def counters(out: Path) -> str:
    """What is counted."""
    schema = parquet.read_schema(out / "counters.parquet")
    rows = [[f"`{field.name}`", field.metadata[b"description"].decode()] for field in schema if field.name not in ("start_ms", "end_ms")]
    return table(["counter", "what"], rows)


def energy(out: Path) -> str:
    """The energy models that come with the program."""
    estimates = json.loads((out / "manifest.json").read_text())["energy"]
    return table(["model", "scale", "source"], [[each["model"], each["scale"], each["source"]] for each in estimates.values()])

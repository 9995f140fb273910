"""What is written for users is true: examples run, every public name is documented, stubs are those of what is compiled."""

import ast
import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import tauspike
from conftest import ROOT, python
from tauspike import _native

PACKAGE = Path(tauspike.__file__).parent
MODULES = [".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in PACKAGE.rglob("*.py") if path.stem != "__init__"]


@pytest.mark.parametrize("name", ["", *MODULES])
def test_examples_in_docstrings_hold(name):
    module = importlib.import_module(f"tauspike.{name}".rstrip("."))
    assert doctest.testmod(module, extraglobs={"tauspike": tauspike}).failed == 0


def snippet(document, name):
    _, found, rest = (ROOT / document).read_text().partition(f"<!-- snippet: {name} -->\n```python\n")
    assert found, f"{document} has no snippet {name}"
    return rest.partition("```")[0]


@pytest.mark.parametrize("name", ["python"])
def test_the_examples_of_the_readme_run_without_a_warning(name):
    code = snippet("README.md", name)
    run = python(code, "-W", "error")
    assert run.returncode == 0 and run.stderr == "", run.stderr
    assert "time_ms" in run.stdout and "neuron" in run.stdout


def test_the_first_example_of_the_package_prints_a_polars_table():
    code = (ROOT / "python/README.md").read_text().split("```python\n")[1].split("```")[0]
    run = python(code, "-W", "error")
    assert run.stdout.startswith("shape: (") and "population" in run.stdout


def test_every_public_name_is_documented_with_parameters():
    for name in tauspike.__all__:
        item = getattr(tauspike, name)
        if name.startswith("__"):
            continue
        assert inspect.getdoc(item), name
        members = [] if not inspect.isclass(item) or issubclass(item, Exception) else vars(item).items()
        for member, value in [(name, item) if inspect.isfunction(item) else (None, None), *members]:
            if member is None or member.startswith("_") or not callable(value):
                continue
            text = inspect.getdoc(value)
            assert text, f"{name}.{member}"
            arguments = [p for p in inspect.signature(value).parameters if p not in ("self", "cls")]
            told = all(argument in text for argument in arguments) or "; as `" in text or "as of `" in text or len(arguments) < 2
            assert told, f"{name}.{member} does not tell of {arguments}"


def test_stubs_name_what_is_compiled():
    stubs = ast.parse((PACKAGE / "_native.pyi").read_text())
    for item in stubs.body:
        if isinstance(item, ast.ClassDef):
            found = getattr(_native, item.name)
            stubbed = {m.name for m in item.body if isinstance(m, ast.FunctionDef)} - {"__new__"}
            compiled = {m for m in vars(found) if not m.startswith("_")}
            assert {m for m in stubbed if not m.startswith("_")} == (set() if issubclass(found, Exception) else compiled), item.name
            assert all(hasattr(found, m) for m in stubbed), item.name
        elif isinstance(item, ast.FunctionDef):
            arguments = [argument.arg for argument in item.args.args]
            assert list(inspect.signature(getattr(_native, item.name)).parameters) == arguments
    names = {item.name for item in stubs.body if isinstance(item, (ast.ClassDef, ast.FunctionDef))} | {"VERSION"}
    assert names == {name for name in dir(_native) if not name.startswith("_")}


def test_the_package_is_typed_and_quick_to_import():
    assert (PACKAGE / "py.typed").exists()
    code = "import time, numpy; t = time.process_time(); import tauspike; print(time.process_time() - t)"
    seconds = [float(python(code).stdout) for _ in range(3)]
    assert min(seconds) < 0.3

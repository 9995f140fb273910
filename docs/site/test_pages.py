"""The examples of the pages run: Python and commands in a folder of their own, page by page and in order; Rust stands in the sources."""

import doctest
import os
import re
import subprocess
import sysconfig
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

SITE = Path(__file__).parent
ROOT = SITE.parents[1]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.md"))


def blocks(page):
    return FENCE.findall((SITE / page).read_text())


def test_there_are_pages_and_examples():
    languages = [language for page in PAGES for language, _ in blocks(page)]
    assert len(PAGES) > 10
    assert all(languages.count(language) >= least for language, least in {"python": 10, "pycon": 3, "sh": 5, "rust": 2}.items()), languages


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    space = {"__name__": "page"}
    for number, (language, code) in enumerate(blocks(page)):
        if language == "python":
            exec(compile(code, f"{page}, block {number}", "exec"), space)
        elif language == "pycon":
            test = doctest.DocTestParser().get_doctest(code, space, page, page, 0)
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
            runner.run(test, clear_globs=False)
            space.update(test.globs)
            assert runner.failures == 0, code
        elif language == "sh":
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", code], env=os.environ | {"PATH": path}, capture_output=True, text=True)
            assert done.returncode == 0, code + done.stdout + done.stderr
        elif language == "toml" and code.startswith("# file: "):
            Path(code.split("\n")[0].removeprefix("# file: ")).write_text(code)
        elif language == "rust":
            assert any(plain(code) in plain(source.read_text()) for source in ROOT.glob("crates/*/**/*.rs")), code
        else:
            assert language in ("text", "toml"), language


def plain(code):
    """Without comment signs of documentation, lines that it hides, and the space at the beginning of lines."""
    lines = [re.sub(r"^\s*//[!/] ?", "", line).strip() for line in code.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("# "))

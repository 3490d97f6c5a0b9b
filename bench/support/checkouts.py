"""Checkouts of the repository, each with a Python that has the packages it needs."""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
# The measurements that earlier commits borrow from this one, with the modules that they need.
LENT = {"first": ("bench/turn_first.py", "bench/first.py", "bench/support/histories.py")}


@dataclass(frozen=True)
class Checkout:
    """A work tree, the interpreter that runs it, and its name in tables."""

    folder: Path
    python: Path
    title: str

    def can_measure(self, name: str) -> bool:
        """Return whether its bench can measure this in turns."""
        return (self.folder / f"bench/turn_{name}.py").exists()

    def borrow(self, name: str) -> None:
        """Take a measurement from this checkout that the commit does not have, if that is possible."""
        if not self.can_measure(name):
            for module in LENT.get(name, ()):
                shutil.copy(HERE / module, self.folder / module)


def this_checkout() -> Checkout:
    """Return the work tree that contains this module, uncommitted changes included."""
    return Checkout(HERE, Path(sys.executable), "this checkout")


@contextmanager
def checkout_of(commit: str) -> Iterator[Checkout]:
    """Check out a commit in a temporary folder, and delete it at the end.

    It shares this environment, or gets its own by `make install` if its dependencies differ.
    Raises subprocess.CalledProcessError if git doesn't know the commit.
    """
    title = _git("rev-parse", "--short", "--verify", f"{commit}^{{commit}}")
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / title
        _git("worktree", "add", "--detach", "--quiet", str(folder), title)
        try:
            yield Checkout(folder, _find_python(folder), title)
        finally:
            _git("worktree", "remove", "--force", str(folder))


def _find_python(folder: Path) -> Path:
    if _read_dependencies(folder) == _read_dependencies(HERE):
        return Path(sys.executable)
    base = Path(sys.executable).resolve()
    subprocess.run(["make", "--silent", f"PYTHON={base}", "install"], cwd=folder, check=True)
    return folder / ".venv/bin/python"


def _read_dependencies(folder: Path) -> list[Any]:
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return [project["requires-python"], project["dependencies"], project.get("optional-dependencies")]


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=HERE, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()

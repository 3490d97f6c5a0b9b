"""What every template of ours has to keep to."""

import re
from collections.abc import Iterator
from pathlib import Path

import lucide
import pytest
from django.conf import settings

from offorte_portal.adminkit.navigation import Entry, groups

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


def every(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from every(entry.children)


def named_icons() -> set[str]:
    pattern = re.compile(r"""{% lucide ["']([^"']+)["']""")
    found = {name for path in TEMPLATES for name in pattern.findall(path.read_text())}
    return found | {entry.icon for _, group in groups() for entry in every(group) if entry.icon}


@pytest.mark.parametrize("icon", sorted(named_icons()))
def test_every_icon_exists(icon: str) -> None:
    assert lucide._render_icon(icon, 16).startswith("<svg")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_inline_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in script or "application/json" in script for script in scripts)

"""What the documents name exists, and what there is to configure is in them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = ("README.md", "CONTRIBUTING.md", ".env.example")


def read(name: str) -> str:
    return (ROOT / name).read_text()


def find(pattern: str, name: str) -> set[str]:
    """What the pattern's group matches in a file; never nothing, or a test would compare nothing."""
    found = set(re.findall(pattern, read(name), re.MULTILINE))
    assert found, (pattern, name)
    return found


def variables() -> set[str]:
    return find(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", "offorte_portal/settings.py")


def test_the_readme_names_every_variable_and_no_other() -> None:
    assert find(r"^\| `([A-Z_]+)` \|", "README.md") == variables()


def test_the_example_names_every_variable_and_no_other() -> None:
    for_compose = find(r"\$\{([A-Z_]+)", "compose.yaml")
    assert find(r"^#?([A-Z_]+)=", ".env.example") == variables() | for_compose


def test_the_example_is_good_for_a_portal_by_https() -> None:
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert example["PORTAL_URL"].startswith("https://")
    assert example["PORTAL_URL"].removeprefix("https://") in example["DJANGO_ALLOWED_HOSTS"].split(",")
    assert [name for name in ("DJANGO_SECRET_KEY", "PORTAL_ENCRYPTION_KEYS") if example[name]] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_exists(document: str) -> None:
    named = set(re.findall(r"(?:^    |`)make (\w+)", read(document), re.MULTILINE))
    assert named <= find(r"^(\w+):", "Makefile")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_exists(document: str) -> None:
    assert find(r"python manage\.py (\w+)", document) <= set(get_commands())


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_exists(document: str) -> None:
    folders = r"`((?:offorte_portal|contacts|catalog|proposals|tests|docs|\.ci)/[\w./]*)`"
    assert [path for path in find(folders, document) if not (ROOT / path).exists()] == []

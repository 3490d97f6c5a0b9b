"""What `docs/architecture.md` says of the code is so."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import DateField, Model

ROOT: Path = settings.BASE_DIR
TEXT = (ROOT / "docs/architecture.md").read_text()
PLACES = re.findall(r"^- `([\w/]+\.py):([\w.]+)`$", TEXT, re.MULTILINE)
# From what everything stands on, as the table of rooms has it.
ORDER = (
    "auth", "contenttypes", "runs", "connections", "waiting", "changes", "mirror", "contacts", "catalog", "proposals",
    "staff", "writes", "sync", "webhooks", "tracking", "prices", "jobs", "files", "compose", "activity", "desk",
    "other_systems",
)  # fmt: skip

STATIC = re.compile(r"""{% static "([^"]+)" %}""")
# How many arguments these of Django need to ask no clock.
MOMENTS = {"localtime": 1, "localdate": 1, "timesince": 2, "timeuntil": 2}
# The start of a chain that ends in several rows, when no order follows.
UNORDERED = re.compile(r"\.objects\.(all|filter|exclude|select_related|values|values_list|annotate)\((?!.*order_by)")


def find_names(path: Path) -> set[str]:
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return names


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_each_step_of_a_flow_is_where_it_is_said_to_be(path: str, name: str) -> None:
    assert name in find_names(ROOT / path)


def test_six_flows_are_told() -> None:
    assert len(PLACES) >= 30
    assert TEXT.split("## Six flows")[1].count(":\n\n- `") == 6


def test_every_room_is_in_the_table_and_every_one_told_exists() -> None:
    folders = {path.parent.name for path in (ROOT / "offorte_portal").glob("*/__init__.py")}
    told = set(re.findall(r"`(\w+)`", "".join(line for line in TEXT.splitlines() if line.startswith("| `"))))
    assert folders - told == {"adminkit", "management", "migrations", "serving", "simulator"}


def test_foreign_keys_point_to_rooms_before() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in ORDER[2:]]
    against = [f"{model._meta.label}.{name}" for model in ours for name in find_links_against_order(model)]
    assert against == []


def test_every_script_and_style_is_in_a_room_and_asked_for() -> None:
    asked = {path for page in (ROOT / "templates").rglob("*.html") for path in STATIC.findall(page.read_text())}
    assert [path for path in asked if finders.find(path) is None] == []
    ours = [app for app in apps.get_app_configs() if app.label in {*ORDER[2:], "adminkit"}]
    folders = [Path(app.path, "static") for app in ours]
    found = {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.*s")}
    assert len(found) > 30
    assert found - asked == set()


def find_links_against_order(model: type[Model]) -> list[str]:
    at = ORDER.index(model._meta.app_label)
    links = [field for field in model._meta.get_fields() if field.concrete and field.is_relation]
    targets = {field.name: field.related_model for field in links}
    return [name for name, to in targets.items() if to and ORDER.index(to._meta.app_label) > at]


def test_no_column_asks_for_the_time_by_itself() -> None:
    dates = [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, DateField)]
    ours = [field for field in dates if field.model._meta.app_label in ORDER[2:]]
    assert len(ours) > 50
    assert [str(field) for field in ours if field.auto_now or field.auto_now_add] == []


@pytest.mark.parametrize("root", ["offorte_portal", "contacts", "catalog", "proposals"])
def test_no_call_asks_for_the_time_where_it_is_told_none(root: str) -> None:
    paths = [path for path in (ROOT / root).rglob("*.py") if "simulator" not in path.parts]
    assert len(paths) > 5
    assert [f"{path}:{line}" for path in paths for line in find_hidden_clocks(path)] == []


def find_hidden_clocks(path: Path) -> list[int]:
    """Return the lines where a function of Django takes the moment that it is not given for now."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = [(ast.unparse(call.func).rpartition(".")[2], call) for call in calls]
    return [call.lineno for name, call in names if len(call.args + call.keywords) < MOMENTS.get(name, 0)]


def test_no_test_takes_the_first_of_rows_in_no_order() -> None:
    """PostgreSQL answers rows without an order as they lie on its pages, another one after the next update."""
    assert [f"{path}:{line}" for path in Path(ROOT, "tests").rglob("*.py") for line in find_unordered(path)] == []


def find_unordered(path: Path) -> list[int]:
    """Return the lines that take one or a slice of a manager's rows with no order_by() between."""
    taken = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Subscript)]
    chains = [(node.lineno, ast.unparse(node.value)) for node in taken if isinstance(node.value, ast.Call)]
    return [line for line, chain in chains if UNORDERED.search(chain)]

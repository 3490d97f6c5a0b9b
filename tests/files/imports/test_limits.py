"""What a file may hold: what is too long is a problem of its row, and time ends."""

import time

import pytest

from offorte_portal.files.imports.delimited import read_delimited
from offorte_portal.files.imports.limits import Deadline
from offorte_portal.files.imports.reading import read_table
from offorte_portal.files.imports.table import TableError
from offorte_portal.runs.reasons import put_into_words
from tests.files.imports.hostile import ROWS, workbook


def cell_of(xml: str) -> tuple[str, str]:
    """How a cell is read, and what is wrong with its row."""
    row = read_table(workbook(rows=ROWS.replace('t="str"><v>Zon', xml))).rows[0]
    return row.cells[0], put_into_words(row.problem)


@pytest.mark.parametrize("number", ["1e308", "-1e30", "1e999999", "9" * 31, "9" * 4_300, "9" * 100_000])
def test_a_number_of_more_than_30_digits_is_a_problem_of_its_row(number: str) -> None:
    text, problem = cell_of(f"><v>{number}")
    assert problem.startswith("Column A has a number of more than 30 digits")
    assert len(text) <= 40


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("9" * 30, "9" * 30),
        ("1e29", "1" + "0" * 29),
        ("1.23456789012345E-5", "0.0000123456789012345"),
        ("-1e-300", "0"),
        ("5.55111512312578E-17", "0.0000000000000000555111512313"),
    ],
)
def test_numbers_up_to_30_digits_are_read(number: str, text: str) -> None:
    assert cell_of(f"><v>{number}") == (text, "")


def test_the_text_of_an_error_is_cut() -> None:
    text, problem = cell_of(f't="e"><v>#{"a" * 100_000}')
    assert (len(text), len(problem) < 100, "#aaa" in problem) == (40, True, True)


def test_the_beginning_of_a_long_name_of_a_column_is_taken() -> None:
    assert [len(name) for name in read_table(f"{'a' * 100_000},b\nc,d\n".encode()).header] == [200, 1]


def test_a_csv_has_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _notes = read_delimited(b"a,b\n" * 10)
    assert next(rows).cells == ["a", "b"]
    seconds = time.thread_time()
    monkeypatch.setattr(time, "thread_time", lambda: seconds + 2)
    with pytest.raises(TableError, match="too_slow"):
        list(rows)


@pytest.mark.parametrize(("size", "values", "seconds"), [(10**7, 0, 1.2), (0, 10**6, 1.2), (10**7, 10**6, 1.6)])
def test_only_values_move_the_deadline_as_far_as_their_bytes(
    size: int, values: int, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "thread_time", lambda: now[0])
    deadline = Deadline()
    deadline.feed(size)
    deadline.earn(values)
    now[0] = seconds - 0.01
    deadline.check()
    now[0] = seconds + 0.01
    with pytest.raises(TableError):
        deadline.check()

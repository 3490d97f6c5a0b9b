import pytest

from offorte_portal.api.reasons import read_rejection


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"errors": {"name": ["is empty", "is short"]}}, {"name": ["is empty", "is short"]}),
        ({"errors": {"name": "is empty"}}, {"name": ["is empty"]}),
        ({"errors": {"name": [{"message": "is empty"}]}}, {"name": ["is empty"]}),
        ({"errors": [{"field": "name", "message": "is empty"}]}, {"name": ["is empty"]}),
        ({"errors": [{"param": "name", "error": {"detail": "is empty"}}]}, {"name": ["is empty"]}),
        ({"errors": {"name": [None, 3, ""]}}, {}),
        ({"errors": {"name": []}}, {}),
        ({"errors": None}, {}),
        ({"errors": "No."}, {}),
        ({}, {}),
        ([], {}),
        (None, {}),
    ],
)
def test_reasons_are_found_by_field(data: object, expected: dict[str, list[str]]) -> None:
    assert read_rejection(data).field_errors == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"message": " The directory is not empty. ", "error": "Bad Request"}, "The directory is not empty."),
        ({"error": "Bad Request"}, "Bad Request"),
        ({"error": {"message": "No."}}, "No."),
        ({"errors": ["No.", "Never."]}, "No. Never."),
        ({"errors": {"0": "No."}}, "No."),
        ({"errors": [{"message": "No."}]}, "No."),
        ({"message": "Told.", "errors": ["No."]}, "Told."),
        ("No.", "No."),
        ({"message": ["No."]}, ""),
        ({}, ""),
        (None, ""),
        (5, ""),
    ],
)
def test_the_general_reason_is_found(data: object, expected: str) -> None:
    assert read_rejection(data).detail == expected


def test_endless_reasons_are_cut() -> None:
    rejected = read_rejection({"message": "x" * 10_000, "errors": {f"field{i}": "y" * 10_000 for i in range(1000)}})

    assert len(rejected.detail) == 500
    assert len(rejected.field_errors) == 50
    assert all(len(text) == 500 for texts in rejected.field_errors.values() for text in texts)

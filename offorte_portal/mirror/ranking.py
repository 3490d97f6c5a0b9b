"""The order of hits, and why a row is one.

1. A row with exactly this name or number.
2. By the place of the words: name, number, person, address (`mirror/search_parts.py`).
3. What is open before what is decided, where the model says so (`DECIDED`).
4. Newest first.
"""

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, F, Func, IntegerField, Model, Q, QuerySet, When
from django.db.models.sql.compiler import SQLCompiler

from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.search import TRIGRAM, read_words
from offorte_portal.mirror.search_parts import MARKS, Place, SearchPart
from offorte_portal.text.keys import number_key, sort_key

# A reason names no more parts than this.
MOST_PARTS = 2


def order(model: type[Model], text: str) -> list[Any]:
    """Return the order of the rows found by a text with a word at least. It reads every row: some thousands at most."""
    status = [_last_unless(~Q(status__in=model.DECIDED))] if hasattr(model, "DECIDED") else []
    return [_last_unless(_is_exactly(model, text)), FoundAt(text=text), *status, "-remote_id", "-pk"]


class FoundAt(Func):
    """The `Place` in which a row holds the words of a text in its `search_text`.

    It writes its SQL itself: Django takes several milliseconds to write what is a few comparisons for each word.
    """

    output_field = IntegerField()

    def __init__(self, *columns: Any, text: str) -> None:
        super().__init__(*(columns or [F("search_text")]))
        self._readings = read_words(text)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> Any:
        """Return a CASE with a branch for each place and reading."""
        column, _params = compiler.compile(self.get_source_expressions()[0])
        position = f"{'instr' if connection.vendor == 'sqlite' else 'strpos'}({column}, %s)"
        stands = f"({position} > 0 AND {position} < {position})"
        cases: list[str] = []
        params: list[Any] = []
        for place, mark in zip(Place, MARKS, strict=False):
            for words in self._readings:
                cases.append(f"WHEN {' AND '.join(stands for _ in words)} THEN {int(place)}")
                params += [value for word in words for value in (word, word, mark)]
        elsewhere = str(int(Place.ADDRESS))
        return f"CASE {' '.join(cases)} ELSE {elsewhere} END" if cases else elsewhere, params


def reasons(found: QuerySet[Any], text: str) -> dict[int, list[str]]:
    """Return for each row that was not found by its name or number alone, by key, what it was found by."""
    rows = found.annotate(found_at=FoundAt(text=text)).filter(found_at__gt=Place.NUMBER).order_by()
    return {key: explain(found.model, payload, text) for key, payload in rows.values_list("pk", "payload")}


def explain(model: type[Model], payload: Mapping[str, Any], text: str) -> list[str]:
    """Return the texts besides name and number in which words of the search were found, as people see them."""
    find = next(resource.search for resource in RESOURCES.values() if resource.model is model)
    parts = sorted(find(payload), key=lambda part: part.place) if find else []
    for words in read_words(text):
        found = [next((part for part in parts if _holds(part, word)), None) for word in words]
        if all(part or len(word) < TRIGRAM for part, word in zip(found, words, strict=True)):
            shown = (part.text for part in found if part and part.place > Place.NUMBER)
            return list(dict.fromkeys(shown))[:MOST_PARTS]
    return []


def _holds(part: SearchPart, word: str) -> bool:
    return any(word in spelling for spelling in part.spellings)


def _last_unless(condition: Q) -> Any:
    return Case(When(condition, then=0), default=1, output_field=IntegerField())


def _is_exactly(model: type[Model], text: str) -> Q:
    names = {field.name for field in model._meta.concrete_fields}
    found = Q(name_key=sort_key(text)) if "name_key" in names else Q(pk__in=[])
    return found | Q(number_key=number_key(text)) if "number_key" in names else found

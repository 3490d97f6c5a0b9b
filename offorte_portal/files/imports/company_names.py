"""The companies that a file of people names: found by name, offered where the name is close, or created first."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz, process

from offorte_portal.text.keys import company_key, match_key
from offorte_portal.text.letters import fold, fold_german, fold_nordic

# Names are close from this similarity of their letters on, of 100; so many are offered for one name.
CLOSE, MOST_OFFERED = 85, 3
# A person chooses for so many names; rows with others stay left out unless all are created.
MOST_CHOSEN = 50
# What a person can choose for a name besides Offorte's id of a company.
CREATE = "create"


class CompanyNames:
    """The names of an account's companies, and the names that none of them has.

    A name is found by its letters and digits (`match_key`), else without its legal form or with "ue" for "ü". What is
    only close to a company's name is offered, and never taken without a person's choice.
    """

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        self._names: dict[int, str] = {}
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._alike: dict[str, list[int]] = defaultdict(list)
        for remote_id, name in rows:
            self._names[remote_id] = name
            self._exact[match_key(name)].append(remote_id)
            for key in _alike(name):
                self._alike[key].append(remote_id)
        self._close: dict[str, list[int]] = {}
        # By name that no company has: the number of rows with it.
        self.unknown: Counter[str] = Counter()

    def find(self, text: str) -> list[int]:
        """Return the ids of the companies with this name, or else of the company with this id."""
        if found := self._exact.get(match_key(text)):
            return found
        if text.isascii() and text.isdecimal() and int(text) in self._names:
            return [int(text)]
        return list(dict.fromkeys(remote_id for key in _alike(text) for remote_id in self._alike.get(key, [])))

    def name(self, remote_id: int) -> str | None:
        """Return the name of a company of the account, None if it has no such company."""
        return self._names.get(remote_id)

    def close(self, text: str) -> list[int]:
        """Return the ids of the companies whose names are closest to this one, if any is close."""
        key = company_key(text)
        if key not in self._close:
            hits = process.extract(key, list(self._alike), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=MOST_OFFERED)
            found = dict.fromkeys(remote_id for name, _score, _place in hits for remote_id in self._alike[name])
            self._close[key] = list(found)[:MOST_OFFERED]
        return self._close[key]

    def offers(self) -> list[dict[str, Any]]:
        """Return the unknown names that most rows have, as {"name", "rows", "close": [[id, name], …]}."""
        return [
            {"name": name, "rows": rows, "close": [[key, self._names[key]] for key in self.close(name)]}
            for name, rows in self.unknown.most_common(MOST_CHOSEN)
        ]


def _alike(name: str) -> set[str]:
    return {company_key(way(name)) for way in (fold, fold_german, fold_nordic)} - {""}

"""Groups of companies that may be the same: same VAT or chamber number, e-mail address, domain or name.

Groups never span accounts, since companies of two accounts can't be merged. Pairs with contrary facts (`scores`) and
pairs that somebody dismissed connect nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from contacts import scores
from contacts.models import Company
from contacts.scores import Difference, Facts, Score
from contacts.signs import FIELDS, Mark, Sign, marks_of

# A domain shared by more companies than this belongs to a group or a provider.
MOST_OF_DOMAIN = 5
# Of more companies with the same mark, each is compared with the first one only.
MOST_COMPARED = 30
Pair = tuple[int, int]


class Group(NamedTuple):
    """The keys of companies that may be one, what is the same, what differs, and the points of the best pair."""

    keys: list[int]
    signs: list[Sign]
    against: list[Difference]
    points: int


def duplicate_groups(connection_id: int, dismissed: Collection[Pair] = frozenset()) -> list[Group]:
    """Return all groups of an account, the most likely first. One query; about a second for 50,000 companies.

    `dismissed` are pairs that are different companies, each with the lower key first.
    """
    rows = Company.objects.filter(connection=connection_id).present().values("pk", *FIELDS, "zipcode")
    holders: dict[Mark, list[int]] = defaultdict(list)
    zipcodes: dict[int, str] = {}
    for row in rows.order_by("pk").iterator():
        zipcodes[row["pk"]] = row["zipcode"]
        for mark in marks_of(row):
            holders[mark].append(row["pk"])
    # A mark of several companies suggests that they are the same.
    own = {mark: keys for mark, keys in holders.items() if mark.sign != Sign.DOMAIN or len(keys) <= MOST_OF_DOMAIN}
    shared = {mark: keys for mark, keys in own.items() if len(keys) > 1}
    facts = _facts(own, {key for keys in shared.values() for key in keys}, zipcodes)
    pairs = {pair for keys in shared.values() for pair in _pair(keys)} - set(dismissed)
    compared = ((pair, scores.compare(facts[pair[0]], facts[pair[1]])) for pair in sorted(pairs))
    likely = {pair: score for pair, score in compared if score.points >= scores.LEAST}
    return sorted(joined(likely), key=lambda group: (-group.points, group.keys))


def _facts(holders: Mapping[Mark, list[int]], keys: set[int], zipcodes: Mapping[int, str]) -> dict[int, Facts]:
    """Return the facts of these companies, from the marks that were read of all."""
    marks: dict[int, list[Mark]] = {key: [] for key in keys}
    for mark, companies in holders.items():
        for key in companies:
            if key in marks:
                marks[key].append(mark)
    known: dict[int, Facts] = {}
    for key, found in marks.items():
        fields: dict[str, Any] = {"zipcode": zipcodes[key]}
        known[key] = scores.facts_of(fields, found)
    return known


def _pair(keys: list[int]) -> Iterator[Pair]:
    first, *others = keys
    return combinations(keys, 2) if len(keys) <= MOST_COMPARED else iter([(first, other) for other in others])


def joined(pairs: Mapping[Pair, Score]) -> Iterator[Group]:
    """Yield the groups that pairs connect, directly or through other companies."""
    parents: dict[int, int] = {}
    for one, other in pairs:
        parents[root(parents, other)] = root(parents, one)
    members: dict[int, set[int]] = defaultdict(set)
    found: dict[int, list[Score]] = defaultdict(list)
    for pair, score in pairs.items():
        top = root(parents, pair[0])
        members[top].update(pair)
        found[top].append(score)
    for top, keys in members.items():
        signs = {sign for score in found[top] for sign in score.signs}
        against = {name for score in found[top] for name in score.against}
        points = max(score.points for score in found[top])
        yield Group(
            sorted(keys),
            [sign for sign in Sign if sign in signs],
            [name for name in Difference if name in against],
            points,
        )


def root(parents: dict[int, int], key: int) -> int:
    """Return the key that represents the group of `key` in the union-find forest `parents`."""
    while (parent := parents.get(key, key)) != key:
        # Path halving, which shortens later look-ups.
        parents[key] = parents.get(parent, parent)
        key = parent
    return key

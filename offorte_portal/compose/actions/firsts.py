"""Companies and people that are made before the proposals of a file, each once however many rows name them."""

from collections.abc import Sequence
from typing import Any

from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.action import NewId, Write
from offorte_portal.writes.asking import fold
from offorte_portal.writes.models import Operation
from offorte_portal.writes.references import is_reference

Json = dict[str, Any]
# Offorte's id, or the name of a company that is made.
Place = int | str
Verb = Operation.Verb


class Firsts:
    """What stands for the ids of companies and people to come: writes of this batch, operations of an earlier one."""

    def __init__(self, connection_id: int, rows: Sequence[UploadRow], upload_id: int) -> None:
        self.connection_id = connection_id
        self._ids: dict[tuple[str, Any], Any] = {}
        drafts = [row.draft for row in rows if row.draft]
        names = {str(draft["company"]["name"]) for draft in drafts if draft["company"]}
        names |= {str(one["fullname"]) for draft in drafts for one in draft["people"]}
        if names:
            self._remember(upload_id, names)

    def company(self, draft: Json, writes: list[Write]) -> Any:
        """The id of a company to come; what makes it is added to the writes where nothing does yet."""
        key = ("companies", fold(str(draft["name"])))
        if key not in self._ids:
            self._ids[key] = self._new("companies", draft, str(draft["name"]), writes)
        return self._ids[key]

    def person(self, draft: Json, place: Place, company: Any, writes: list[Write]) -> Any:
        """The id of somebody to come at a company, which is at that place."""
        key = ("people", (place, str(draft["email"]).lower()))
        if key not in self._ids:
            self._ids[key] = self._new("people", draft, str(draft["fullname"]), writes, company)
        return self._ids[key]

    def _new(self, target: str, draft: Json, label: str, writes: list[Write], parent: Any = None) -> NewId:
        is_known = isinstance(parent, int)
        write = Write(
            connection_id=self.connection_id,
            target=target,
            remote_id=None,
            label=label,
            verb=Verb.CREATE,
            draft=draft if parent is None or is_known else draft | {"parent_remote_id": parent},
            parent_remote_id=parent if is_known else None,
            after=parent.write if isinstance(parent, NewId) else None,
        )
        writes.append(write)
        return NewId(write)

    def _remember(self, upload_id: int, names: set[str]) -> None:
        """What earlier batches of the file make."""
        jobs = UploadRow.objects.filter(upload=upload_id, operation__isnull=False).values("operation__job").distinct()
        found = Operation.objects.filter(
            connection=self.connection_id, job__in=jobs, verb=Verb.CREATE, target__in=["companies", "people"]
        )
        places: dict[int, Place] = {}
        people = []
        for one in found.order_by("pk"):
            if one.target == "companies":
                place: Place = fold(str(one.draft["name"]))
                self._ids["companies", place] = {"operation": one.pk}
                places |= {one.pk: place} | ({one.remote_id: place} if one.remote_id else {})
            elif one.label in names:
                people.append(one)
        for one in people:
            self._ids["people", (self._place(one, places), str(one.draft["email"]).lower())] = {"operation": one.pk}

    def _place(self, operation: Operation, places: dict[int, Place]) -> Place:
        asked = operation.draft.get("parent_remote_id")
        if is_reference(asked):
            return places.get(asked["operation"], 0)
        known = operation.parent_remote_id or 0
        return places.get(known, known)

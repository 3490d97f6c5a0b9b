"""Companies and people that are created before the rows of a file, each once however many rows name them."""

from collections.abc import Set
from typing import Any

from offorte_portal.files.models import UploadRow
from offorte_portal.jobs.action import NewId, Write
from offorte_portal.text.keys import match_key
from offorte_portal.writes.models import Operation
from offorte_portal.writes.references import is_reference

Json = dict[str, Any]
# Offorte's id, or the match key of a company that is to be created.
Place = int | str
Verb = Operation.Verb


class Firsts:
    """The companies and people to create: by writes of this batch, or by operations of an earlier one."""

    def __init__(self, connection_id: int, upload_id: int, names: Set[str]) -> None:
        """Take the names of all that may be created, to find what earlier batches of the upload created of it."""
        self.connection_id = connection_id
        self._ids: dict[tuple[str, Any], Any] = {}
        if names:
            self._remember(upload_id, names)

    def company(self, draft: Json, writes: list[Write]) -> Any:
        """Return the reference to a new company; its creation is added to the writes if there is none yet."""
        key = ("companies", match_key(str(draft["name"])))
        if key not in self._ids:
            self._ids[key] = self._new("companies", draft, str(draft["name"]), writes)
        return self._ids[key]

    def person(self, draft: Json, place: Place, company: Any, writes: list[Write]) -> Any:
        """Return the reference to a new person of a company; `place` is the company's id or match key."""
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

    def _remember(self, upload_id: int, names: Set[str]) -> None:
        """Find the companies and people that earlier batches of the file create."""
        jobs = UploadRow.objects.filter(upload=upload_id, operation__isnull=False).values("operation__job").distinct()
        found = Operation.objects.filter(
            connection=self.connection_id, job__in=jobs, verb=Verb.CREATE, target__in=["companies", "people"]
        )
        places: dict[int, Place] = {}
        people = []
        for operation in found.order_by("pk"):
            if operation.target == "companies":
                place: Place = match_key(str(operation.draft["name"]))
                self._ids["companies", place] = {"operation": operation.pk}
                places |= {operation.pk: place} | ({operation.remote_id: place} if operation.remote_id else {})
            elif operation.label in names:
                people.append(operation)
        for operation in people:
            self._ids["people", (self._place(operation, places), str(operation.draft["email"]).lower())] = {
                "operation": operation.pk
            }

    def _place(self, operation: Operation, places: dict[int, Place]) -> Place:
        asked = operation.draft.get("parent_remote_id")
        if is_reference(asked):
            return places.get(asked["operation"], 0)
        known = operation.parent_remote_id or 0
        return places.get(known, known)

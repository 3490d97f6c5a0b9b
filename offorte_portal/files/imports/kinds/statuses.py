"""How rows of a file change the status of proposals that are in Offorte, and say why they were lost."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import User
from rapidfuzz import fuzz, process

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.keys import Keys, told
from offorte_portal.files.imports.kinds.kind import Correction, Kind, Values, known_id, text
from offorte_portal.files.reasons import ImportReason
from offorte_portal.staff.access import may_act
from offorte_portal.text.keys import match_key, sort_key
from offorte_portal.text.reason import Reason
from offorte_portal.tracking import losses, reasons
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models.loss import WORDS_LENGTH
from proposals.models import Proposal

CHANGE = "proposals.change_proposal"
LOST = Proposal.Status.LOST
# Options of an upload: the reason that is chosen for each name the list does not have, and these names.
REASONS, UNKNOWN = "lost_reasons", "unknown_reasons"
# What a person can choose for a name besides the key of a reason: keep it as the explanation.
OTHER = "other"
# The name of a row that says nothing about why it was lost.
UNSAID = ""
# Names are close from this similarity of their letters on, of 100.
CLOSE = 70
MOST_CHOSEN = 50


class Statuses(Kind):
    """Recognises proposals by Offorte's ID, their number, or their name where it gives neither; creates none."""

    model = Proposal
    target = "proposals"
    order = ("id", "number", "name")
    strict = ("id",)
    columns = ("name", "number")
    key_fields: ClassVar[Mapping[str, str]] = {}
    texts: ClassVar[frozenset[str]] = frozenset()
    is_once = True

    def __init__(self, connection: Connection, options: Mapping[str, Any], by: User) -> None:
        super().__init__(connection, options, by)
        self._reasons = reasons.by_name()
        self._by_key = {str(reason.pk): reason for reason in self._reasons.values()}
        # Why each of the proposals at hand is lost, by its key.
        self._lost: dict[int, Why] = {}
        self._chosen: Mapping[str, str] = options.get(REASONS, {})
        # By match key the number of rows with a name that the list does not have, and that name as it came first.
        self._unknown: Counter[str] = Counter()
        self._spelled: dict[str, str] = {}

    def recognise(self, values: Values) -> Keys:
        number, is_record = text(values, "number").casefold(), "remote_id" in values
        is_named = is_record or not (number or known_id(values))
        return told(id=known_id(values), number=number, name=match_key(self.name_of(values)) if is_named else "")

    def name_of(self, values: Values) -> str:
        return text(values, "name") or text(values, "number")

    def draft(self, values: Values) -> Values:
        """Return the status; what else the file says only recognises the proposal, or stays in the portal."""
        return {"status": values["status"]} if "status" in values else {}

    def refuse_creation(self, values: Values) -> Reason:
        return ImportReason.NO_PROPOSAL()

    def refuse_change(self, values: Values, row: Any) -> Reason | None:
        """Return a reason where the proposal is a colleague's, or is lost now and the file does not say why."""
        is_lost = values.get("status") == row.status == LOST
        if is_lost and self.correct(values, row) is None:
            return None
        if values.get("status", row.status) == row.status and not is_lost:
            return None
        if not may_act(self.by, CHANGE, row):
            return ImportReason.NOT_YOURS()
        if values["status"] != LOST or (is_lost and not text(values, "lost_reason") and self._is_explained(row)):
            return None
        name = self._ask(values)
        if name is None or self._choose(name) is not None:
            return None
        if name == UNSAID:
            return ImportReason.LOSS_UNSAID()
        close = self._close(name)
        return ImportReason.REASON_CLOSE(name=name, close=close) if close else ImportReason.NO_REASON(name=name)

    def look_up(self, records: Iterable[Any]) -> None:
        self._lost = {key: losses.why_of(loss) for key, loss in losses.current(records).items()}

    def correct(self, values: Values, row: Any) -> Correction | None:
        """Return what the file corrects of why a proposal is lost that is lost already; empty cells correct nothing."""
        if values.get("status") != LOST or row.status != LOST:
            return None
        old = self._lost.get(row.pk, Why())
        new = self._corrected(values, old)
        changes: list[list[Any]] = []
        if new.reason != old.reason:
            changes.append(["lost_reason", old.reason.pk if old.reason else "", new.reason.pk if new.reason else ""])
        if sort_key(new.competitor) != sort_key(old.competitor):
            changes.append(["competitor", old.competitor, new.competitor])
        if new.words != old.words:
            changes.append(["lost_words", old.words, new.words])
        return Correction(changes, losses.to_options(old), losses.to_options(new)) if changes else None

    def _corrected(self, values: Values, old: Why) -> Why:
        name, words = text(values, "lost_reason"), text(values, "lost_words")
        reason, said = old.reason, words or old.words
        if name:
            reason = self._reasons.get(match_key(name)) or self._by_key.get(self._choose(name) or "")
        elif not said and reason is None:
            reason = self._by_key.get(self._choose(name) or "")
        if name and reason is None:
            # Another reason is kept in words; what was said so before is not said twice.
            is_said = not words and old.reason is None and f"{old.words}. ".startswith(f"{name}. ")
            said = said if is_said else f"{name}. {said}"[:WORDS_LENGTH] if said else name
        return Why(reason, said, text(values, "competitor") or old.competitor)

    def _is_explained(self, row: Any) -> bool:
        """Return whether somebody has said why the proposal is lost."""
        why = self._lost.get(row.pk, Why())
        return bool(why.reason or why.words)

    def loss(self, values: Values) -> dict[str, Any]:
        if values.get("status") != LOST:
            return {}
        name, words = text(values, "lost_reason"), text(values, "lost_words")
        reason = self._reasons.get(match_key(name)) if name else None
        if reason is None and (name or not words):
            chosen = self._choose(name)
            reason = self._by_key.get(chosen or "")
            if chosen == OTHER:
                words = f"{name}. {words}"[:WORDS_LENGTH] if words else name
        return losses.to_options(Why(reason, words, text(values, "competitor")))

    def findings(self) -> dict[str, Any]:
        """Return the names that a person has to choose a reason for, those of the most rows first."""
        names = [(self._spelled[key], rows) for key, rows in self._unknown.most_common(MOST_CHOSEN)]
        return {UNKNOWN: [{"name": name, "rows": rows, "close": self._close(name)} for name, rows in names]}

    def _ask(self, values: Values) -> str | None:
        """Return the name that a person has to choose a reason for; None where the row says why."""
        name = text(values, "lost_reason")
        key = match_key(name)
        if key in self._reasons or (not name and text(values, "lost_words")):
            return None
        self._spelled.setdefault(key, name)
        self._unknown[key] += 1
        return name

    def _choose(self, name: str) -> str | None:
        """Return what was chosen for a name, if it is still there to choose."""
        chosen = self._chosen.get(match_key(name), "")
        return chosen if chosen in self._by_key or (chosen == OTHER and name) else None

    def _close(self, name: str) -> str:
        """Return the name of the reason that this one resembles most; "" where none does."""
        names = {str(reason): match_key(str(reason)) for reason in self._reasons.values()}
        found = process.extractOne(match_key(name), names, scorer=fuzz.ratio, score_cutoff=CLOSE) if name else None
        return found[2] if found else ""

"""Reads Offorte's history log (`logs.history`, reference: Proposals, Get proposal details), in one place for all rooms.

The reference prints only one action, "proposal: viewed pdf", so the words are read with tolerance:
1. Case, punctuation, HTML escapes, the subject ("proposal:", "offerte:") and small words are ignored.
2. The rest is looked up, in English and Dutch alike; a name after "by" or "to" is left out first if need be.
3. A change of status is read in context: "open" after edit, or at the beginning, means that the proposal was sent;
   after won, lost or closed that it was reopened; after open nothing new. After won, lost or closed, any status other
   than these three means that it was reopened.
4. Unknown words become `Code.UNKNOWN` with Offorte's own words. They count for nothing, least of all as views.

Timeline, feed and reports all use this module, so that they agree.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol


class Code(StrEnum):
    """What an entry of the log means."""

    CREATED = "created"
    MODIFIED = "modified"
    SENT = "sent"
    SENT_BY_ONESELF = "sent by oneself"
    VIEWED = "viewed"
    VIEWED_PDF = "viewed pdf"
    DOWNLOADED = "downloaded"
    COMMENTED = "commented"
    CHOSE = "changed options"
    SIGNED = "signed"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"
    REOPENED = "reopened"
    BACK_IN_EDIT = "back in edit"
    OPENED = "opened"
    OWNER_CHANGED = "owner changed"
    PRICE_CHANGED = "price changed"
    REMINDED = "reminded"
    DELETED = "deleted"
    UNKNOWN = "unknown"


SENDINGS = frozenset({Code.SENT, Code.SENT_BY_ONESELF})
# These count as views only for the prospect, not for staff who look at their own proposal.
VIEWS = frozenset({Code.VIEWED, Code.VIEWED_PDF, Code.DOWNLOADED})
# The entries that date the beginning of a status.
DECISIONS = {
    "won": frozenset({Code.WON, Code.SIGNED}),
    "lost": frozenset({Code.LOST}),
    "closed": frozenset({Code.CLOSED}),
}
CLIENT_SIDES = frozenset({"client", "klant", "customer", "contact", "prospect", "relatie"})

_PHRASES = {
    Code.CREATED: "created, create, new, added, copied, duplicated, aangemaakt, gemaakt, nieuw, toegevoegd, gekopieerd",
    Code.MODIFIED: (
        "modified, changed, updated, edited, saved, content changed, name changed, status changed, bewerkt, gewijzigd, "
        "aangepast, bijgewerkt, opgeslagen, status gewijzigd"
    ),
    Code.SENT: (
        "send, sent, sended, mailed, emailed, sent by email, sent by e mail, sent per email, sent by offorte, "
        "sent via offorte, sent again, resent, resend, send again, send by email, verzonden, verstuurd, gestuurd, "
        "gemaild, opnieuw verzonden, opnieuw verstuurd, verzonden per e mail, verzonden per email, "
        "verstuurd per e mail, verzonden via offorte, verzonden door offorte"
    ),
    Code.SENT_BY_ONESELF: (
        "send by user, sent by user, send by self, sent by self, send self, sent self, sent manually, sent yourself, "
        "marked sent, verzonden door gebruiker, verstuurd door gebruiker, zelf verzonden, zelf verstuurd, "
        "handmatig verzonden, handmatig verstuurd"
    ),
    Code.VIEWED: (
        "viewed, view, seen, opened, opened viewer, read, visited, bekeken, gezien, geopend, gelezen, ingezien"
    ),
    Code.VIEWED_PDF: "viewed pdf, pdf viewed, opened pdf, pdf opened, bekeken pdf, pdf bekeken, pdf geopend",
    Code.DOWNLOADED: (
        "downloaded, download, downloaded pdf, pdf downloaded, download pdf, gedownload, pdf gedownload, "
        "gedownload pdf, pdf download"
    ),
    Code.COMMENTED: (
        "comment, commented, comment added, comment placed, question, asked question, reply, replied, answered, "
        "reactie, reactie geplaatst, gereageerd, opmerking, opmerking geplaatst, vraag gesteld, vraag, antwoord, "
        "beantwoord"
    ),
    Code.CHOSE: (
        "changed options, options changed, option changed, selected options, options selected, opties gewijzigd, "
        "opties gekozen, opties aangepast, keuzes gewijzigd"
    ),
    Code.SIGNED: "signed, signature placed, digitally signed, ondertekend, getekend, digitaal ondertekend",
    Code.WON: "accepted, approved, won, geaccepteerd, akkoord, goedgekeurd, gewonnen",
    Code.LOST: "lost, declined, rejected, verloren, afgewezen, afgekeurd, geweigerd",
    Code.CLOSED: "closed, archived, expired, gesloten, afgesloten, gearchiveerd, verlopen",
    Code.REOPENED: "reopened, re opened, opened again, heropend, opnieuw geopend",
    Code.BACK_IN_EDIT: "back in edit, withdrawn, ingetrokken, teruggezet in concept, in bewerking, terug in bewerking",
    Code.OWNER_CHANGED: (
        "owner changed, changed owner, assigned, reassigned, account user changed, user changed, eigenaar gewijzigd, "
        "toegewezen, overgedragen"
    ),
    Code.PRICE_CHANGED: (
        "price changed, changed price, total changed, price total changed, value changed, prijs gewijzigd, "
        "prijs aangepast, bedrag gewijzigd, totaal gewijzigd, waarde gewijzigd"
    ),
    Code.REMINDED: (
        "reminder, reminder sent, reminder send, sent reminder, send reminder, reminded, herinnering, "
        "herinnering verzonden, herinnering verstuurd, herinnerd"
    ),
    Code.DELETED: "deleted, removed, verwijderd",
}
_CODES = {phrase.strip(): code for code, phrases in _PHRASES.items() for phrase in phrases.split(",")}
_STATUSES = {
    word: status
    for status, words in {
        "edit": "edit concept draft bewerken bewerking",
        "open": "open openstaand",
        "won": "won gewonnen",
        "lost": "lost verloren",
        "closed": "closed gesloten afgesloten",
    }.items()
    for word in words.split()
}
_SETTLED = {"won": Code.WON, "lost": Code.LOST, "closed": Code.CLOSED}
# The status of a proposal after an entry.
_LEAVES = {
    Code.CREATED: "edit",
    Code.SENT: "open",
    Code.SENT_BY_ONESELF: "open",
    Code.WON: "won",
    Code.LOST: "lost",
    Code.CLOSED: "closed",
    Code.REOPENED: "open",
    Code.BACK_IN_EDIT: "edit",
}
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    _WORD.findall(
        "proposal proposals offerte voorstel quote quotation the a an de het een is was were been has have had heeft "
        "werd werden zijn als as this deze"
    )
)
_STATUS_WORDS = frozenset(
    _WORD.findall("status changed change set marked moved put gewijzigd veranderd gezet from to van naar in")
)
# What follows these words is a name or a value, not part of the action.
_TAIL = re.compile(r"\b(?:by|door|to|naar|aan|van|from|with|met)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|door)\b", re.IGNORECASE)
_LONGEST = 300


class Logged(Protocol):
    """An entry of the log as the mirror holds it; `LogEntry` implements it."""

    logged_at: datetime | None
    person: str
    action: str
    type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is understood.

    `words` are Offorte's own if the code is unknown, `value` is the person or thing named, and `status` is what a
    change of status leads to.
    """

    code: Code
    at: datetime | None
    person: str
    is_client: bool
    words: str = ""
    value: str = ""
    status: str = ""

    @property
    def is_view(self) -> bool:
        """Whether the prospect looked at the proposal."""
        return self.is_client and self.code in VIEWS


@dataclass(frozen=True, slots=True)
class Action:
    """The meaning of one entry's words alone. `code` is None for a change of status, which needs the entries before."""

    code: Code | None
    status: str = ""
    value: str = ""


def read_history(entries: Iterable[Logged]) -> list[Entry]:
    """Read a proposal's whole history; return it oldest first, with undated entries in their place.

    Pass the entries in the order in which Offorte listed them: it decides between entries of the same minute.
    """
    read: list[Entry] = []
    status = ""
    for entry in _in_order(list(entries)):
        action = read_action(entry.action)
        code = action.code or _status_code(action.status, status)
        is_client = entry.type.strip().casefold() in CLIENT_SIDES
        words = entry.action.strip()[:_LONGEST] if code == Code.UNKNOWN else ""
        person = entry.person.strip()
        read.append(Entry(code, entry.logged_at, person, is_client, words, action.value, action.status))
        # A proposal that its prospect viewed was sent, even if the log begins later.
        status = action.status or _LEAVES.get(code) or status or ("open" if code in VIEWS and is_client else "")
    return read


@lru_cache(maxsize=4096)
def read_action(action: str) -> Action:
    """Return the meaning of one action's words."""
    text = html.unescape(action[:_LONGEST])
    words = _words(text)
    if code := _CODES.get(" ".join(words)):
        return Action(code)
    # The person who did it is also a field of the entry, and does not matter for the status.
    if status := _read_status(words) or _read_status(_words(_BY.split(text, maxsplit=1)[0])):
        return Action(None, status)
    cut = _TAIL.search(text)
    if cut is None:
        return Action(Code.UNKNOWN)
    code = _CODES.get(" ".join(_words(text[: cut.start()])), Code.UNKNOWN)
    return Action(code, value=text[cut.end() :].strip(" .:\"'“”") if code != Code.UNKNOWN else "")


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _SMALL]


def find_unknown(entries: Iterable[Logged]) -> set[str]:
    """Return the actions of these entries that are unknown."""
    words = {entry.action.strip()[:_LONGEST] for entry in entries if read_action(entry.action).code == Code.UNKNOWN}
    return words - {""}


def _read_status(words: Sequence[str]) -> str:
    """Return the status that words such as "marked won" or "status gewijzigd van open naar gewonnen" change to."""
    status = _STATUSES.get(words[-1], "") if words else ""
    others = set(words[:-1])
    return status if others and others & _STATUS_WORDS and others <= _STATUS_WORDS | _STATUSES.keys() else ""


def _status_code(status: str, before: str) -> Code:
    if status in _SETTLED:
        return _SETTLED[status]
    if before in _SETTLED:
        return Code.REOPENED
    if status == "edit":
        return Code.BACK_IN_EDIT
    return Code.OPENED if before == "open" else Code.SENT


def _in_order(entries: list[Logged]) -> list[Logged]:
    """Return the entries, oldest first.

    Offorte lists the newest first. Its dates have no seconds, so its order decides between equal dates.
    """
    dated = [entry.logged_at for entry in entries if entry.logged_at]
    is_ascending = bool(dated) and dated[0] < dated[-1]
    ordered = entries if is_ascending else entries[::-1]
    moment: datetime | None = None
    keys: list[tuple[bool, datetime | None]] = []
    for entry in ordered:
        moment = entry.logged_at or moment
        keys.append((moment is not None, moment))
    order = sorted(range(len(ordered)), key=lambda index: (keys[index][0], keys[index][1] or 0))
    return [ordered[index] for index in order]

"""The words of a proposal's history. The reference prints one action; what else Offorte says is open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from offorte_portal.simulator.records import STATUSES, LogEntry
from offorte_portal.simulator.switches import LogWords, Switches

VIEWED = "proposal: viewed"
VIEWED_PDF = "proposal: viewed pdf"

DUTCH = {
    "proposal: created": "Offerte: aangemaakt",
    "proposal: send": "Offerte: verzonden",
    "proposal: send by user": "Offerte: verzonden door gebruiker",
    VIEWED: "Offerte: bekeken",
    VIEWED_PDF: "Offerte: PDF bekeken",
    "proposal: downloaded pdf": "Offerte: PDF gedownload",
    "proposal: comment": "Offerte: reactie geplaatst",
    "proposal: changed options": "Offerte: opties gewijzigd",
    "proposal: accepted": "Offerte: geaccepteerd",
    "proposal: signed": "Offerte: ondertekend",
    "proposal: status edit": "Offerte: status gewijzigd naar concept",
    "proposal: status open": "Offerte: status gewijzigd naar open",
    "proposal: status won": "Offerte: status gewijzigd naar gewonnen",
    "proposal: status lost": "Offerte: status gewijzigd naar verloren",
    "proposal: status closed": "Offerte: status gewijzigd naar gesloten",
    "proposal: modified": "Offerte: bewerkt",
    "proposal: owner changed": "Offerte: eigenaar gewijzigd",
    "proposal: price changed": "Offerte: prijs gewijzigd",
    "proposal: reminder sent": "Offerte: herinnering verzonden",
}
# What some versions of the history only call a change.
VAGUE = frozenset(
    [*(f"proposal: status {status}" for status in STATUSES), "proposal: owner changed", "proposal: price changed"]
)
ACTIONS = tuple(DUTCH)
"""Every documented action of a history; anything else that is logged is undocumented."""


def write_action(action: str, form: LogWords) -> str:
    """An action in the words of this Offorte."""
    if form == "dutch":
        return DUTCH.get(action, action)
    if form == "vague":
        return "proposal: modified" if action in VAGUE else action
    if form == "capitals":
        about, _, what = action.partition(": ")
        return f"{about.capitalize()}: {what.capitalize()}" if what else action.capitalize()
    return action


def tell(history: Sequence[LogEntry], switches: Switches, now: datetime, connected: str) -> list[LogEntry]:
    """The entries that this Offorte tells by now, as it names and dates them; `connected` is who connected it."""
    lag = timedelta(seconds=switches.log_lag)
    names = {"connected": connected, "nobody": ""}
    told = []
    for entry in history:
        late = lag if entry.author == "user" else timedelta()
        if entry.at + late <= now:
            person = names.get(switches.log_names, entry.person) if entry.by_application else entry.person
            at = entry.at + late if switches.log_dates == "told" else entry.at
            told.append(replace(entry, at=at, person=person))
    return told

"""The words of a proposal's history. The reference prints one action; what else Offorte says is open."""

from offorte_portal.simulator.switches import LogWords

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
ACTIONS = tuple(DUTCH)
"""Every documented action of a history; anything else that is logged is undocumented."""


def write_action(action: str, form: LogWords) -> str:
    """An action in the words of this Offorte."""
    if form == "dutch":
        return DUTCH.get(action, action)
    if form == "capitals":
        about, _, what = action.partition(": ")
        return f"{about.capitalize()}: {what.capitalize()}" if what else action.capitalize()
    return action

"""The companies and people of other systems with their suggested matches in Offorte, for people to confirm."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.record_hooks import Tab
from offorte_portal.adminkit.records import record_link
from offorte_portal.other_systems.admin.lists import ImportedListAdmin
from offorte_portal.other_systems.deciding import CERTAIN
from offorte_portal.other_systems.matching import candidates, matched_rows
from offorte_portal.other_systems.models import PartyMatch
from offorte_portal.other_systems.pages import quote_filters
from offorte_portal.other_systems.pages.quote_page import PILLS, describe_party, party_facts
from offorte_portal.other_systems.parties import count_quotes, quotes_of


@admin.register(PartyMatch)
class PartyMatchAdmin(ImportedListAdmin[PartyMatch]):
    """A read-only admin; decisions are POSTs of their own (`other_systems/pages/quotes.py`)."""

    list_display = ["title_cell", "quote_number", "state_pill", "offorte_id", "certainty", "system"]
    list_display_links = ["title_cell"]
    list_filter = quote_filters.MATCH_FILTERS
    list_select_related = ["source", "company"]
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Name")
    card_columns = ("state_pill", "quote_number")
    ordering = ("name_key",)
    change_list_template = "other_systems/parties.html"
    change_form_template = "other_systems/party.html"

    @admin.display(description=gettext_lazy("Name"), ordering="name_key")
    def title_cell(self, match: PartyMatch) -> SafeString:
        """Return the name; below it a company's city, or a person's company, and the e-mail address."""
        place = match.details.get("city") if match.company is None else str(match.company)
        return columns.two_lines(match, [place, match.details.get("email")])

    @admin.display(description=gettext_lazy("Match"), ordering="state")
    def state_pill(self, match: PartyMatch) -> SafeString:
        return columns.pill(PILLS[match.state], match.get_state_display())

    @admin.display(description=gettext_lazy("Confidence"), ordering="confidence")
    def certainty(self, match: PartyMatch) -> SafeString:
        """Return the confidence, with the evidence below it."""
        if not match.confidence:
            return columns.nothing()
        return columns.two_lines(f"{match.confidence}%", [evidence_text(match.evidence)])

    @admin.display(description=gettext_lazy("In Offorte"))
    def offorte_id(self, match: Any) -> SafeString | str:
        """Return the company or person of Offorte that is suggested or matched; its ID where the mirror has none."""
        if match.remote_id is None:
            return columns.nothing()
        return str(match.found) if match.found else f"#{match.remote_id}"

    @admin.display(description=pgettext_lazy("of another system", "Quotes"), ordering="number_of_quotes")
    def quote_number(self, match: Any) -> SafeString:
        """Return the number of quotes for the customer or person."""
        return columns.number(match.number_of_quotes)

    @admin.display(description=gettext_lazy("System"), ordering="source__label")
    def system(self, match: PartyMatch) -> str:
        return str(match.source)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Add the number of quotes, as `number_of_quotes`."""
        return count_quotes(super().get_queryset(request))

    def prepare_rows(self, request: HttpRequest, rows: list[Any]) -> None:
        """Add the company or person of Offorte to each row, as `found`."""
        known = matched_rows(rows)
        for row in rows:
            row.found = known.get((row.kind, row.connection_id, row.remote_id))

    def tabs(self, request: HttpRequest, changelist: FilteredChangeList) -> list[Tab]:
        """Return the lists of companies and of people."""
        current = quote_filters.KindFilter.kind_of(request)
        return [
            Tab(str(label), "", changelist.get_query_string({"kind": kind, "p": None}), kind == current)
            for kind, label in quote_filters.KINDS
        ]

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add the number of matches that can be confirmed together, 0 for those who may not confirm them."""
        kind = quote_filters.KindFilter.kind_of(request)
        proposed = PartyMatch.objects.filter(kind=kind, state=PartyMatch.State.PROPOSED, confidence__gte=CERTAIN)
        may = request.user.has_perm("other_systems.match_importedquote")
        return super().list_context(request, changelist) | {
            "certain": proposed.count() if may else 0,
            "kind": kind,
        }

    def record_context(self, request: HttpRequest, obj: PartyMatch) -> dict[str, Any]:
        """Add the candidates and the first 20 quotes."""
        found = [
            {
                "row": candidate.row,
                "link": record_link(request.user, candidate.row),
                "confidence": candidate.confidence,
                "evidence": evidence_text(candidate.evidence),
                "is_chosen": (
                    obj.remote_id == candidate.row.remote_id and obj.connection_id == candidate.row.connection_id
                ),
            }
            for candidate in candidates(obj)
        ]
        return {
            "party": describe_party(request, obj),
            "facts": party_facts(obj),
            "candidates": found,
            "quotes": quotes_of(obj)[:20],
            "may_match": request.user.has_perm("other_systems.match_importedquote"),
        }


def evidence_text(evidence: list[str]) -> str:
    """Return the marks that agree, in the reader's language."""
    labels = {
        "vat_number": _("VAT number"),
        "coc_number": _("chamber of commerce number"),
        "email": _("e-mail"),
        "domain": _("domain"),
        "name": _("name"),
        "fullname": _("name"),
        "zipcode": _("zip code"),
        "company": _("company"),
        "made": _("created from the portal"),
    }
    return ", ".join(labels.get(name, name) for name in evidence)

"""The customers of other systems with their proposed matches in Offorte, for people to confirm."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.changelist import FilteredChangeList
from offorte_portal.adminkit.records import record_link
from offorte_portal.other_systems.admin.lists import ImportedListAdmin
from offorte_portal.other_systems.deciding import CERTAIN
from offorte_portal.other_systems.matching import candidates
from offorte_portal.other_systems.models import PartyMatch
from offorte_portal.other_systems.pages import quote_filters
from offorte_portal.other_systems.pages.quote_page import PILLS, describe_party, party_facts


@admin.register(PartyMatch)
class PartyMatchAdmin(ImportedListAdmin[PartyMatch]):
    """A read-only admin; decisions are POSTs of their own (`other_systems/pages/quotes.py`)."""

    list_display = ["title_cell", "state_pill", "certainty", "offorte_id", "quote_number", "system"]
    list_display_links = ["title_cell"]
    list_filter = quote_filters.MATCH_FILTERS
    list_select_related = ["source"]
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Name")
    card_columns = ("state_pill", "certainty")
    ordering = ("name_key",)
    change_list_template = "other_systems/parties.html"
    change_form_template = "other_systems/party.html"

    @admin.display(description=gettext_lazy("Customer"), ordering="name_key")
    def title_cell(self, match: PartyMatch) -> SafeString:
        """Return the name, with city and e-mail address below it."""
        return columns.two_lines(match, [match.details.get("city"), match.details.get("email")])

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_pill(self, match: PartyMatch) -> SafeString:
        return columns.pill(PILLS[match.state], match.get_state_display())

    @admin.display(description=gettext_lazy("Confidence"), ordering="confidence")
    def certainty(self, match: PartyMatch) -> SafeString:
        """Return the confidence, with the evidence below it."""
        if not match.confidence:
            return columns.nothing()
        return columns.two_lines(f"{match.confidence}%", [evidence_text(match.evidence)])

    @admin.display(description=gettext_lazy("Offorte ID"))
    def offorte_id(self, match: PartyMatch) -> SafeString:
        return columns.nothing() if match.remote_id is None else SafeString(f"#{match.remote_id}")

    @admin.display(description=gettext_lazy("Quotes"))
    def quote_number(self, match: Any) -> SafeString:
        """Return the number of quotes that name the customer or person."""
        return columns.number(match.number_of_quotes)

    @admin.display(description=gettext_lazy("System"))
    def system(self, match: PartyMatch) -> str:
        return str(match.source)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Add the number of quotes, as `number_of_quotes`."""
        return super().get_queryset(request).annotate(number_of_quotes=Count("quotes"))

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """Add the number of matches that can be confirmed together, 0 for those who may not confirm them."""
        proposed = PartyMatch.objects.filter(state=PartyMatch.State.PROPOSED, confidence__gte=CERTAIN)
        may = request.user.has_perm("other_systems.match_importedquote")
        return super().list_context(request, changelist) | {
            "certain": proposed.count() if may else 0,
            "least": CERTAIN,
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
            "quotes": obj.quotes.all()[:20],
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
        "made": _("made from here"),
    }
    return ", ".join(labels.get(name, name) for name in evidence)

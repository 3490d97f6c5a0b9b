"""The customers of other systems: who they are in Offorte, as proposed, for a person to confirm."""

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
    """To look at; deciding is a POST of its own (`other_systems/pages/quotes.py`)."""

    list_display = ["title_cell", "state_pill", "certainty", "offorte_id", "quote_number", "system"]
    list_display_links = ["title_cell"]
    list_filter = quote_filters.MATCH_FILTERS
    list_select_related = ["source"]
    search_fields = ("name",)
    search_column = "name"
    search_help_text = gettext_lazy("Name")
    card_columns = ("state_pill", "certainty")
    ordering = ("name",)
    change_list_template = "other_systems/parties.html"
    change_form_template = "other_systems/party.html"

    @admin.display(description=gettext_lazy("Customer"), ordering="name")
    def title_cell(self, match: PartyMatch) -> SafeString:
        """The name; below it place and address."""
        return columns.two_lines(match, [match.details.get("city"), match.details.get("email")])

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_pill(self, match: PartyMatch) -> SafeString:
        """What is known of it, in a colour."""
        return columns.pill(PILLS[match.state], match.get_state_display())

    @admin.display(description=gettext_lazy("Confidence"), ordering="confidence")
    def certainty(self, match: PartyMatch) -> SafeString:
        """How sure the portal is, and of what."""
        if not match.confidence:
            return columns.nothing()
        return columns.two_lines(f"{match.confidence}%", [evidence_text(match.evidence)])

    @admin.display(description=gettext_lazy("Offorte ID"))
    def offorte_id(self, match: PartyMatch) -> SafeString:
        """Who it is there."""
        return columns.nothing() if match.remote_id is None else SafeString(f"#{match.remote_id}")

    @admin.display(description=gettext_lazy("Quotes"))
    def quote_number(self, match: Any) -> SafeString:
        """How many quotes name it."""
        return columns.number(match.number_of_quotes)

    @admin.display(description=gettext_lazy("System"))
    def system(self, match: PartyMatch) -> str:
        """Where it is from."""
        return str(match.source)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of quotes."""
        return super().get_queryset(request).annotate(number_of_quotes=Count("quotes"))

    def list_context(self, request: HttpRequest, changelist: FilteredChangeList) -> dict[str, Any]:
        """With how many could be confirmed together."""
        proposed = PartyMatch.objects.filter(state=PartyMatch.State.PROPOSED, confidence__gte=CERTAIN)
        may = request.user.has_perm("other_systems.match_importedquote")
        return super().list_context(request, changelist) | {
            "certain": proposed.count() if may else 0,
            "least": CERTAIN,
        }

    def record_context(self, request: HttpRequest, obj: PartyMatch) -> dict[str, Any]:
        """Who it might be."""
        found = [
            {
                "row": one.row,
                "link": record_link(request.user, one.row),
                "confidence": one.confidence,
                "evidence": evidence_text(one.evidence),
                "is_chosen": obj.remote_id == one.row.remote_id and obj.connection_id == one.row.connection_id,
            }
            for one in candidates(obj)
        ]
        return {
            "party": describe_party(request, obj),
            "facts": party_facts(obj),
            "candidates": found,
            "quotes": obj.quotes.all()[:20],
            "may_match": request.user.has_perm("other_systems.match_importedquote"),
        }


def evidence_text(evidence: list[str]) -> str:
    """What agrees, in words."""
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

"""New proposals in the palette: an empty one, one from the record that a person is on, many from a file."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from contacts.models import Company, Person
from offorte_portal.adminkit.palette.commands import CommandGroup, PaletteCommand
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.compose import drafts
from proposals.models import Proposal

# What a proposal can begin with, beside nothing.
SOURCES = {
    Proposal: (_("Copy into a new proposal"), "copy-plus"),
    Company: (_("New proposal for this company"), "file-plus"),
    Person: (_("New proposal for this person"), "file-plus"),
    Product: (_("New proposal with this product"), "file-plus"),
}
KEYWORDS = "new add create quote nieuw toevoegen maken opstellen"


def offer_proposals(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the ways to compose a proposal, for people who may."""
    if not request.user.has_perm(drafts.PERMISSION):
        return
    new = reverse("compose_new")
    row = page.record
    if row is not None and type(row) in SOURCES and (row.removed_at is None or isinstance(row, Proposal)):
        title, icon = SOURCES[type(row)]
        url = f"{new}?{row._meta.model_name}={row.pk}"
        yield PaletteCommand(title=title, icon=icon, group=CommandGroup.PAGE, url=url, keywords=KEYWORDS)
    group = CommandGroup.PAGE if page.listed is Proposal else CommandGroup.GENERAL
    yield PaletteCommand(title=_("New proposal"), icon="file-plus", group=group, url=new, keywords=KEYWORDS)
    yield PaletteCommand(
        title=_("New proposals from a file"),
        icon="file-spreadsheet",
        group=group,
        url=reverse("compose_many"),
        keywords="new import excel csv nieuw importeren",
    )

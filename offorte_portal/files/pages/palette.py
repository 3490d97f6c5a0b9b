"""Imports in the palette, and the export of the list that a person is on."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.palette.commands import CommandGroup, PaletteCommand
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.files.exports.sheets import find
from offorte_portal.files.imports.importing import may_import
from offorte_portal.files.imports.kinds import KINDS
from offorte_portal.files.pages.import_page import TITLES

EXPORTS = (
    ("xlsx:shown", "file-spreadsheet", _("Export this list to Excel")),
    ("csv:shown", "file-text", _("Export this list to CSV")),
)


def offer_imports(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the imports of records that the person may create."""
    for kind, title in TITLES.items():
        if may_import(request.user, kind):
            yield PaletteCommand(
                title=title,
                icon="upload",
                group=CommandGroup.PAGE if page.listed is KINDS[kind].model else CommandGroup.GENERAL,
                url=reverse("upload_new", args=[kind]),
                keywords="upload file excel csv bestand inlezen",
            )


def offer_exports(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the exports of the list, with its search and filters, as its own menu posts them."""
    if page.listed is None or not find(page.listed._meta.label_lower):
        return
    account = accounts.selected(request)
    for wish, icon, title in EXPORTS:
        yield PaletteCommand(
            title=title,
            icon=icon,
            group=CommandGroup.PAGE,
            url=page.url,
            data={"export": wish, "export_account": str(account.pk) if account else ""},
            keywords="download file bestand downloaden",
        )

"""The Export menu of a list, which exports all rows of the list or the ones that are ticked.

Everybody who may see a list may export it: the file holds nothing that they can't read in the list.
"""

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.additions import ListPart
from offorte_portal.adminkit.selection import Selection
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.files.exports import asking
from offorte_portal.files.exports.names import file_name
from offorte_portal.files.exports.sheets import Column, Sheet, Value, find
from offorte_portal.files.exports.spreadsheet import stream_csv
from offorte_portal.files.exports.writing import heading, open_writer
from offorte_portal.files.models import Export
from offorte_portal.runs import disk
from offorte_portal.runs.reasons import put_into_words

ROWS_A_QUERY = 1_000
EXPORT_PAGE = "admin:files_export_change"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportableLists(ListPart):
    """Adds the Export menu to lists whose model has a sheet."""

    def answer(self, model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase | None:
        """Return the file of a short list, or redirect to the page of a long list's export. Raises PermissionDenied.

        Returns None where the request asks for no export, or the list has no sheet.
        """
        sheet = find(model_admin.opts.label_lower)
        if sheet is None or "export" not in request.POST:
            return None
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        user = staff_user(request)
        sheet = sheet.seen_by(user)
        format, _colon, which = request.POST["export"].partition(":")
        if format not in Export.Format.values:
            return HttpResponseBadRequest()
        if reason := disk.refusal():
            messages.error(request, put_into_words(reason))
            return redirect(request.get_full_path())
        rows, wish = _read_wish(model_admin, request, sheet, format, is_all=which == "all")
        keys = iter(rows.values_list("pk", flat=True).iterator(chunk_size=10_000))
        first = array("q", islice(keys, asking.AT_ONCE + 1))
        if len(first) <= asking.AT_ONCE:
            return _answer(wish, first.tolist(), asking.note_direct(wish, len(first), user))
        try:
            export = asking.ask(wish, chain(first, keys), user)
        except asking.TooManyError:
            text = _("You already have %(count)d exports in progress. Wait for one to finish, or cancel one.")
            messages.warning(request, text % {"count": asking.MOST_ACTIVE})
            return redirect("admin:files_export_changelist")
        return redirect(EXPORT_PAGE, export.pk)

    def context(
        self, model_admin: admin.ModelAdmin[Any], request: HttpRequest, changelist: ChangeList
    ) -> dict[str, Any]:
        """Return the menu for the template; nothing for an empty list, or one without a sheet."""
        if not find(model_admin.opts.label_lower) or not changelist.result_list:
            return {}
        paginator, account = changelist.paginator, getattr(changelist, "account", None)
        menu = {
            "total": getattr(paginator, "count_text", "") or str(paginator.count),
            "account": str(account.pk) if account else "",
            "is_long": paginator.count > asking.AT_ONCE,
        }
        return {"export_menu": menu}


def _read_wish(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, sheet: Sheet, format: str, *, is_all: bool
) -> tuple[QuerySet[Any], asking.Wish]:
    """Return the rows in the order of the list, and the request for their export.

    The account is the one that the page showed, even if the person has since chosen another one in another tab.
    """
    shown = request.POST.get("export_account", "")
    account = next((option for option in accounts.available(request) if str(option.pk) == shown), None)
    ticked = request.POST.getlist("_selected_action") if request.POST.get("select_across") != "1" else []
    # None for the whole list.
    keys = [int(key) for key in ticked if key.isascii() and key.isdecimal() and len(key) <= 18] or None
    selection = Selection(sheet.model, keys, request.GET.urlencode(), account.pk if account else None)
    changelist = selection.open_list(request)
    rows: QuerySet[Any] = changelist.queryset
    narrowed_by = ""
    if keys is None:
        # The search and the filters of the list, as its chips describe them.
        chips = [chip.text for chosen in changelist.filters for chip in chosen.chips(changelist)]
        searched = [_("Search: %s") % changelist.query] if changelist.query else []
        narrowed_by = " · ".join([*searched, *chips])
    else:
        # Ticked rows are exported even if they no longer match the list's filters.
        rows = model_admin.get_queryset(request).filter(pk__in=keys).order_by(*rows.query.order_by)
    columns = sheet.columns if is_all else sheet.shown([str(name) for name in changelist.list_display])
    wish = asking.Wish(
        sheet,
        format,
        [column.name for column in columns],
        query=selection.query,
        narrowed_by=narrowed_by,
        account=account if getattr(changelist, "account", None) else None,
        is_selection=keys is not None,
    )
    return rows, wish


def _answer(wish: asking.Wish, keys: list[int], export: Export) -> HttpResponseBase:
    columns = wish.sheet.choose(wish.columns)
    rows, name = _read(wish.sheet, keys, columns), file_name(export)
    if wish.format == Export.Format.CSV:
        header = [heading(column) for column in columns]
        return stream_csv(name.removesuffix(".csv"), header, rows)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with open_writer(wish.format, file, columns, str(wish.sheet.model._meta.verbose_name_plural)) as writer:
        writer.write(rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)


def _read(sheet: Sheet, keys: list[int], columns: Sequence[Column]) -> Iterator[list[Value]]:
    for start in range(0, len(keys), ROWS_A_QUERY):
        yield from sheet.read(keys[start : start + ROWS_A_QUERY], columns)

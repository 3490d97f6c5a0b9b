"""The sheet of the list of exports."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.words import STARTER, starter
from offorte_portal.files.exports.columns import linked, told
from offorte_portal.files.exports.names import describe_rows, list_name
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from offorte_portal.files.models import Export

EXPORTS = Sheet(
    Export,
    (
        told(Export, "id", label=_("Number")),
        Column("list", _("List"), list_name, reads=("sheet",), cell="title"),
        told(Export, "format", cell="title"),
        Column(
            "narrowed",
            _("Filters"),
            describe_rows,
            ColumnKind.LONG,
            cell="title",
            reads=("narrowed_by", "is_selection", "account__account", "account__label"),
        ),
        told(Export, "state", cell="state_pill"),
        told(Export, "size", cell="rows"),
        told(Export, "created_at", cell="asked"),
        Column("asker", _("Requested by"), starter, reads=STARTER, cell="asker"),
        told(Export, "is_selection"),
        linked("account", _("Account"), "account", "label"),
        told(Export, "bytes"),
        told(Export, "finished_at"),
    ),
)

register(EXPORTS)

"""The lists that can be exported, each as a table."""

from offorte_portal.adminkit.export_sheets import catalog, contacts, operations, proposals, quotes, templates
from offorte_portal.files.exports.sheets import register

register(
    proposals.PROPOSALS,
    *contacts.SHEETS,
    *catalog.SHEETS,
    *templates.SHEETS,
    operations.OPERATIONS,
    operations.EXPORTS,
    *quotes.SHEETS,
)

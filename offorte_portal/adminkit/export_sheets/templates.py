"""The lists of templates, automation sets and users of the account as tables."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.files.exports.columns import account, mirrored, told
from offorte_portal.files.exports.sheets import Column, Sheet
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    ProposalTemplate,
    TextTemplate,
)


def name_of(user: AccountUser) -> str:
    """What the list calls the user."""
    return str(user)


SHEETS = (
    *(
        Sheet(
            model,
            (
                told(model, "name", cell="title"),
                account(cell="title"),
                told(model, "remote_id", cell="remote_id"),
                *mirrored(model)[1:],
            ),
        )
        for model in (AutomationSet, DesignTemplate, EmailTemplate, TextTemplate)
    ),
    Sheet(
        ProposalTemplate,
        (
            told(ProposalTemplate, "name", cell="title"),
            account(cell="title"),
            told(ProposalTemplate, "type", cell="type"),
            told(ProposalTemplate, "remote_id", cell="remote_id"),
            told(ProposalTemplate, "config_language_id"),
            told(ProposalTemplate, "proposal_tpl_id"),
            *mirrored(ProposalTemplate)[1:],
        ),
    ),
    Sheet(
        AccountUser,
        (
            Column("user", _("Name"), name_of, reads=("firstname", "lastname", "email", "remote_id"), cell="title"),
            told(AccountUser, "jobtitle", cell="title"),
            account(cell="title"),
            told(AccountUser, "email", cell="email"),
            told(AccountUser, "phone", cell="phone"),
            told(AccountUser, "firstname"),
            told(AccountUser, "lastname"),
            *mirrored(AccountUser),
        ),
    ),
)

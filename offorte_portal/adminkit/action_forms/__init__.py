"""What a person is asked about a bulk action before its preview: a form for each action that has options."""

from offorte_portal.adminkit.action_forms import catalog, compose, contacts, proposals
from offorte_portal.adminkit.action_forms.base import ActionForm

__all__ = ["ActionForm", "form_for"]

FORMS: dict[str, type[ActionForm]] = {**proposals.FORMS, **contacts.FORMS, **catalog.FORMS, **compose.FORMS}


def form_for(name: str) -> type[ActionForm]:
    """The form of the action; one without fields where it has no options."""
    return FORMS.get(name, ActionForm)

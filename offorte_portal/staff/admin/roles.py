"""The names and the descriptions of roles."""

from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from offorte_portal.staff import rights


def name_roles() -> dict[str, str]:
    """Return the translated names of the roles, by the names of their groups."""
    return {
        "Viewer": _("Viewer"),
        "Seller": _("Seller"),
        "Manager": _("Manager"),
        "Administrator": _("Administrator"),
    }


def describe_roles() -> dict[str, SafeString]:
    """Return each role with a description, the one with the fewest rights first, and "" for no role at the end."""
    sentences = {
        "Viewer": _("Sees customers, products, proposals and reports, and changes nothing."),
        "Seller": _("Writes, changes and sends their own proposals, and adds and changes customers."),
        "Manager": _("Works on everyone’s proposals, approves them, and manages customers and products."),
        "Administrator": _(
            "Does everything a manager does, connects Offorte accounts and other systems, and manages staff."
        ),
    }
    named = {name: _describe(label, sentences[name]) for name, label in name_roles().items()}
    return named | {"": _describe(_("No role"), _("Sees nothing, unless another group allows it."))}


def list_roles(user: User) -> str:
    """Return the person's role and other groups, in one line."""
    role = rights.role_of(user)
    names = [_("Superuser")] if user.is_superuser else []
    return ", ".join([*names, *([name_roles()[role]] if role else []), *(g.name for g in rights.other_groups(user))])


def _describe(label: str, sentence: str) -> SafeString:
    return format_html("<b>{}</b> <small>{}</small>", label, sentence)

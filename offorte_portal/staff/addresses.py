"""E-mail addresses of staff: in lower case, unique, and set by administrators only.

Links to choose a new password are mailed there, so somebody who sets an address can take over the account. allauth
keeps a copy, which is updated as well.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from offorte_portal.staff.sign_in import known_as, lower


def clean_address(text: str, *, of: User | None = None) -> str:
    """Return the address as it is stored, empty for none.

    Raises ValidationError where it is not an address, or another user has it in any case.
    """
    address = lower(text)
    if not address:
        return ""
    validate_email(address)
    others = known_as(address, "email").exclude(pk=of.pk if of and of.pk else 0)
    if taken := others.first():
        raise ValidationError(_("%(name)s already has this e-mail address.") % {"name": taken}, code="taken")
    return address


@transaction.atomic
def set_address(user: User, address: str) -> None:
    """Set the person's only address, as `clean_address` returned it."""
    user.email = address
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).exclude(email=address).delete()
    if address:
        known = {"verified": True, "primary": True}
        EmailAddress.objects.filter(email=address).exclude(user=user).delete()
        EmailAddress.objects.update_or_create(user=user, email=address, defaults=known)


def derive_username(address: str) -> str:
    """Return a free username from the part of the address before the @."""
    stem = address.partition("@")[0][:140] or "staff"
    taken = {
        name.lower() for name in User.objects.filter(username__istartswith=stem).values_list("username", flat=True)
    }
    numbers = (f"{stem}{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (stem, *numbers) if name.lower() not in taken)

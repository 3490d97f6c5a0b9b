"""The form of a member of staff: name, address, role, and their Offorte user in each account."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.connections.models import Connection
from offorte_portal.staff import addresses, rights
from offorte_portal.staff.admin.roles import describe_roles
from offorte_portal.staff.links import Match
from offorte_portal.staff.members import Details
from offorte_portal.staff.models import OfforteUserLink
from offorte_portal.staff.roles import ROLES
from offorte_portal.staff.sign_in import known_as
from proposals.models import AccountUser


class MemberForm(forms.Form):
    """Adds a member of staff (`member` is None) or changes one; offers only what `by` may grant."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        required=False,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Can sign in"), required=False, initial=True)
    is_superuser = forms.BooleanField(
        label=gettext_lazy("Superuser"),
        required=False,
        help_text=gettext_lazy("Can do everything, including technical pages, regardless of role."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False, widget=forms.RadioSelect)
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Other groups"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, by: User, member: User | None = None, matches: list[Match]) -> None:
        self.by, self.member = by, member
        super().__init__(data, initial=_read(member) if member else {"role": "Seller"})
        self._offer_groups()
        if member is None:
            self.fields["username"].help_text = _("Leave empty to create one from the e-mail address.")
            del self.fields["is_active"]
        elif not member.email:
            self.fields["email"].required = False
        if not rights.is_superuser(by):
            del self.fields["is_superuser"]
        self.matches = {match.offorte_user.connection_id: match for match in matches}
        self.accounts = dict(self._offer_offorte_users())

    def _offer_groups(self) -> None:
        offered = rights.grantable_groups(self.by)
        names = {group.name for group in offered}
        held = rights.role_of(self.member) if self.member else ""
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = [
            (name, words) for name, words in describe_roles().items() if not name or name in names or name == held
        ]
        others = cast("forms.ModelMultipleChoiceField[Group]", self.fields["groups"])
        others.queryset = offered.exclude(name__in=ROLES)
        if not others.queryset.exists():
            del self.fields["groups"]

    def _offer_offorte_users(self) -> Iterator[tuple[str, Connection]]:
        """Add a field for each account that has users or a link; yield its name and the account."""
        links = OfforteUserLink.objects.select_related("user")
        taken = {(link.connection_id, link.remote_id): link for link in links}
        held = {link.connection_id: link for link in links if self.member and link.user_id == self.member.pk}
        users: dict[int, list[AccountUser]] = {}
        for user in AccountUser.objects.present().defer("payload").order_by("firstname", "lastname", "pk"):
            users.setdefault(user.connection_id, []).append(user)
        for account in Connection.objects.order_by("label", "account"):
            own = held.get(account.pk)
            if account.pk not in users and own is None:
                continue
            name = f"offorte_{account.pk}"
            choices = [("", _("Not linked")), *self._choices(users.get(account.pk, []), taken)]
            if own and str(own.remote_id) not in dict(choices):
                choices.append((str(own.remote_id), _("%s (no longer in Offorte)") % own))
            words = {
                "invalid_choice": _("This Offorte user is linked to someone else, or no longer exists in Offorte.")
            }
            self.fields[name] = forms.ChoiceField(
                label=str(account), choices=choices, required=False, error_messages=words
            )
            self.initial[name] = str(own.remote_id) if own else ""
            yield name, account

    def _choices(
        self, users: list[AccountUser], taken: dict[tuple[int, int], OfforteUserLink]
    ) -> Iterator[tuple[str, str]]:
        """Yield the Offorte users that nobody else is linked to, because each belongs to one person only."""
        for user in users:
            link = taken.get((user.connection_id, user.remote_id))
            if link is None or (self.member and link.user_id == self.member.pk):
                name = str(user)
                yield str(user.remote_id), name if name == user.email or not user.email else f"{name} · {user.email}"

    @property
    def account_fields(self) -> list[tuple[BoundField, Match | None]]:
        """Each account's field, and the match by address where nobody is linked."""
        return [
            (self[name], None if self.initial[name] else self.matches.get(account.pk))
            for name, account in self.accounts.items()
        ]

    def clean_email(self) -> str:
        """Return the address in lower case. Raises ValidationError where another user has it."""
        return addresses.clean_address(self.cleaned_data["email"], of=self.member)

    def clean_username(self) -> str:
        """Return the username, or one made from the address. Raises ValidationError where another user has it."""
        name: str = self.cleaned_data["username"] or (self.member.username if self.member else "")
        others = known_as(name, "username").exclude(pk=self.member.pk if self.member else 0)
        if name and others.exists():
            raise ValidationError(_("Someone else already has this username."))
        return name or addresses.derive_username(self.cleaned_data.get("email", ""))

    def clean_is_active(self) -> bool:
        """Return the choice. Raises ValidationError where people would lock themselves out."""
        is_active: bool = self.cleaned_data["is_active"]
        if not is_active and self.member == self.by:
            raise ValidationError(_("You can’t switch off your own account."))
        return is_active

    @property
    def details(self) -> Details:
        """The details in the valid form."""
        data = self.cleaned_data
        return Details(
            **{name: data[name] for name in ("username", "first_name", "last_name", "email", "role")},
            is_active=data.get("is_active", True),
            groups=tuple(data.get("groups", ())),
            is_superuser=data.get("is_superuser"),
        )

    @property
    def choices(self) -> list[tuple[Connection, int | None]]:
        """The id of the chosen Offorte user in each account, None for nobody."""
        chosen = ((account, self.cleaned_data[name]) for name, account in self.accounts.items())
        return [(account, int(text) if text else None) for account, text in chosen]


def _read(member: User) -> dict[str, Any]:
    names = ("username", "first_name", "last_name", "email", "is_superuser")
    return {name: getattr(member, name) for name in names} | {
        "is_active": member.is_active and member.is_staff,
        "role": rights.role_of(member),
        "groups": rights.other_groups(member),
    }

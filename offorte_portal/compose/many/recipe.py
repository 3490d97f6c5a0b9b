"""What many proposals have in common, fixed on confirmation: the pattern of their names and what they are made from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal import ports
from offorte_portal.compose import placeholders
from offorte_portal.compose.document import Table, dump_tables
from offorte_portal.compose.validation import CHOSEN, find_table_faults
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import REASSIGN, find_owner
from proposals.languages import usual_language, write_date
from proposals.models import AccountUser

Json = dict[str, Any]
OWNER, TEMPLATE = "account_user_id", "proposal_template_id"
# The placeholders that a pattern can contain, without their braces.
NAMES = ("company", "city", "template", "owner", "date")
NAME_CHARACTERS = 255


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`chosen` holds Offorte's ids by the reference's parameters, of rows of one account; `names` holds their names.

    `tables` are price tables as drafts store them. Without an account nothing was chosen, and it fits any account.
    """

    pattern: str
    date: str
    connection_id: int | None = None
    chosen: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: list[Json] = field(default_factory=list)

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored["recipe"])

    def dump(self) -> Json:
        return {"recipe": asdict(self)}

    def name_for(self, company: Company, owner: str = "") -> str:
        """Return the name of a company's proposal; "" if a placeholder in it has no value."""
        values = {"company": company.name, "city": company.city}
        return self.fill(self.pattern, values | ({"owner": owner} if owner else {}))

    def fill(self, pattern: str, known: Mapping[str, str]) -> str:
        """Return the pattern filled with the values of one proposal; "" if a placeholder in it has no value."""
        values = {**dict.fromkeys(NAMES, ""), "date": self.date, **self.names, **known}
        return "" if placeholders.find_empty(pattern, values) else placeholders.fill(pattern, values).strip()

    def is_whole(self) -> bool:
        """Return whether Offorte still has everything that was chosen."""
        return all(
            model._default_manager.filter(
                connection=self.connection_id, remote_id=self.chosen[parameter], removed_at__isnull=True
            ).exists()
            for parameter, _column, model in CHOSEN
            if parameter in self.chosen
        )


def clean_recipe(things: Mapping[str, Mirrored], pattern: Any, tables: list[Table]) -> Recipe:
    """Return a recipe of the chosen rows, by the reference's parameter. Raises ValidationError by option."""
    accounts = {row.connection_id for row in things.values()}
    if len(accounts) > 1:
        raise ValidationError(
            {TEMPLATE: _("Your choices belong to different Offorte accounts. Choose from one account only.")}
        )
    if faults := find_table_faults(tables):
        text = _("The rows of this proposal can’t be used: %s")
        raise ValidationError({"source": text % faults[0].text})
    names = {"template": TEMPLATE, "owner": OWNER}
    chosen = {parameter: row.remote_id for parameter, row in things.items() if parameter != "source"}
    account = next(iter(accounts), None)
    return Recipe(
        pattern=clean_pattern(pattern),
        date=write_date(timezone.localdate(ports.now()), usual_language(account)),
        connection_id=account,
        chosen=chosen,
        names={name: str(things[parameter]) for name, parameter in names.items() if parameter in things},
        tables=dump_tables([table for table in tables if table.rows]),
    )


def clean_pattern(pattern: Any) -> str:
    """Return a pattern whose placeholders can all be filled in. Raises ValidationError."""
    text = str(pattern or "").replace("\x00", "").strip()
    if not text:
        raise ValidationError({"pattern": _("Give the proposals a name.")})
    if unknown := placeholders.find_unknown(text, dict.fromkeys(NAMES, "")):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError({"pattern": _("The portal can’t fill in %(names)s.") % {"names": names}})
    if len(text) > NAME_CHARACTERS:
        raise ValidationError({"pattern": _("At most %d characters.") % NAME_CHARACTERS})
    return text


def settle_owner(recipe: Recipe, connection_id: int, by: User, known: dict[int, Any]) -> int | None:
    """Return the owner: the chosen one, or the person if they may not choose; None for Offorte's default.

    `known` caches who the person is in each account.
    """
    if by.has_perm(REASSIGN):
        return recipe.chosen.get(OWNER)
    if connection_id not in known:
        known[connection_id] = find_owner(connection_id, by)
    remote_id: int | None = known[connection_id]
    return remote_id


def name_owner(connection_id: int, remote_id: int, known: dict[tuple[int, int], str]) -> str:
    """Return the name of an owner of proposals; `known` caches it."""
    if (connection_id, remote_id) not in known:
        rows = AccountUser.objects.filter(connection=connection_id, remote_id=remote_id)
        known[connection_id, remote_id] = str(rows.first() or "")
    return known[connection_id, remote_id]

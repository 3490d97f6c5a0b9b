"""What many proposals have in common, frozen when it is confirmed: how they are named, what they are made from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal import ports
from offorte_portal.compose import placeholders
from offorte_portal.compose.document import Table, dump_tables, load_tables
from offorte_portal.compose.validation import CHOSEN, find_table_faults
from offorte_portal.mirror.models import Mirrored
from offorte_portal.staff.access import REASSIGN, find_owner
from proposals.models import AccountUser

Json = dict[str, Any]
OWNER, TEMPLATE = "account_user_id", "proposal_template_id"
# What a pattern can be made of, the way it is written in braces.
NAMES = ("company", "city", "template", "owner", "date")
NAME_CHARACTERS = 255


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`chosen` are Offorte's ids by the reference's parameters, of things of one account; `names` what they are called.

    `tables` are price tables as drafts keep them. Without an account nothing was chosen, and any will do.
    """

    pattern: str
    date: str
    connection_id: int | None = None
    chosen: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: list[Json] = field(default_factory=list)

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """A recipe as a job keeps it."""
        return cls(**stored["recipe"])

    def dump(self) -> Json:
        """As a job keeps it."""
        return {"recipe": asdict(self)}

    def name_for(self, company: Company, owner: str = "") -> str:
        """What a company's proposal is called; "" where something is not known that its name is made of."""
        told = {"company": company.name, "city": company.city}
        return self.fill(self.pattern, told | ({"owner": owner} if owner else {}))

    def fill(self, pattern: str, told: Mapping[str, str]) -> str:
        """A name with what is told of one proposal; "" where something is not known that it is made of."""
        values = {**dict.fromkeys(NAMES, ""), "date": self.date, **self.names, **told}
        return "" if placeholders.find_empty(pattern, values) else placeholders.fill(pattern, values).strip()

    def is_whole(self) -> bool:
        """Whether Offorte still has everything that was chosen."""
        held = ((model, self.chosen[parameter]) for parameter, _column, model in CHOSEN if parameter in self.chosen)
        return all(is_present(model, self.connection_id, remote_id) for model, remote_id in held)


def is_present(model: type[Mirrored], connection_id: int | None, remote_id: int) -> bool:
    """Whether Offorte still has it."""
    rows = model._default_manager.filter(connection=connection_id, remote_id=remote_id, removed_at__isnull=True)
    return rows.exists()


def clean_recipe(things: Mapping[str, Mirrored], pattern: Any, tables: list[Table]) -> Recipe:
    """A recipe of what a person chose, things by the reference's parameter. Raises ValidationError by option."""
    accounts = {thing.connection_id for thing in things.values()}
    if len(accounts) > 1:
        raise ValidationError({TEMPLATE: _("What you chose is of several accounts. Choose from one of them only.")})
    if faults := find_table_faults(tables):
        text = _("Its rows can’t be used as they are: %s")
        raise ValidationError({"source": text % faults[0].text})
    names = {"template": TEMPLATE, "owner": OWNER}
    chosen = {parameter: thing.remote_id for parameter, thing in things.items() if parameter != "source"}
    return Recipe(
        pattern=clean_pattern(pattern),
        date=date_format(timezone.localdate(ports.now()), "SHORT_DATE_FORMAT"),
        connection_id=next(iter(accounts), None),
        chosen=chosen,
        names={name: str(things[parameter]) for name, parameter in names.items() if parameter in things},
        tables=dump_tables([table for table in tables if table.rows]),
    )


def clean_pattern(pattern: Any) -> str:
    """A name with placeholders that can all be filled in. Raises ValidationError."""
    text = str(pattern or "").replace("\x00", "").strip()
    if not text:
        raise ValidationError({"pattern": _("Give the proposals a name.")})
    if unknown := placeholders.find_unknown(text, dict.fromkeys(NAMES, "")):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError({"pattern": _("The portal can't fill in %(names)s.") % {"names": names}})
    if len(text) > NAME_CHARACTERS:
        raise ValidationError({"pattern": _("At most %d characters.") % NAME_CHARACTERS})
    return text


def settle_owner(recipe: Recipe, connection_id: int, by: User, known: dict[int, Any]) -> int | None:
    """In whose name a proposal is made: who was chosen, or the person where they may not choose; None: Offorte's own.

    `known` remembers whom the person is in each account.
    """
    if by.has_perm(REASSIGN):
        return recipe.chosen.get(OWNER)
    if connection_id not in known:
        known[connection_id] = find_owner(connection_id, by)
    remote_id: int | None = known[connection_id]
    return remote_id


def name_owner(connection_id: int, remote_id: int, known: dict[tuple[int, int], str]) -> str:
    """What the owner of proposals is called; `known` remembers it."""
    if (connection_id, remote_id) not in known:
        rows = AccountUser.objects.filter(connection=connection_id, remote_id=remote_id)
        known[connection_id, remote_id] = str(rows.first() or "")
    return known[connection_id, remote_id]


def tables_of(recipe: Recipe) -> list[Table]:
    """The price tables of the recipe."""
    return load_tables(recipe.tables)

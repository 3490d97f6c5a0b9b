"""Actions that give every row the same values."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Action, Choice, M, Options, Rule, Skip, Step, Write
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason


class SetFields(Action[M]):
    """Writes `draft(options)` to each row, as far as the row holds something else."""

    @abstractmethod
    def draft(self, options: Options) -> dict[str, Any]:
        """What each row is to hold, by Offorte's parameters."""

    def already(self, options: Options) -> Reason:
        """Why a row that holds it already is left out."""
        return JobReason.ALREADY_SO()

    def fields(self, options: Options) -> tuple[str, ...]:
        """The parameters that are written."""
        return tuple(self.draft(options))

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Rows that hold all of it already."""
        held = {parameters.column(self.target, name): value for name, value in self.draft(choice.options).items()}
        yield Rule(Q(**held), self.already(choice.options))

    def plan(self, rows: Sequence[M], choice: Choice) -> Iterator[Step | Skip]:
        """One change a row, of what differs."""
        draft = self.draft(choice.options)
        for row in rows:
            before = parameters.known(self.target, row, draft)
            changes = {name: value for name, value in draft.items() if before.get(name) != value}
            yield Step([change(self.target, row, changes)]) if changes else Skip(self.already(choice.options))


class SetThing(SetFields[M]):
    """Points each row to one thing of its account: an owner, a template, a VAT group, a directory.

    `option` names the option, `parameter` what Offorte calls it.
    """

    option: str
    parameter: str

    def clean(self, options: Any) -> Options:
        """The thing that was chosen, with what has to be known of it later."""
        thing = choose(parameters.NAMED[self.parameter], options.get(self.option), self.option)
        return {self.option: thing.pk} | described(thing)

    def describe(self, options: Options) -> str:
        """The action with the thing's name."""
        return f"{self.label}: {options['name']}"

    def draft(self, options: Options) -> dict[str, Any]:
        """The thing's id at Offorte."""
        return {self.parameter: options["remote_id"]}

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Rows of other accounts too, for the thing is of one."""
        yield other_account(choice.options)
        yield from super().rules(choice)


def change(target: str, row: Mirrored, draft: dict[str, Any]) -> Write:
    """A change of one row."""
    before = parameters.known(target, row, draft)
    return Write(
        connection_id=row.connection_id,
        target=target,
        remote_id=row.remote_id,
        parent_remote_id=getattr(row, "company_remote_id", None) if target == "people" else None,
        label=str(row),
        draft=draft,
        before=before,
    )


def choose(model: type[Mirrored], value: Any, option: str) -> Any:
    """The row of that key that Offorte still has. Raises ValidationError for the option."""
    key = value.pk if isinstance(value, Mirrored) else value
    row = model._default_manager.filter(pk=key, removed_at__isnull=True).first() if str(key or "").isdigit() else None
    if row is None:
        raise ValidationError({option: _("Choose one that Offorte still has.")})
    return row


def described(thing: Mirrored) -> Options:
    """What a job keeps of the thing that was chosen: its id at Offorte, its account and its name."""
    return {"remote_id": thing.remote_id, "connection": thing.connection_id, "name": str(thing)}


def other_account(options: Options) -> Rule:
    """Rows of other accounts than that of the thing that was chosen."""
    return Rule(~Q(connection=options["connection"]), JobReason.OTHER_ACCOUNT())

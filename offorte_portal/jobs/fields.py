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
        """Return what each row should hold, by Offorte's parameters."""

    def already(self, options: Options) -> Reason:
        """Return the reason why a row that holds it already is left out."""
        return JobReason.ALREADY_SO()

    def fields(self, options: Options) -> tuple[str, ...]:
        return tuple(self.draft(options))

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out the rows that hold all of it already."""
        held = {parameters.column(self.target, name): value for name, value in self.draft(choice.options).items()}
        yield Rule(Q(**held), self.already(choice.options))

    def plan(self, rows: Sequence[M], choice: Choice) -> Iterator[Step | Skip]:
        """Yield one change for each row, of the values that differ."""
        draft = self.draft(choice.options)
        for row in rows:
            before = parameters.known(self.target, row, draft)
            changes = {name: value for name, value in draft.items() if before.get(name) != value}
            yield Step([change(self.target, row, changes)]) if changes else Skip(self.already(choice.options))


class SetReference(SetFields[M]):
    """Points each row to one row of its account: an owner, a template, a VAT group, a directory.

    `option` names the option, `parameter` is Offorte's name for it.
    """

    option: str
    parameter: str

    def clean(self, options: Any) -> Options:
        """Return the chosen row, with what has to be known of it later. Raises ValidationError by option."""
        row = choose(parameters.NAMED[self.parameter], options.get(self.option), self.option)
        return {self.option: row.pk} | described(row)

    def describe(self, options: Options) -> str:
        return f"{self.label}: {options['name']}"

    def draft(self, options: Options) -> dict[str, Any]:
        """Return the chosen row's id at Offorte."""
        return {self.parameter: options["remote_id"]}

    def rules(self, choice: Choice) -> Iterable[Rule]:
        """Leave out rows of other accounts too, as the chosen row belongs to one account."""
        yield other_account(choice.options)
        yield from super().rules(choice)


def change(target: str, row: Mirrored, draft: dict[str, Any]) -> Write:
    """Return a change of one row, with the values before it."""
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
    """Return the row with that key if Offorte still has it. Raises ValidationError for the option."""
    key = value.pk if isinstance(value, Mirrored) else value
    row = model._default_manager.filter(pk=key, removed_at__isnull=True).first() if str(key or "").isdigit() else None
    if row is None:
        raise ValidationError({option: _("This is no longer in Offorte. Choose another one.")})
    return row


def described(row: Mirrored) -> Options:
    """Return what a job keeps of a chosen row: its id at Offorte, its account and its name."""
    return {"remote_id": row.remote_id, "connection": row.connection_id, "name": str(row)}


def other_account(options: Options) -> Rule:
    """Return the rule that leaves out rows of other accounts than that of the chosen row."""
    return Rule(~Q(connection=options["connection"]), JobReason.OTHER_ACCOUNT())

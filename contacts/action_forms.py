"""Forms for the options of bulk actions on companies and people."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts import merging
from contacts.models import Company, Person
from offorte_portal.adminkit.words import count_things
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action_forms import FORMS, ActionForm, choices_of
from offorte_portal.mirror import search
from proposals.models import Proposal

ADDRESS = ("street", "zipcode", "city", "state", "country", "phone", "email", "internet")
NETWORKS = ("linkedin", "facebook", "twitter")
# The most companies that a search offers.
MOST_COMPANIES = 20
# The most selected companies that are offered as the one that remains.
MOST_MERGED = 50


class CompanySearchForm(ActionForm):
    """A form that searches for a company, and asks which one where the search finds several."""

    words = forms.CharField(required=False, max_length=100)
    company = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the companies that the search finds in the accounts of the selection."""
        self.found: list[Company] = []
        if words := str(self.data.get("words", "")).strip():
            found = search.apply(self.present(Company), words).order_by("name_key")
            self.found = list(found.defer("payload", "search_text")[:MOST_COMPANIES])
        choices = [(company.pk, self._label(company)) for company in self.found]
        field = self.fields["company"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices
        if not choices:
            field.widget = forms.HiddenInput()

    def _label(self, company: Company) -> str:
        several = len(self.chosen.connections) > 1
        return ", ".join(filter(None, [str(company), company.city, str(company.connection) if several else ""]))

    def choose(self, cleaned: dict[str, Any]) -> int | None:
        """Return the company's key; None, with an error at the field to correct, where no single company is chosen."""
        if cleaned.get("company"):
            return int(cleaned["company"])
        if len(self.found) == 1:
            return self.found[0].pk
        if self.found:
            self.add_error("company", _("Choose one of these."))
        elif cleaned.get("words"):
            self.add_error("words", _("No companies match your search."))
        else:
            self.add_error("words", _("Enter a company name, city, e-mail address or number."))
        return None


class FieldsForm(ActionForm):
    """New values for some fields. A field left empty keeps its value, unless it is ticked to be cleared."""

    parameters: ClassVar[tuple[str, ...]]
    empty = forms.MultipleChoiceField(
        label=gettext_lazy("Clear these fields"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Add a field for each of Offorte's parameters."""
        choices = [(name, capfirst(label)) for name, label in choices_of(self.parameters, self.action)]
        for name, label in choices:
            widget = forms.TextInput(attrs={"placeholder": _("don’t change"), "autocomplete": "off"})
            self.fields[f"new_{name}"] = forms.CharField(label=label, required=False, max_length=255, widget=widget)
        self.fields["empty"].choices = choices  # type: ignore[attr-defined]
        self.order_fields([f"new_{name}" for name in self.parameters])

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the values filled in, and an empty text for each field to make empty."""
        given = {name: cleaned[f"new_{name}"] for name in self.parameters if cleaned.get(f"new_{name}")}
        return {"fields": {**given, **dict.fromkeys(cleaned.get("empty", ()), "")}}


class CompanyFieldsForm(FieldsForm):
    parameters = ("name", *ADDRESS, "fax", "vat_number", "coc_number", *NETWORKS)


class PersonFieldsForm(FieldsForm):
    parameters = ("salutation", "firstname", "lastname", "fullname", "mobile", *ADDRESS, *NETWORKS)


class DeleteCompaniesForm(CompanySearchForm):
    people = forms.ChoiceField(
        label=gettext_lazy("What should happen to their people?"),
        choices=[
            ("skip", gettext_lazy("Skip companies that have people")),
            ("delete", gettext_lazy("Delete their people too")),
            ("move", gettext_lazy("Move their people to this company first:")),
        ],
        initial="skip",
        widget=forms.RadioSelect,
    )
    field_order = ("people", "words", "company")

    def prepare(self) -> None:
        """Search for the company that the people move to."""
        super().prepare()
        self.fields["words"].label = _("Company to move their people to")
        self.fields["company"].label = _("Which one?")

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the options; the company is None unless people move."""
        people = cleaned["people"]
        return {"people": people, "company": self.choose(cleaned) if people == "move" else None}


class MoveForm(CompanySearchForm):
    proposals = forms.ChoiceField(
        label=gettext_lazy("What should happen to their proposals?"),
        choices=[
            ("move", gettext_lazy("Move proposals that have no other recipients")),
            ("leave", gettext_lazy("Keep all proposals with the current company")),
        ],
        initial="move",
        widget=forms.RadioSelect,
    )
    field_order = ("words", "company", "proposals")

    def prepare(self) -> None:
        """Search for the company that the people move to."""
        super().prepare()
        self.fields["words"].label = _("Company to move them to")
        self.fields["words"].help_text = _("Name, city, e-mail address or number.")
        self.fields["company"].label = _("Which one?")

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"company": self.choose(cleaned), "proposals": cleaned["proposals"]}


class SurvivorChoice(forms.ModelChoiceField[Company]):
    """A choice of a company, labelled with its details, counts and Offorte ID to set it apart from its duplicates."""

    def label_from_instance(self, obj: Any) -> str:
        proposals = count_things(Proposal, obj.proposal_number)
        people = count_things(Person, obj.people_number)
        facts = [str(obj), obj.city, obj.email, obj.vat_number, f"#{obj.remote_id}", proposals, people]
        return " · ".join(filter(None, facts))


class MergeForm(ActionForm):
    """A choice of the selected company that remains, and for each field that differs, of the value to keep.

    The choices of values are those for one company that remains (`shown_for`); for another one they are made again.
    """

    shows_all = True
    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)
    survivor = SurvivorChoice(
        Company.objects.none(),
        label=gettext_lazy("Which company do you want to keep?"),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It gets the proposals and people of the other companies, which are then deleted."),
    )

    def prepare(self) -> None:
        """Offer the selected companies, the one with the most proposals first and preselected."""
        people = Count("people", filter=Q(people__removed_at__isnull=True), distinct=True)
        proposals = Count("proposals", filter=Q(proposals__removed_at__isnull=True), distinct=True)
        selected = self.present(Company).filter(pk__in=self.chosen.keys[:MOST_MERGED])
        counted = selected.annotate(people_number=people, proposal_number=proposals)
        field = self.fields["survivor"]
        field.queryset = counted.order_by("-proposal_number", "-people_number", "pk")  # type: ignore[attr-defined]
        companies = list(field.queryset)  # type: ignore[attr-defined]
        field.initial = companies[0].pk if companies else None
        requested = str(self.data.get("survivor", ""))
        self.keeper = next((row for row in companies if str(row.pk) == requested), companies[0] if companies else None)
        self.others: list[Any] = []
        self.values: dict[str, list[merging.Value]] = {}
        if self.keeper:
            account = self.keeper.connection_id
            self.others = [row for row in companies if row != self.keeper and row.connection_id == account]
            self.values = merging.differing(self.keeper, self.others)
            self._offer(self.keeper)

    def _offer(self, keeper: Company) -> None:
        """Add a choice of values for each field that differs, with the suggested one preselected."""
        suggested = {f"field_{name}": str(merging.suggest(each).company.pk) for name, each in self.values.items()}
        for (name, values), (field, key) in zip(self.values.items(), suggested.items(), strict=True):
            choices = [(str(value.company.pk), self._label(value)) for value in values]
            label = capfirst(str(parameters.label(self.action.target, name)))
            self.fields[field] = forms.ChoiceField(
                label=label, choices=choices, initial=key, required=False, widget=forms.RadioSelect
            )
        self.fields["shown_for"].initial = str(keeper.pk)
        if self.is_bound and str(self.data.get("shown_for", "")) != str(keeper.pk):
            given: Any = self.data
            data = given.copy()
            for name, value in {**suggested, "shown_for": str(keeper.pk)}.items():
                data[name] = value
            self.data = data

    def _label(self, value: merging.Value) -> str:
        text = value.text or _("leave empty")
        return f"{text} – {value.company} (#{value.company.remote_id})"

    def collect(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Return the company that remains, and the values that it gets from others."""
        fields = {}
        for name, values in self.values.items():
            key = cleaned.get(f"field_{name}") or str(merging.suggest(values).company.pk)
            chosen = next((value for value in values if str(value.company.pk) == key), values[0])
            if chosen.text != values[0].text:
                fields[name] = chosen.text
        return {"survivor": cleaned["survivor"].pk, "fields": fields}

    def summarize(self) -> list[str]:
        """Return what the merge does, in sentences: what stays and moves, what changes, what is deleted."""
        keeper = self.keeper
        if keeper is None or not self.others:
            return []
        moves = merging.count_moves(keeper, self.others)
        proposals = sum(row.proposal_number for row in self.others)
        told = [
            _("%(name)s stays. It gets %(people)s and %(proposals)s.")
            % {
                "name": keeper,
                "people": count_things(Person, moves.people),
                "proposals": count_things(Proposal, proposals),
            }
        ]
        if moves.known:
            text = ngettext(
                "%(count)d person is already there with the same e-mail address and isn’t created again.",
                "%(count)d people are already there with the same e-mail address and aren’t created again.",
                moves.known,
            )
            told.append(text % {"count": moves.known})
        for name, value in self.options["fields"].items():
            label = capfirst(str(parameters.label(self.action.target, name)))
            old = self.values[name][0].text
            text = _("%(field)s becomes “%(new)s” instead of “%(old)s”.") if old else _("%(field)s becomes “%(new)s”.")
            told.append(text % {"field": label, "new": value, "old": old})
        names = ", ".join(f"{row} (#{row.remote_id})" for row in self.others)
        text = ngettext(
            "%(names)s is deleted once everything has moved. That can’t be undone.",
            "%(names)s are deleted once everything has moved. That can’t be undone.",
            len(self.others),
        )
        return [*told, text % {"names": names}]


FORMS.update(
    {
        "companies.set_fields": CompanyFieldsForm,
        "companies.delete": DeleteCompaniesForm,
        "companies.merge": MergeForm,
        "people.set_fields": PersonFieldsForm,
        "people.move": MoveForm,
    }
)

"""Companies and their people, as Offorte has them (GET /companies, GET /companies/:id/people/)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal.mirror.models import FoldedField, Mirrored, list_index, removed_index, sort_key
from offorte_portal.text import keys


class Contact(Mirrored):
    """The address fields that a company and a person share."""

    street = models.TextField(_("street"), default="")
    zipcode = models.TextField(_("zip code"), default="")
    city = models.TextField(_("city"), default="")
    state = models.TextField(pgettext_lazy("part of a country", "state"), default="")
    country = models.TextField(_("country"), default="")
    phone = models.TextField(_("phone"), default="")
    email = models.TextField(_("e-mail"), default="")
    internet = models.TextField(_("website"), default="")
    linkedin = models.TextField(_("LinkedIn"), default="")
    facebook = models.TextField(_("Facebook"), default="")
    twitter = models.TextField(_("Twitter"), default="")
    # The text that search matches, in lower case.
    search_text = models.TextField(default="", editable=False)

    class Meta(Mirrored.Meta):
        abstract = True


class Company(Contact):
    """A company that proposals are made for."""

    name = models.TextField(_("name"), default="")
    fax = models.TextField(_("fax"), default="")
    coc_number = models.TextField(_("chamber of commerce number"), default="")
    vat_number = models.TextField(_("VAT number"), default="")
    name_key = sort_key("name")
    # By which the spellings of one name are found.
    match_key = FoldedField("name", keys.near_company_key)

    class Meta(Contact.Meta):
        permissions = [("merge_company", gettext_noop("Can merge companies"))]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [
            models.Index(name="contacts_company_by_match", fields=["match_key", "connection"]),
            list_index("contacts_company_by_name", "name_key"),
            list_index("contacts_company_by_remote_id", "remote_id"),
            removed_index("contacts_company_removed"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"


class Person(Contact):
    """A person in a company, who can receive its proposals."""

    company = models.ForeignKey(Company, models.SET_NULL, null=True, related_name="people", verbose_name=_("company"))
    company_remote_id = models.BigIntegerField(null=True)
    firstname = models.TextField(_("first name"), default="")
    lastname = models.TextField(_("last name"), default="")
    fullname = models.TextField(_("full name"), default="")
    salutation = models.TextField(_("salutation"), default="")
    mobile = models.TextField(_("mobile"), default="")
    name_key = sort_key("fullname")

    class Meta(Contact.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            # People whose company is not known yet.
            models.Index(
                name="contacts_person_unlinked",
                fields=["connection", "company_remote_id"],
                condition=models.Q(company__isnull=True),
            ),
            list_index("contacts_person_by_name", "name_key"),
            list_index("contacts_person_by_remote_id", "remote_id"),
            removed_index("contacts_person_removed"),
        ]

    def __str__(self) -> str:
        return self.fullname or f"{self.firstname} {self.lastname}".strip() or f"#{self.remote_id}"

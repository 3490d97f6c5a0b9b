"""Which proposals a person received."""

from django.db.models import QuerySet

from contacts.models import Person
from proposals.models import Proposal, Receiver


def received_by(person: Person) -> QuerySet[Proposal]:
    """Return the proposals that the person received, matched by e-mail address among those of the person's company.

    Offorte's receivers have no person's id, and people receive proposals made for their company.
    """
    if not person.email or person.company_id is None:
        return Proposal.objects.none()
    received = Receiver.objects.filter(proposal__company=person.company_id, email__iexact=person.email)
    return Proposal.objects.filter(pk__in=received.values("proposal"), removed_at__isnull=True)

"""Rows of the mirror as Offorte has them now."""

from datetime import timedelta

from django.utils import timezone

from contacts.mirror import COMPANIES
from contacts.models import Company
from offorte_portal.mirror.engine import apply_object
from tests.writes.conftest import Desk


def mirror(desk: Desk, remote_id: int) -> Company:
    """The mirror's row of a company as Offorte has it now."""
    raw = desk.account.render_company_item(remote_id)
    apply_object(desk.connection.pk, COMPANIES, remote_id, raw, as_of=timezone.now() - timedelta(seconds=1))
    return Company.objects.get(remote_id=remote_id)

"""Drafts for tests."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.compose.document import Row, Table, dump_tables
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection


def make_draft(connection: Connection, by: User, *rows: Row, **fields: Any) -> Draft:
    """A draft with these rows in its one table."""
    tables = dump_tables([Table("pricetable1", rows=list(rows))])
    defaults = {"name": "Dak", "tables": tables, "saved_at": timezone.now(), "key": uuid.uuid4()}
    return Draft.objects.create(connection=connection, created_by=by, **(defaults | fields))


def price_row(**fields: Any) -> Row:
    return Row(**({"text": "Balk", "count": "2", "price": "12.5", "vat": "21"} | fields))


def columns(draft: Draft, **changes: Any) -> dict[str, Any]:
    """What a form says that leaves the draft as it is but for the changes."""
    names = [field.attname for field in Draft._meta.concrete_fields]
    return {name: getattr(draft, name) for name in names} | changes

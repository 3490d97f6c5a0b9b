"""The migration operation that rebuilds the folded columns and the search text of rows that are stored already.

It can be killed and started again: rows are written in short transactions, and those that have their keys are skipped.
So it follows a migration that added the keys empty and took away the search index, which is created again afterwards:
one pass over the table is faster than an index that follows a million updates.
"""

import logging
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from offorte_portal.mirror.models.sorting import folded_fields
from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.mirror.search_parts import write_search_text

logger = logging.getLogger(__name__)
AT_ONCE = 1_000


def rebuild_keys(resource: str) -> migrations.RunPython:
    """Return the operation for the table of a resource, in a migration that is not atomic."""

    def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        model = RESOURCES[resource].model
        rebuild(resource, apps.get_model(model._meta.app_label, str(model._meta.model_name)), editor)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def rebuild(resource: str, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> int:
    """Write the keys of all rows whose first folded column is empty; return how many were written."""
    folded = folded_fields(model)
    columns = ["search_text", *(field.attname for field in folded)]
    quote = editor.quote_name
    sets = ", ".join(f"{quote(column)} = %s" for column in columns)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s"  # noqa: S608 - a model's own names
    due = model._default_manager.filter(**{folded[0].attname: ""}).order_by("pk")
    written, last = 0, 0
    while rows := list(due.filter(pk__gt=last).values("pk", "payload", *(field.source for field in folded))[:AT_ONCE]):
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.executemany(sql, [_values(resource, folded, row) for row in rows])
        written, last = written + len(rows), rows[-1]["pk"]
        logger.info("Rebuilt the search keys of %s rows of %s.", written, model._meta.db_table)
    return written


def _values(resource: str, folded: tuple[Any, ...], row: dict[str, Any]) -> list[Any]:
    find = RESOURCES[resource].search
    search_text = write_search_text(find(row["payload"])) if find else ""
    return [search_text, *(field.derive(row[field.source]) for field in folded), row["pk"]]

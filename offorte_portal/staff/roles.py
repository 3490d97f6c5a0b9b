"""What each role may do: groups that a migration makes, and that an administrator may add people to.

A new permission is one line here and one migration with `RunPython(grant)`; groups are only ever added to, for what
an installation has changed by hand stays.
"""

from collections.abc import Iterable
from fnmatch import fnmatch

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Each role may do what the one before it may, too. Patterns are of app_label.codename.
ROLES: dict[str, tuple[str, ...]] = {
    "Viewer": (
        "contacts.view_*",
        "catalog.view_*",
        "proposals.view_*",
        "tracking.view_*",
        "compose.view_*",
        "activity.view_*",
        "desk.view_*",
        "sync.view_syncrun",
        "other_systems.view_importedquote",
        "other_systems.view_partymatch",
        "files.view_export",
    ),
    # Their own proposals: what a permission allows is asked of each row, see `staff/access.py`.
    "Seller": (
        "proposals.copy_receiver_link",
        "proposals.add_proposal",
        "proposals.change_proposal",
        "proposals.send_proposal",
        "tracking.add_followup",
        "tracking.change_followup",
        "desk.share_savedview",
        "contacts.add_*",
        "contacts.change_*",
        "jobs.view_job",
        "writes.view_operation",
        "other_systems.match_importedquote",
        "other_systems.recreate_importedquote",
    ),
    "Manager": (
        "connections.sync_connection",
        "other_systems.import_source",
        "other_systems.view_source",
        "jobs.view_others_*",
        "writes.view_others_*",
        "files.view_others_*",
        "proposals.change_others_proposals",
        "proposals.reassign_proposal",
        "proposals.delete_proposal",
        "compose.approve_proposal",
        "compose.change_approvalsettings",
        "contacts.delete_*",
        "contacts.merge_company",
        "catalog.*_product",
        "catalog.*_productdirectory",
    ),
    # A webhook's address holds the secret that it is told from others by.
    "Administrator": (
        "desk.change_desksettings",
        "connections.*_connection",
        "other_systems.*_source",
        "webhooks.*_webhook",
        "webhooks.view_webhookevent",
        "webhooks.replay_webhookevent",
        "auth.add_user",
        "auth.change_user",
        "auth.view_user",
        "staff.view_securityevent",
    ),
}
APPS = (
    "auth",
    "runs",
    "connections",
    "waiting",
    "mirror",
    "contacts",
    "catalog",
    "proposals",
    "staff",
    "writes",
    "sync",
    "webhooks",
    "tracking",
    "jobs",
    "files",
    "compose",
    "activity",
    "desk",
    "other_systems",
)


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give every role what it lacks; for migrations. Permissions of models that don't exist yet are left out."""
    database = schema_editor.connection.alias
    _create_permissions(apps, database)
    permissions = apps.get_model("auth", "Permission").objects.using(database).select_related("content_type")
    known = {f"{permission.content_type.app_label}.{permission.codename}": permission.pk for permission in permissions}
    patterns: list[str] = []
    for name, added in ROLES.items():
        patterns += added
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        group.permissions.add(*_matching(known, patterns))


def _matching(known: dict[str, int], patterns: Iterable[str]) -> list[int]:
    return [pk for name, pk in known.items() if any(fnmatch(name, pattern) for pattern in patterns)]


def _create_permissions(apps: Apps, database: str) -> None:
    """Django makes them only after the last migration."""
    for label in APPS:
        config = apps.app_configs.get(label)
        if config is None:
            continue  # an app whose first migration comes later
        if not hasattr(config, "models_module"):
            # The apps of a migration lack what Django tells apps with models by.
            config.models_module = True  # type: ignore[assignment]
        create_permissions(config, apps=apps, using=database, verbosity=0)

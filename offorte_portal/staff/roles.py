"""What each role may do. Roles are groups that a migration creates, and that administrators assign to people.

A new permission takes one line here and one migration with `RunPython(grant)`. Permissions are only ever added to the
groups, so that those which an installation has added by hand stay.
"""

from fnmatch import fnmatch

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Each role also has the permissions of the one before it. Patterns match app_label.codename.
ROLES: dict[str, tuple[str, ...]] = {
    "Viewer": (
        "contacts.view_*",
        "catalog.view_*",
        "proposals.view_*",
        "tracking.view_*",
        "prices.view_pricememory",
        "compose.view_*",
        "activity.view_*",
        "desk.view_*",
        "sync.view_syncrun",
        "other_systems.view_importedquote",
        "other_systems.view_partymatch",
        "files.view_export",
    ),
    # For their own proposals: `staff/access.py` checks each row beside the permission.
    "Seller": (
        "proposals.copy_receiver_link",
        "proposals.add_proposal",
        "proposals.change_proposal",
        "proposals.send_proposal",
        "tracking.add_followup",
        "tracking.change_followup",
        "tracking.add_note",
        "tracking.change_note",
        "desk.share_savedview",
        "desk.add_forecast",
        "contacts.add_*",
        "contacts.change_*",
        "jobs.view_job",
        "writes.view_operation",
        "other_systems.match_importedquote",
        "other_systems.copy_importedquote",
        # Its name before other_systems 0007, for the migrations before that one.
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
        "tracking.*_lostreason",
        "tracking.change_others_notes",
        "desk.adjust_forecast",
        "desk.change_team",
        "compose.approve_proposal",
        "compose.change_approvalsettings",
        "contacts.delete_*",
        "contacts.merge_company",
        "prices.view_pricegroup",
        "catalog.*_product",
        "catalog.*_productdirectory",
    ),
    # Webhooks are for administrators only, because a webhook's URL contains its secret.
    "Administrator": (
        "desk.change_desksettings",
        "prices.change_pricegroup",
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
    "prices",
    "jobs",
    "files",
    "compose",
    "activity",
    "desk",
    "other_systems",
)


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Grant every role what it lacks, for migrations; leave out permissions of models that don't exist yet."""
    database = schema_editor.connection.alias
    for label in APPS:
        config = apps.app_configs.get(label)
        if config is None:
            continue  # an app whose first migration comes later
        if not hasattr(config, "models_module"):
            # Django looks for this to recognise apps with models; the apps of a migration lack it.
            config.models_module = True  # type: ignore[assignment]
        # Django does so only after the last migration.
        create_permissions(config, apps=apps, using=database, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.using(database).select_related("content_type")
    known = {f"{permission.content_type.app_label}.{permission.codename}": permission.pk for permission in permissions}
    patterns: list[str] = []
    for name, added in ROLES.items():
        patterns += added
        group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=name)
        granted = [pk for codename, pk in known.items() if any(fnmatch(codename, pattern) for pattern in patterns)]
        group.permissions.add(*granted)

"""Calls copying quotes to Offorte by that name: the permission, with everybody who has it, and the jobs' action.

Adds what a won quote became, and why a lost one was lost; the next import fills these in from the stored answers.
"""

from django.db import migrations, models

OLD, NEW = "recreate_importedquote", "copy_importedquote"
NAMES = {
    "match_importedquote": "Can match customers of other systems with Offorte",
    NEW: "Can copy quotes of other systems to Offorte",
}
OLD_ACTION, NEW_ACTION = "quotes.recreate", "quotes.copy"


def rename_permission(apps, schema_editor, old=OLD, new=NEW):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    ours = permissions.filter(content_type__app_label="other_systems", content_type__model="importedquote")
    known, there = ours.filter(codename=old).first(), ours.filter(codename=new).first()
    if known is None:
        return
    if there is None:
        known.codename = new
        known.save(update_fields=["codename"])
        return
    # Django has made the new one already, as it does after every migration of an app.
    there.group_set.add(*known.group_set.all())
    there.user_set.add(*known.user_set.all())
    known.delete()


def name_permissions(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for codename, name in NAMES.items():
        permissions.filter(codename=codename, content_type__app_label="other_systems").update(name=name)


def restore_permission(apps, schema_editor):
    rename_permission(apps, schema_editor, NEW, OLD)


def rename_action(apps, schema_editor, old=OLD_ACTION, new=NEW_ACTION):
    apps.get_model("jobs", "Job").objects.using(schema_editor.connection.alias).filter(action=old).update(action=new)


def restore_action(apps, schema_editor):
    rename_action(apps, schema_editor, NEW_ACTION, OLD_ACTION)


class Migration(migrations.Migration):
    dependencies = [
        ("other_systems", "0006_rebuild_search_keys"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("jobs", "0001_initial"),
        ("writes", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="importedquote",
            options={
                "ordering": ["-quoted_on", "-id"],
                "permissions": [
                    ("match_importedquote", "Can match customers of other systems with Offorte"),
                    ("copy_importedquote", "Can copy quotes of other systems to Offorte"),
                ],
                "verbose_name": "imported quote",
                "verbose_name_plural": "imported quotes",
            },
        ),
        migrations.AlterModelOptions(
            name="partymatch",
            options={
                "ordering": ["name_key", "id"],
                "verbose_name": "customer in another system",
                "verbose_name_plural": "customers in other systems",
            },
        ),
        migrations.AlterField(
            "importedquote",
            "created_with",
            models.OneToOneField(
                null=True,
                on_delete=models.SET_NULL,
                related_name="imported_quote",
                to="writes.operation",
                verbose_name="copied to Offorte",
            ),
        ),
        migrations.AlterField("importedquote", "missing_since", models.DateTimeField(null=True, verbose_name="gone since")),
        migrations.AlterField("importedquote", "notes", models.JSONField(default=list, verbose_name="warnings")),
        migrations.AlterField(
            "importedquote", "status_text", models.TextField(default="", verbose_name="status in the system")
        ),
        migrations.AlterField(
            "partymatch",
            "state",
            models.CharField(
                choices=[
                    ("open", "No match"),
                    ("proposed", "To confirm"),
                    ("confirmed", "Confirmed"),
                    ("new", "New to Offorte"),
                ],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddField("importedquote", "order_number", models.TextField(default="", verbose_name="order")),
        migrations.AddField("importedquote", "ordered_on", models.DateField(null=True, verbose_name="ordered on")),
        migrations.AddField("importedquote", "lost_reason", models.TextField(default="", verbose_name="lost because")),
        migrations.RunPython(rename_permission, restore_permission),
        migrations.RunPython(name_permissions, migrations.RunPython.noop),
        migrations.RunPython(rename_action, restore_action),
    ]

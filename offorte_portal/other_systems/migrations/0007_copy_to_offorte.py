"""Calls copying quotes to Offorte by that name: the permission, with everybody who has it, and the jobs' action.

Adds what a won quote became, and why a lost one was lost; the next import fills these in from the stored answers.
"""

from django.db import migrations, models

OLD, NEW = "recreate_importedquote", "copy_importedquote"
OLD_ACTION, NEW_ACTION = "quotes.recreate", "quotes.copy"


def rename_permission(apps, schema_editor, old=OLD, new=NEW):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    ours = permissions.filter(content_type__app_label="other_systems", content_type__model="importedquote")
    known, there = ours.filter(codename=old).first(), ours.filter(codename=new).first()
    if known is None:
        return
    if there is None:
        known.codename = new
        known.name = "Can copy quotes of other systems to Offorte"
        known.save(update_fields=["codename", "name"])
        return
    # Django has made the new one already, as it does after every migration of an app.
    there.group_set.add(*known.group_set.all())
    there.user_set.add(*known.user_set.all())
    known.delete()


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
    ]

    operations = [
        migrations.AlterModelOptions(
            name="importedquote",
            options={
                "ordering": ["-quoted_on", "-id"],
                "permissions": [
                    ("match_importedquote", "Can say who the customers of other systems are"),
                    ("copy_importedquote", "Can copy quotes of other systems to Offorte"),
                ],
                "verbose_name": "imported quote",
                "verbose_name_plural": "imported quotes",
            },
        ),
        migrations.AddField("importedquote", "order_number", models.TextField(default="", verbose_name="order")),
        migrations.AddField("importedquote", "ordered_on", models.DateField(null=True, verbose_name="ordered on")),
        migrations.AddField("importedquote", "lost_reason", models.TextField(default="", verbose_name="lost because")),
        migrations.RunPython(rename_permission, restore_permission),
        migrations.RunPython(rename_action, restore_action),
    ]

"""Sellers and those above them may copy the links by which receivers open a proposal."""

from django.db import migrations

from offorte_portal.roles import grant


class Migration(migrations.Migration):
    dependencies = [("offorte_portal", "0004_schedules"), ("proposals", "0006_receiver_link")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

from django.db import migrations, models

from offorte_portal.mirror.models.sorting import FoldedField, ListIndex
from offorte_portal.mirror.search_index import unindex_search
from offorte_portal.text import keys


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_search_index")]

    operations = [
        unindex_search("proposals_proposal"),
        migrations.RemoveIndex(model_name="proposal", name="proposals_by_name"),
        migrations.RemoveIndex(model_name="proposal", name="proposals_by_number"),
        migrations.RemoveField(model_name="proposal", name="name_key"),
        migrations.RemoveField(model_name="proposal", name="number_key"),
        migrations.AddField(
            model_name="proposal", name="name_key", field=FoldedField(source="name", fold=keys.sort_key)
        ),
        migrations.AddField(
            model_name="proposal", name="number_key", field=FoldedField(source="number", fold=keys.number_key)
        ),
        migrations.AddField(
            model_name="proposal", name="company_key", field=FoldedField(source="company_name", fold=keys.sort_key)
        ),
        migrations.AddIndex(model_name="proposal", index=ListIndex(name="proposals_by_company_name", fields=["company_key", "id", "connection", "status", "owner", "removed_at"], condition=models.Q(removed_at__isnull=True))),
        migrations.AddIndex(model_name="proposal", index=ListIndex(name="proposals_by_name", fields=["name_key", "id", "connection", "status", "owner", "removed_at"], condition=models.Q(removed_at__isnull=True))),
        migrations.AddIndex(model_name="proposal", index=models.Index(name="proposals_by_number", fields=["number_key"])),
    ]

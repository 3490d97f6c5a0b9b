from django.db import migrations, models

from offorte_portal.mirror.models.sorting import FoldedField, ListIndex
from offorte_portal.mirror.search_index import unindex_search
from offorte_portal.text import keys


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_search_index")]

    operations = [
        unindex_search("contacts_company"),
        unindex_search("contacts_person"),
        migrations.RemoveIndex(model_name="company", name="contacts_company_by_name"),
        migrations.RemoveIndex(model_name="person", name="contacts_person_by_name"),
        migrations.RemoveField(model_name="company", name="name_key"),
        migrations.RemoveField(model_name="person", name="name_key"),
        migrations.AddField(
            model_name="company", name="name_key", field=FoldedField(source="name", fold=keys.sort_key)
        ),
        migrations.AddField(
            model_name="company", name="match_key", field=FoldedField(source="name", fold=keys.near_company_key)
        ),
        migrations.AddField(
            model_name="person", name="name_key", field=FoldedField(source="fullname", fold=keys.sort_key)
        ),
        migrations.AddIndex(model_name="company", index=ListIndex(name="contacts_company_by_name", fields=["name_key", "id", "connection", "removed_at"], condition=models.Q(removed_at__isnull=True))),
        migrations.AddIndex(model_name="company", index=models.Index(name="contacts_company_by_match", fields=["match_key", "connection"])),
        migrations.AddIndex(model_name="person", index=ListIndex(name="contacts_person_by_name", fields=["name_key", "id", "connection", "removed_at"], condition=models.Q(removed_at__isnull=True))),
    ]

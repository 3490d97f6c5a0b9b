from django.db import migrations, models

from offorte_portal.mirror.models.sorting import FoldedField, ListIndex
from offorte_portal.mirror.search_index import unindex_search
from offorte_portal.text import keys


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_search_index")]

    operations = [
        unindex_search("catalog_product"),
        migrations.RemoveIndex(model_name="product", name="catalog_product_by_name"),
        migrations.RemoveField(model_name="product", name="name_key"),
        migrations.AddField(
            model_name="product", name="name_key", field=FoldedField(source="name", fold=keys.sort_key)
        ),
        migrations.AddIndex(model_name="product", index=ListIndex(name="catalog_product_by_name", fields=["name_key", "id", "connection", "removed_at"], condition=models.Q(removed_at__isnull=True))),
    ]

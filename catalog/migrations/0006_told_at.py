from django.db import migrations, models

from offorte_portal.models.search_index import index_search


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_writes")]

    operations = [
        migrations.AddField("product", "told_at", models.JSONField(default=dict, editable=False)),
        migrations.AddField("productdirectory", "told_at", models.JSONField(default=dict, editable=False)),
        # SQLite has rebuilt the table, which takes the triggers of the search index away.
        index_search("catalog_product"),
    ]

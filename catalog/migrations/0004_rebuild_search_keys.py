from django.db import migrations

from offorte_portal.mirror.rebuilding import rebuild_keys
from offorte_portal.mirror.search_index import index_search


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0003_folded_keys")]

    operations = [rebuild_keys("products"), index_search("catalog_product")]

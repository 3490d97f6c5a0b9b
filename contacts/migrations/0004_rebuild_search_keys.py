from django.db import migrations

from offorte_portal.mirror.rebuilding import rebuild_keys
from offorte_portal.mirror.search_index import index_search


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0003_folded_keys")]

    operations = [rebuild_keys("companies"), rebuild_keys("people"), index_search("contacts_company"), index_search("contacts_person")]

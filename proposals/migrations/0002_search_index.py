from django.db import migrations

from offorte_portal.mirror.search_index import index_search


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]

    operations = [index_search("proposals_proposal")]

from django.db import migrations

from offorte_portal.models.search_index import index_search


class Migration(migrations.Migration):

    dependencies = [("proposals", "0002_list_indexes")]

    operations = [
        index_search("proposals_proposal"),
    ]

from django.db import migrations, models

from offorte_portal.mirror.models.sorting import FoldedField
from offorte_portal.text import keys, spellings


class Migration(migrations.Migration):
    dependencies = [("other_systems", "0004_identify_people")]

    operations = [
        migrations.RemoveIndex(model_name="importedquote", name="importedquote_by_title"),
        migrations.RemoveField(model_name="importedquote", name="title_key"),
        migrations.AddField(
            model_name="importedquote", name="title_key", field=FoldedField(source="title", fold=keys.sort_key)
        ),
        migrations.AddIndex(
            model_name="importedquote", index=models.Index(name="importedquote_by_title", fields=["title_key", "id"])
        ),
        migrations.AddField(
            model_name="partymatch", name="name_key", field=FoldedField(source="name", fold=keys.sort_key)
        ),
        migrations.AddField(
            model_name="partymatch", name="search_text", field=FoldedField(source="name", fold=spellings.spell_lines)
        ),
        migrations.AlterModelOptions(
            name="partymatch",
            options={
                "ordering": ["name_key", "id"],
                "verbose_name": "customer of other systems",
                "verbose_name_plural": "customers of other systems",
            },
        ),
    ]

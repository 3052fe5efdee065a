"""Remplit les ères connues et leurs rangs, avec le nombre exact de combinaisons de chacun."""

from typing import Any

from django.db import migrations

from euromillions.jeu.eres import installer_eres


def remplir(apps: Any, schema_editor: Any) -> None:
    installer_eres(apps.get_model("euromillions", "Ere"), apps.get_model("euromillions", "Rang"))


class Migration(migrations.Migration):
    dependencies = [("euromillions", "0001_jeu")]
    operations = [migrations.RunPython(remplir, migrations.RunPython.noop)]

"""Le banc de l'import : sans les fichiers de l'opérateur, il dit pourquoi il ne mesure rien."""

from bancs.euromillions.imports import mesurer_l_import


def test_sans_fichier_le_banc_de_l_import_dit_pourquoi_il_ne_mesure_rien(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DOSSIER_PARTAGE", str(tmp_path))
    assert list(mesurer_l_import()) == []
    assert "donner DOSSIER_PARTAGE" in capsys.readouterr().out

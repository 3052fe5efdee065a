"""Le référentiel au format des imports : ce qui se télécharge se réimporte « tout inchangé »."""

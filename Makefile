# Deux commandes suffisent : `make demo` et `make test`. Tout s'installe dans .venv, rien à préparer.
VENV := .venv
PY := $(VENV)/bin/python
PRET_DEMO := $(VENV)/.pret-requirements.txt
PRET_TEST := $(VENV)/.pret-requirements-dev.txt
PRET_CHARGE := $(VENV)/.pret-requirements-charge.txt
# Processus de test : deux, ou TESTS_PROCESSUS. Les tests marqués `complet` attendent `make test-complet`.
TESTS_PROCESSUS ?= 2
# `make schema` : ses graines, et les exemples tirés de chaque opération.
SCHEMA_GRAINES ?= 1,2,3
SCHEMA_EXEMPLES ?= 20
SCHEMA = SCHEMA_GRAINES=$(SCHEMA_GRAINES) SCHEMA_EXEMPLES=$(SCHEMA_EXEMPLES) $(PY) -m pytest -q -n0 -m schema
TESTS_CHOIX ?= not complet
PYTEST := $(PY) -m pytest -q -n $(TESTS_PROCESSUS)
# Réglages de production factices, pour vérifier ce que la production vérifierait. Aucun n'est un secret.
ENV_PRODUCTION := SIMULATEUR_MODE=production SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=simulateur.example DATABASE_URL=postgres://simulateur@localhost/simulateur \
	REDIS_URL=redis://localhost:6379/0

.DEFAULT_GOAL := aide
.PHONY: aide demo test test-postgres test-sqlite test-complet pannes schema fuzz nu qualite banc charge propre

aide: ## Montre cette aide
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

$(PRET_DEMO): requirements.txt requirements-embarque.txt .ci/amorcer
	@.ci/amorcer $(VENV) requirements.txt

$(PRET_TEST): requirements.txt requirements-dev.txt requirements-embarque.txt .ci/amorcer
	@.ci/amorcer $(VENV) requirements-dev.txt
	@touch $(PRET_DEMO)

$(PRET_CHARGE): requirements.txt requirements-dev.txt requirements-charge.txt requirements-embarque.txt
	@.ci/amorcer $(VENV) requirements-charge.txt
	@touch $(PRET_DEMO) $(PRET_TEST)

demo: $(PRET_DEMO) ## Installe tout, lance une vraie simulation, puis sert le site jusqu'à Ctrl-C
	@exec $(PY) manage.py demo

test: $(PRET_TEST) ## Les tests de tous les jours : PostgreSQL et Valkey, puis l'essentiel sur SQLite
	@.ci/chromium
	@$(MAKE) --no-print-directory test-postgres
	@$(MAKE) --no-print-directory test-sqlite

test-postgres: $(PRET_TEST)
	@echo "== Tests : PostgreSQL et Valkey"
	@SIMULATEUR_TEST_BASE=postgres $(PYTEST) -m "$(TESTS_CHOIX)" </dev/null

test-sqlite: $(PRET_TEST)
	@echo "== Tests : sous-ensemble rapide, SQLite et Valkey"
	@SIMULATEUR_TEST_BASE=sqlite $(PYTEST) -m "rapide and ($(TESTS_CHOIX))" </dev/null

test-complet: $(PRET_TEST) ## Les tests longs : taille nationale, pannes de vrais processus, tout le navigateur
	@.ci/chromium
	@echo "== Tests longs : PostgreSQL et Valkey"
	@SIMULATEUR_TEST_BASE=postgres SIMULATEUR_TEST_LOIS=complet $(PYTEST) -m complet </dev/null

pannes: $(PRET_TEST) ## Chaque panne avec de vrais processus : la table panne, attendu, vu
	@SIMULATEUR_TEST_BASE=postgres $(PY) -m pytest -q -n0 -m panne -p simulateur.tests.outils.table_pannes </dev/null

schema: $(PRET_TEST) ## schemathesis sur toute l'API, en SQLite et en PostgreSQL (SCHEMA_GRAINES, SCHEMA_EXEMPLES)
	@SIMULATEUR_TEST_BASE=sqlite $(SCHEMA) </dev/null
	@SIMULATEUR_TEST_BASE=postgres $(SCHEMA) </dev/null

fuzz: $(PRET_TEST) ## Fichiers et demandes abîmés, FUZZ_DUREE_S par cible (60) ; FUZZ_GRAINE refait un essai
	@FUZZ_DUREE_S=$${FUZZ_DUREE_S:-60} SIMULATEUR_TEST_BASE=postgres $(PY) -m pytest -q -n0 -m fuzz </dev/null

nu: ## Essaie `make demo` et `make test` sur un Debian nu (root et debootstrap ; DEBIAN=trixie)
	@.ci/nu

qualite: $(PRET_TEST) ## ruff, djlint, mypy, import-linter, migrations, réglages de production
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint --lint --check templates
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(ENV_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

banc: $(PRET_TEST) ## Mesures de vitesse (taille nationale)
	@$(PY) manage.py banc_essai

charge: $(PRET_CHARGE) ## Cent personnes à la fois (UTILISATEURS, DUREE, MONTEE=20,50,100, ENDURANCE=20, FAMINE=1, PANNES=1)
	@$(PY) -m charge

propre: ## Efface l'environnement, les données locales et les caches d'outils
	rm -rf $(VENV) .donnees .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache collecte_statique
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

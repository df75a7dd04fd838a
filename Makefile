# `make run` and `make test` do all the set-up they need; `make help` lists the rest.

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
LOCK ?= requirements-dev.txt
MOTEUR ?= sqlite
ARGS ?=

PY := .venv/bin/python
CODE = $(wildcard cartographie scripts tests bench)

MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test check install assets browser nginx bench data captures proofs casser lock sbom

help: ## affiche cette aide
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: assets ## prépare tout, puis sert le site (HOST=127.0.0.1 PORT=8000)
	@$(PY) -m cartographie init-db
	@exec $(PY) -m cartographie serve --host $(HOST) --port $(PORT) --premier-compte

test: assets browser ## tous les essais, navigateur compris (ARGS="-k recherche" MOTEUR=postgresql)
	@$(PY) -m pytest -n 2 --dist loadfile -m "not long" --moteur=$(MOTEUR) $(ARGS)

check: install ## mise en forme, règles de code, types
	@$(PY) -m ruff format --check $(CODE)
	@$(PY) -m ruff check $(CODE)
	@$(PY) -m mypy $(CODE)

install: ## les bibliothèques, dans .venv (LOCK=requirements.txt : sans celles des essais)
	@$(PYTHON) scripts/setup_venv.py $(LOCK)

assets: install ## les feuilles de style et scripts de tiers, dans static/vendor
	@$(PY) -m scripts.assets

browser: install ## un Chromium pour les essais et les captures
	@$(PY) -m scripts.browser

nginx: install ## un nginx pour les preuves, à part de celui de la machine
	@$(PY) -m scripts.nginx

bench: assets browser ## les mesures
	@$(PY) -m bench $(ARGS)

data: install ## refait data/ à partir des sources ouvertes (réseau nécessaire)
	@$(PY) -m scripts.make_data $(ARGS)

captures: assets browser ## les captures d'écran de docs/captures
	@$(PY) -m scripts.captures $(ARGS)

proofs: assets browser nginx ## toutes les preuves, des heures ; un tableau à la fin
	@$(PY) -m pytest -m "long or preuve" $(ARGS)

# ARGS=--upgrade takes the newest releases; without it only what pyproject.toml changed moves.
UV_COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --system-certs \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	--annotation-style line $(ARGS)

casser: assets browser ## casse chaque garantie dans une copie : les essais doivent le voir
	@$(PY) -m scripts.casser $(ARGS)

lock: install ## refait les verrous (réseau nécessaire ; ARGS=--upgrade pour tout renouveler)
	@$(UV_COMPILE) pyproject.toml --output-file requirements.txt
	@$(UV_COMPILE) pyproject.toml --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt
	@echo setuptools | $(UV_COMPILE) - --output-file requirements-build.txt
	@NODE_USE_SYSTEM_CA=1 .venv/bin/npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(MAKE) sbom

sbom: install ## la nomenclature des composants, docs/sbom.cdx.json, à partir des verrous
	@$(PY) -m scripts.nomenclature

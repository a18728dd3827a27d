# make site: build the manual, illustrated by the emulator. make test: install and run everything.
# Both need only Python >= 3.11 and make; everything is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TESTS ?= tests

# Material's notice about its own future would hide what the build has to say.
export NO_MKDOCS_2_WARNING := 1

.PHONY: site serve test lint clean

site: $(STAMP)
	$(BIN)/mkdocs build --strict --quiet -f example_site/mkdocs.yml
	@echo "Open example_site/site/index.html, or run 'make serve'."

serve: $(STAMP)
	$(BIN)/mkdocs serve -f example_site/mkdocs.yml

test: $(STAMP)
	$(BIN)/python -m pytest -q -n 2 $(TESTS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[bucket,emulator,heif]' --group site --group test
	@touch $@

clean:
	rm -rf $(VENV) example_site/site example_site/.cache dist

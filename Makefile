# Every target sets up what it needs: a virtual environment from constraints.txt, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Terraform as a library only where none is installed (OpenTofu has another registry, so the demo cannot use it).
EXTRAS ?= sandbox$(shell command -v terraform >/dev/null 2>&1 || echo ,embedded)

.PHONY: demo test unit properties wire e2e lint format bench clean
.DEFAULT_GOAL := test

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]' --group dev
	$(BIN)/python -m compileall -q reconciler # as pip does: where bytecode is not written, every start would compile anew
	touch $@

demo: $(VENV)/.installed
	$(BIN)/reconciler demo

test: unit wire e2e

# Where bytecode is not written, pytest would rewrite the assertions of every test anew in each run.
unit wire: export PYTHONDONTWRITEBYTECODE =
unit: $(VENV)/.installed
	$(BIN)/python -m pytest -m 'not e2e and not wire' -n auto --dist loadfile

properties: $(VENV)/.installed
	$(BIN)/python -m pytest -m 'not e2e and not wire' -n auto --hypothesis-profile thorough $(shell grep -rl 'from hypothesis import' tests --include='test_*.py')

wire: $(VENV)/.installed
	$(BIN)/python -m pytest -m 'wire and not e2e' -n auto --dist loadfile

e2e: $(VENV)/.installed
	$(BIN)/python -m pytest -m e2e

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

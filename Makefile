# What is needed beforehand: Python 3.11 or newer, git and make. Everything else goes into .venv.
#
#   make run                       open the app
#   make run ARGS="import page.txt"  any other command
#   make test                      the tests (ARGS="tests/store -k undo" for some of them)
#   make check                     everything else that has to hold before a commit

VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=

# Two stamps, so that running the app does not install what only its development needs.
INSTALLED := $(VENV)/installed
DEVELOPED := $(VENV)/installed-dev
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := run
# What Python compiles is kept: the tests start hundreds of programs.
unexport PYTHONDONTWRITEBYTECODE
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run test check fix bench docs screenshots build clean venv

run: $(INSTALLED)
	@$(PY) -m tui $(ARGS)

test: $(DEVELOPED)
	@$(PY) -m pytest --quiet --numprocesses 4 --dist worksteal $(ARGS)

check: $(DEVELOPED)
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m tui.docs --check
	@$(PY) screenshots/make.py --check
	@echo "check: all is well"

fix: $(DEVELOPED)
	@$(PY) -m ruff check --quiet --fix
	@$(PY) -m ruff format --quiet

bench: $(DEVELOPED)
	@$(PY) -m benchmarks $(ARGS)

docs: $(DEVELOPED)
	@$(PY) -m tui.docs

screenshots: $(DEVELOPED)
	@$(PY) screenshots/make.py

build: $(DEVELOPED)
	@$(PY) -m hatchling build --clean

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip comes from constraints.txt like everything else (sqlite-utils depends on it). The build backend is installed
# first and used without isolation, because older versions of pip do not constrain what an isolated build fetches.
$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing paperdeck into $(VENV) ..."
	@$(PIP) pip hatchling editables
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(DEVELOPED): pyproject.toml constraints.txt
	@echo "Installing paperdeck and what its tests need into $(VENV) ..."
	@$(PIP) pip hatchling editables
	@$(PIP) --no-build-isolation --editable ".[dev]"
	@touch $(INSTALLED) $@

# An environment whose Python is gone (the system upgraded it) is made anew.
ifeq ($(realpath $(PY)),)
$(INSTALLED) $(DEVELOPED): venv
endif

# The first of these that is new enough, and whole: some systems leave the modules out that make an environment.
venv:
	@suits='import sys; sys.exit(sys.version_info < (3, 11))'; found=; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
	    "$$python" -c "$$suits" >/dev/null 2>&1 || continue; \
	    found="$$python"; \
	    "$$python" -c 'import ensurepip, sqlite3, venv' >/dev/null 2>&1 || continue; \
	    echo "Making $(VENV) with $$("$$python" --version) ..."; \
	    exec "$$python" -m venv --clear $(VENV); \
	done; \
	if [ -z "$$found" ]; then \
	    echo "paperdeck needs Python 3.11 or newer, and none was found. Install it, or name it: make PYTHON=/path/to/python3" >&2; \
	else \
	    echo "$$found ($$("$$found" --version)) cannot make an environment, as its modules ensurepip, sqlite3 or venv are missing." >&2; \
	    echo "On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere install a whole Python 3.11 or newer." >&2; \
	fi; exit 1

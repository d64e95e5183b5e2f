# Loopcoach. `make run` and `make test` are all one needs; both set everything up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install run test check e2e bench faults soak lint-questions lock clean

help: ## This list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

install: .venv/installed ## Make .venv and install what runs the bot

.venv/installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Loopcoach needs Python 3.11 or newer; $(PYTHON) is not here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Loopcoach needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv"; $(PYTHON) -m venv .venv; }
	@echo "Installing from requirements.lock (about half a minute, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/installed-peers: .venv/installed-dev requirements-peers.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-peers.lock
	@touch $@

run: .venv/installed ## Set up and start; the practice page opens in the browser
	@exec $(BIN)/python -m bot run

test: .venv/installed-dev ## Set up and run the quick tests
	@$(BIN)/python -m pytest -m "not e2e" -n 2

check: .venv/installed-dev ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

e2e: .venv/installed-peers ## The slower suites: browser, PostgreSQL, platform contracts
	@$(BIN)/python -m pytest -m e2e -n 2 --dist worksteal

faults: .venv/installed-dev ## What can go wrong, each beside a control that must be found out (TEST_POSTGRES_URL)
	@$(BIN)/python -m tests.soak

soak: .venv/installed-dev ## The same as often and as long as it takes: 200 kills and more (TEST_POSTGRES_URL)
	@$(BIN)/python -m tests.soak --long

lint-questions: .venv/installed-dev ## Hold the question format
	@$(BIN)/python -m bot questions lint

bench: .venv/installed-dev ## Every promise of speed, beside its control
	@for file in benchmarks/*.py; do echo "== $$file"; PYTHONPATH=. $(BIN)/python $$file || exit 1; done

lock: ## Make the lock files anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was installed, never your data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

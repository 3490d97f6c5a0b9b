.PHONY: help demo test test-long lint bench install
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
# Keep compiled modules: a process starts twice as fast with them.
unexport PYTHONDONTWRITEBYTECODE

help: ## Print what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install ## Set up and run the portal, its worker and the simulator on http://127.0.0.1:8000
	$(BIN)/python manage.py demo

test: install ## Run the whole test suite, also on PostgreSQL if there is one
	$(BIN)/python -m tests

test-long: install ## Run the long tests at full size, on both databases
	$(BIN)/python -m tests --long

lint: install ## Run every check that is not a test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	@if [ -n "$$CI" ] || [ -x $(BIN)/biome ]; then \
	  $(BIN)/biome lint --error-on-warnings $$(git ls-files '*.js' '*.css'); \
	else echo "Left out: Biome, which is only installed on Linux on x86-64"; fi
	$(BIN)/python manage.py makemigrations --check --dry-run --skip-checks

bench: .venv/installed-bench ## Measure speed; PARTS="lists desk" picks parts, QUICK=1 is small, AGAINST=COMMIT compares
	$(BIN)/python -m bench $(PARTS) $(if $(AGAINST),--against $(AGAINST)) $(if $(QUICK),--quick)

install: .venv/installed ## Create .venv with all dependencies; PYTHON=python3.12 picks the interpreter

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable '.[simulator]' --group dev
	touch $@

.venv/installed-bench: .venv/installed
	$(BIN)/python -m pip install --quiet --group bench
	touch $@

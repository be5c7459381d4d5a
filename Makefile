# Each target is one or two lines; what they do is in tools/. `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin

.PHONY: help run test attack bench faults shots check lock migrations derived

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run:  ## set up, start Mainstay with the demo organisation and print its address (PORT=8000)
	@$(PYTHON) tools/setup.py
	@exec $(BIN)/mainstay serve --demo --port $(PORT)

test:  ## set up and run every test on SQLite and PostgreSQL (ARGS="tests/pure -k text")
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python tools/test.py $(ARGS)

attack:  ## ask the whole published API for long, on both databases (MAINSTAY_ATTACK=100 examples each)
	@$(PYTHON) tools/setup.py --dev
	@MAINSTAY_ATTACK=$${MAINSTAY_ATTACK:-100} exec $(BIN)/python tools/test.py tests/safety/test_schema.py $(ARGS)

bench:  ## measure it beside a program without a framework, on both databases (ARGS=--quick)
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python -m tests.benchmarks $(ARGS)

faults:  ## break what the served product relies on, and tell what it did (ARGS="--only F04", --docs)
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python -m tests.faults $(ARGS)

shots:  ## photograph every page into ./shots: light, dark, on a phone, from right to left
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python -m tests.browser.shots

check:  ## style, types, import contracts and declarations
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python tools/check.py

migrations:  ## write the migrations of changed tables (ARGS=releases for a new practice)
	@$(PYTHON) tools/setup.py --dev
	@DJANGO_SETTINGS_MODULE=mainstay.config.settings.test $(BIN)/python -m django makemigrations $(ARGS)
	@$(BIN)/ruff format --quiet mainstay/*/*/migrations mainstay/*/migrations

derived:  ## write anew the files that follow from the code: REST schema, sentences, reference, pages of the engine, statement counts
	@$(PYTHON) tools/setup.py --dev
	@exec $(BIN)/python tools/derived.py

lock:  ## write the lock files after a change of pyproject.toml (ARGS=--upgrade)
	@$(PYTHON) tools/setup.py --lock $(ARGS)

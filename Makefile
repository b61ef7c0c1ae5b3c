# `make run` and `make test` do everything that has to be done before, once.
# Set-up speaks on standard error only: standard output belongs to the program.
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
ARGS ?=
TESTS ?= tests
CHECKED := app tests benchmarks installers resources/i18n resources/models/recipe

.DEFAULT_GOAL := help
.PHONY: help run test check format lock shots llama-server starter-models starter-eval simulator cascade spoiled-headers memory-kills demo-hub clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 18

run: .venv/.ready  ## start Echelon; make run ARGS='ask "What is the capital of Japan?"'
	@exec $(PYTHON) -m app $(ARGS)

test: .venv/.ready  ## run all tests; make test TESTS=tests/unit for some of them
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest $(TESTS)

check: .venv/.ready  ## format, lint, types, imports (no tests)
	@.venv/bin/ruff format --check $(CHECKED)
	@.venv/bin/ruff check $(CHECKED)
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: .venv/.ready  ## bring all code into its form
	@.venv/bin/ruff format $(CHECKED)
	@.venv/bin/ruff check --fix $(CHECKED)

shots: .venv/.ready  ## make the pictures of the README anew
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.ui.shots docs/images

lock: .venv/.ready  ## choose the newest versions the ranges allow and pin them with hashes
	@sh installers/setup/lock.sh

llama-server: .venv/.ready  ## build llama.cpp's own server, for tests and benchmarks against it
	@$(PYTHON) -m installers.setup.llama_server

starter-models:  ## train the starter models anew (hours; resumes); make starter-models ARGS='front'
	@sh resources/models/recipe/run.sh $(ARGS)

starter-eval: .venv/.ready  ## ask the starter models and write what they can do
	@$(PYTHON) -m resources.models.recipe evaluate $(ARGS)

simulator: .venv/.ready  ## measure routing and learning in virtual time, 200 seeds (about an hour)
	@nice $(PYTHON) -m benchmarks.simulator --seeds 200 --jobs 2 $(ARGS)

cascade: .venv/.ready  ## measure quality, cost and promises on the starter models (about an hour)
	@nice $(PYTHON) -m benchmarks.cascade $(ARGS)

spoiled-headers: .venv/.ready  ## read 10,000 spoiled model headers: no crash, <= 256 MB, <= 2 s each
	@nice $(PYTHON) -m tests.unit.domain.mutants

memory-kills: .venv/.ready  ## kill a memory 1,000 times while it writes, saves and rebuilds: nothing is lost
	@nice $(PYTHON) -m benchmarks.memory_kills $(ARGS)

demo-hub: .venv/.ready  ## serve a hub of small models, to try the models page offline
	@$(PYTHON) -m tests.fakes.demo_hub $(ARGS)

clean:  ## remove what set-up and tools made, except the built engine in the user's cache
	@rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.ready: requirements.lock requirements-engine.lock $(wildcard installers/setup/*)
	@sh installers/setup/setup.sh 1>&2

# Jiefen Hub. `make help` lists the commands; each sets itself up in .venv/ first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

# Bytecode is kept, also where the shell forbids it: each worker of the tests would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

# The newest Python of 3.13, 3.12, 3.11 that starts (a version manager's shim may exist without its Python).
PYTHON ?= $(shell for v in 3.13 3.12 3.11; do for p in python$$v $$HOME/.pyenv/versions/$$v.*/bin/python python3; do \
	"$$p" -c 'import sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' $$v 2>/dev/null \
	&& { echo "$$p"; exit; }; done; done)
BIN := .venv/bin
READY := .venv/ready

STAGE ?= dev
CASES ?= 60
SEED ?= 1
ENDPOINT ?=
LOSE_WORKFLOWS ?= 0
DAY ?=
BEFORE ?=
COOKBOOK ?=
JOBS ?= 1
MINUTES ?= 60

.PHONY: help setup demo run screenshots test coverage test-browser test-engines test-long lint types architecture unit mutants fuzz bench package checkov deploy openapi chalice docs lock dynamodb-local forget clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv/ with the locked dependencies

$(READY): requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; none was found. Set PYTHON=/path/to/python3.13"; exit 1; }
	@echo "setting up .venv with $(PYTHON)"
	@rm -rf .venv && "$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

demo: $(READY) ## run a caseload end to end and report (CASES=60 SEED=1 LOSE_WORKFLOWS=0 DOCUMENTS=folder to keep the papers)
	@CASES=$(CASES) SEED=$(SEED) LOSE_WORKFLOWS=$(LOSE_WORKFLOWS) $(BIN)/python -m infra.local.demo

run: $(READY) ## start the local stack and keep it up (ENDPOINT=http://localhost:4566 for LocalStack, DAY=seconds per day)
	@$(BIN)/python -m infra.local.run $(if $(ENDPOINT),--endpoint $(ENDPOINT)) $(if $(DAY),--seconds-per-day $(DAY))

screenshots: $(READY) ## take the pictures of README and guides from the console's real pages (Debian: chromium fonts-noto-cjk)
	@$(BIN)/python -m infra.local.screenshots

test: lint types architecture $(if $(MEASURED),coverage,unit) ## lint, types, architecture and the tests that need Python alone (MEASURED=yes: under coverage)

test-browser: $(READY) ## what a person sees: the local stack in Chromium (Debian: chromium)
	@$(BIN)/pytest tests/browser

test-engines: $(READY) ## on the real engines: DynamoDB Local and veraPDF (Java 17, Maven), LocalStack, clamd and LibreOffice (Debian: clamav-daemon, libreoffice-writer-nogui)
	@$(BIN)/pytest -n 2 --dist loadgroup tests/engines tests/contract/storage

test-long: $(READY) ## many more examples of every property, others each time; chaos, and a failure at every AWS call (about an hour and a half)
	@$(BIN)/pytest -n 2 --dist loadgroup --hypothesis-profile=long -m hypothesis tests/unit tests/api tests/contract
	@$(BIN)/pytest -n 2 -m long tests/faults

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

architecture: $(READY)
	@$(BIN)/lint-imports --no-cache

# Three workers on two cores: the journeys wait for their days to pass, and other tests run meanwhile.
TESTS = $(BIN)/pytest -n 3 --dist loadgroup --ignore tests/browser --ignore tests/engines

unit: $(READY)
	@$(TESTS)

coverage: $(READY) ## the tests of `make test` under coverage: 95 % of all, 100 % of the domain and the use cases
	@rm -f .coverage .coverage.*
	@$(TESTS) --cov --cov-report=
	@$(BIN)/coverage report --fail-under=95 | tail -n 40
	@$(BIN)/coverage report --include='chalicelib/domain/*,chalicelib/use_cases/*' --fail-under=100 | tail -n 3

mutants: $(READY) ## break money and days line by line; tests must notice 95 % (JOBS=1 MINUTES=60 PART=calendar)
	@nice -n 19 $(BIN)/python -m infra.mutants $(PART) --jobs $(JOBS) --minutes $(MINUTES)

fuzz: $(READY) ## run schemathesis against the running stack, once as each role
	@$(BIN)/python -m infra.local.fuzz

bench: $(READY) ## print cold starts, AWS requests and price per case beside the budgets (BEFORE=path|revision COOKBOOK=path)
	@$(BIN)/python -m infra.bench $(if $(BEFORE),--before $(BEFORE)) $(if $(COOKBOOK),--cookbook $(COOKBOOK))

package: $(READY) ## write the deployable template and zip to build/ (STAGE=dev|prod)
	@$(BIN)/python -m infra.package --stage $(STAGE) --out build/$(STAGE)

checkov: $(READY) ## have checkov judge production's template; findings are explained in infra/checkov/findings.toml
	@$(BIN)/python -m infra.checkov

deploy: package ## package and deploy with the AWS CLI's own credentials (STAGE, BUCKET for the zip, PARAMETERS file)
	@$(BIN)/python -m infra.deploy --stage $(STAGE) --bucket "$(BUCKET)" --parameters $(PARAMETERS)

openapi: $(READY) ## write docs/openapi.json
	@$(BIN)/python -m infra.openapi

chalice: $(READY) ## write .chalice/ from the tables of functions and consumers
	@$(BIN)/python -m infra.chalice_files

docs: $(READY) openapi chalice ## write the generated pages of docs/ and .chalice/
	@$(BIN)/python -m infra.docs

lock: $(READY) ## lock the dependencies anew after editing requirements*.in
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt
	@cd infra/bench/peers && $(CURDIR)/$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --generate-hashes infra/checkov/requirements.in -o infra/checkov/requirements.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header tests/engines/sam.in -o tests/engines/sam.txt

dynamodb-local: $(READY) ## start Amazon's DynamoDB Local on 127.0.0.1:8001, its data in .local/dynamodb (Java 17, Maven)
	@$(BIN)/python -m infra.local.dynamodb_local --port 8001 --db-path .local/dynamodb

forget: ## throw away the kept table and what is kept beside it: papers, keys, the court's filings, case time
	@rm -rf .local/dynamodb .local/kept .local/kms-secret

clean: ## remove everything that was made here
	@rm -rf .venv build .local .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

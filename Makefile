# Every command of Halles. `make help` lists them. Nothing but Python 3.11+ (with venv) and make is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Without bytecode every start of every process takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCAL := $(BIN)/python -m halles_local
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml deploy/*/pyproject.toml tests/*/pyproject.toml))
RIG := $(BIN)/python -m halles_rig
RIGGED = $(if $(SEED),--seed $(SEED)) $(if $(RATE),--rate $(RATE)) $(if $(SCALE),--scale $(SCALE))
SOURCES := $(addsuffix /src,$(MEMBERS))
# What the site's type, icons and htmx are made of, beside the lock.
SITE_ASSETS := scripts/site_assets.py services/web/src/web/icon_names.txt

.PHONY: help setup up down status logs restart reset demo seed run halles infra-up infra-down test e2e bench profile check fmt lint types contracts contracts-check \
        revision new-service setup-browser compose-secrets lock screenshots site-check docs docs-check faults faults-short faults-mutants

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n\033[1m%s\033[0m\n", substr($$0, 4)} \
	  /^[a-z0-9-]+:.*## / {printf "  \033[36m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Run the market
up: setup ## Start everything and wait until it works (HALLES_PORT_BASE moves the ports, HALLES_HOME the data)
	@$(LOCAL) up

down: ## Stop everything; leaves no process behind
	@test ! -x $(BIN)/python || $(LOCAL) down

status: setup ## Every process: state, port, memory, lag, oldest outbox row (JSON=1 for scripts)
	@$(LOCAL) status $(if $(JSON),--json)

logs: setup ## Show and follow the log of a process: S=order
	@$(LOCAL) logs $(call required,S)

restart: setup ## Restart a process with the code of now: S=order
	@$(LOCAL) restart $(call required,S)

reset: setup ## Stop everything and delete all data (YES=1 does not ask)
	@$(LOCAL) reset $(if $(YES),--yes)

demo: setup ## Play the main journey against the running market and show its events
	@$(LOCAL) demo

seed: setup ## Fill the running market with its demo content (SCALE=n multiplies, HALLES_MARKET=small for a small one)
	@SCALE=$(or $(SCALE),1) $(LOCAL) seed

run: setup ## A command inside a service: S=payment ARGS="dlq list" (dlq, parked, outbox, openapi ...)
	@$(LOCAL) run $(call required,S) $(call required,ARGS)

halles: setup ## An operator's command against the running market: ARGS="lag" (dlq, parked, republish, rebuild; docs/runbooks)
	@$(LOCAL) halles $(call required,ARGS)

## Prove it
test: setup ## All tests on servers of their own (S=order: one member; ARGS for pytest; TEST_INFRA=containers)
	@$(LOCAL) test -- $(if $(S),$(call member,$(S))) -n $(or $(N),2) $(ARGS)

infra-up: setup ## Only PostgreSQL, Kafka and OpenSearch: eval "$(make -s infra-up)", then pytest as you like
	@$(LOCAL) infra-up

infra-down: setup ## Stop them
	@$(LOCAL) infra-down

e2e: setup ## The journeys through the gateway only
	@$(LOCAL) test -- tests/e2e $(ARGS)

bench: setup ## What each request costs: SCALE=1k|100k|1m, OPS=list,page, N=50 for a quick look, HERE=1 on the stack that runs, KEEP=1
	@env -u SCALE $(BIN)/python -m halles_bench run --scale $(or $(SCALE),1k) --ops "$(OPS)" $(if $(N),--calls $(N)) $(if $(HERE),--here) $(if $(KEEP),--keep)

faults: setup ## Break a market of its own, row by row (F="F-11 F-17", SEED=, RATE=, SCALE=); results in docs/faults.md
	@$(RIG) faults $(F) $(RIGGED)

faults-short: setup ## The rows for CI, at most eight minutes
	@$(RIG) faults --short --dry --scale 0.5 $(RIGGED)

faults-mutants: setup ## Plant bugs in a copy of the code and show that the rig catches each
	@$(RIG) mutants $(RIGGED)

profile: setup ## A flame picture per process under load: OP=checkout (SCALE, HERE and KEEP as for bench)
	@env -u SCALE $(BIN)/python -m halles_bench profile --op $(call required,OP) --scale $(or $(SCALE),1k) $(if $(HERE),--here) $(if $(KEEP),--keep)

screenshots: setup ## Pictures of every page of the running site and contact sheets, in its home (ONLY=/sell: some)
	@ONLY=$(ONLY) $(BIN)/python -m scripts.site.screenshots

site-check: setup ## Every page of the site in a browser: axe, valid HTML, metadata, weight, links, complaints
	@$(LOCAL) test -- tests/e2e/every_page.py $(ARGS)

isolation: setup ## Who may do what, at the gateway and at each service: the matrix made from the documents
	@$(LOCAL) test -- tests/isolation $(ARGS)

fuzz-short: setup ## Any input at every route, seconds each (schemathesis; FUZZ_SEED=1 repeats a run)
	@FUZZ_SECONDS=6 $(LOCAL) test -- tests/fuzz $(ARGS)

fuzz: setup ## The same for long: FUZZ_SECONDS=300 per run and role
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),300) $(LOCAL) test -- tests/fuzz $(ARGS)

.PHONY: isolation fuzz-short fuzz
check: lint types contracts-check docs-check test ## Everything that CI runs

fmt: setup ## Format the code and mend what can be mended
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

lint: setup ## Format, style, import directions, own rules, size budgets
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/lint-imports
	@$(BIN)/python -m scripts.check_rules
	@$(BIN)/python -m scripts.check_budget
	@$(BIN)/python -m scripts.check_adrs
	@$(BIN)/python -m scripts.check_compose
	@$(BIN)/hadolint deploy/docker/service.Dockerfile

types: setup ## Strict types
	@$(BIN)/mypy $(SOURCES) scripts

## Change it
contracts: setup ## Generate schemas, examples' stubs, AsyncAPI and the API document
	@$(BIN)/python -m scripts.contracts generate
	@$(BIN)/python -m gateway.document

contracts-check: setup ## Compatibility of every event with every version ever committed; fresh API document
	@$(BIN)/python -m scripts.contracts check
	@$(BIN)/python -m gateway.document --check

docs: setup ## The documentation as a site with search: .halles/docs/index.html
	@$(BIN)/python -m scripts.docs.reference
	@$(BIN)/python -m scripts.docs.map_drawing
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q

docs-check: setup ## Links of all pages, and the drawn map is fresh
	@$(BIN)/python -m scripts.docs.reference
	@$(BIN)/python -m scripts.docs.map_drawing --check
	@$(BIN)/python -m scripts.docs.links

revision: setup ## New migration: S=order M="add payout hold"
	@$(LOCAL) run $(call required,S) revision -m "$(call required,M)"

new-service: setup ## New service from the smallest one: NAME=returns
	@$(BIN)/python -m scripts.new_service $(call required,NAME)

## The machine
setup: $(VENV)/.stamp ## Create .venv with the locked packages

setup-browser: ## Install Debian's Chromium for the browser journey
	@command -v chromium >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	    || { echo "Install chromium with your system's package manager, for example: sudo apt-get install chromium"; exit 1; }; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

compose-secrets: setup ## Keys and passwords for compose.yaml (then: docker compose, as it prints)
	@$(LOCAL) compose-secrets

lock: $(BIN)/uv ## Resolve requirements.lock anew after a change of dependencies
	@scripts/lock.sh

required = $(or $($(1)),$(error $(MAKECMDGOALS) needs $(1)=...))
member = $(or $(wildcard services/$(1)),$(wildcard libs/$(1)),$(wildcard deploy/$(1)),$(wildcard tests/$(1)),$(error there is no member $(1)))

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with PYTHON=..., found: $$($(PYTHON) --version)"; exit 1; }
	@echo "Creating $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock

$(VENV)/.stamp: requirements.lock $(addsuffix /pyproject.toml,$(MEMBERS)) $(SITE_ASSETS) | $(BIN)/uv
	@echo "Installing the locked packages ..." >&2
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@$(BIN)/python -m scripts.site_assets
	@touch $@

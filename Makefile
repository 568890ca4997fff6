# The two commands are `make report` and `make test`. Each sets up what it needs first:
# a virtual environment in .venv, filled from hash-pinned lists of packages.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STUDIES ?= $(or $(STUDY),hartford-2017 hartford-2024)
QUARTO_CLI := quarto-cli==1.10.18
# By itself: it needs no other package to render pages, and the lock's stay as they are.
GET_QUARTO = $(BIN)/uv pip install -q --no-deps --python $(BIN)/python "$(QUARTO_CLI)" > build/quarto.log 2>&1

# Trust what the machine trusts: the networks of districts often have certificates of their own.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := true
endif

.DEFAULT_GOAL := help
.PHONY: help report test lab quarto data bench lint audit lock clean distclean

help: ## Show this list
	@echo "District Model for Excellence: the Hartford resource study on public data"
	@echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | \
	  while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

# Sweeps come first: a study's page on firmness reads its own, and a reader can make their choices on
# the site. They take some seconds the first time, and end at once where nothing has changed. SWEEPS=
# leaves them out.
SWEEPS ?= $(foreach study,$(STUDIES),$(if $(filter hartford-2017,$(study)),headline plan,\
  $(if $(wildcard params/sweeps/$(study).yml),$(study))))

# QUARTO=no does without Quarto, another value names its program: neither looks for it.
report: $(VENV)/.ready $(if $(QUARTO),,$(VENV)/.quarto) ## Run the studies and build their website in _site/ (one: STUDY=name)
	@for sweep in $(SWEEPS); do $(BIN)/dme sweep $$sweep || exit; done
	@$(BIN)/dme run $(STUDIES:%=params/%.yml)
	@$(BIN)/dme site $(STUDIES)

test: $(VENV)/.ready-test ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lab: $(VENV)/.ready ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

quarto: $(VENV)/.ready ## Install Quarto, which then builds the site (needs GitHub)
	@mkdir -p build
	@if $(GET_QUARTO); then \
	  $(BIN)/quarto --version; \
	else \
	  echo "Quarto could not be installed. The package $(QUARTO_CLI) downloads the program from"; \
	  echo "GitHub, which this machine may not reach (all it said: build/quarto.log). Nothing is"; \
	  echo "lost: 'make report' builds the same pages with the built-in renderer. Elsewhere: conda"; \
	  echo "(environment.yml), or Quarto's own installer; 'dme site' finds it on PATH or where the"; \
	  echo "variable QUARTO points."; \
	  exit 1; \
	fi

data: $(VENV)/.ready ## Rebuild the tables from raw files: make data RAW=folder
	@test -n "$(RAW)" || { echo "Say where the publishers' raw files are: make data RAW=folder"; exit 2; }
	@$(BIN)/dme data build --raw "$(RAW)"

bench: $(VENV)/.ready ## Time studies, sweeps, site, tables (long; ARGS=--quick is shorter), or ARGS=--verify
	@$(BIN)/python -m dme.bench $(ARGS)

lint: $(VENV)/.ready-test ## Check the style of the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

# The bill of materials is made without a network. Whether an advisory names a package is asked of
# the index; where it can't be reached, that is said and is no failure.
audit: $(VENV)/.ready-test ## List the pinned packages (build/sbom.json), and ask for known vulnerabilities
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements --output-reproducible requirements-test.lock -o build/sbom.json
	@echo "Bill of materials: build/sbom.json, $$(grep -c '"type": "library"' build/sbom.json) packages"
	@limit=$$(command -v timeout >/dev/null && echo "timeout 20"); \
	  $$limit $(BIN)/pip-audit --progress-spinner off --timeout 10 --disable-pip --require-hashes \
	  -r requirements-test.lock > build/audit.log 2>&1; code=$$?; \
	  if grep -q '^Found ' build/audit.log; then cat build/audit.log; \
	    echo "Newer versions: make lock"; exit 1; \
	  elif test $$code -eq 0; then echo "No advisory names one of them; the index said nothing of" \
	    "$$(grep -c 'could not be audited' build/audit.log) (build/audit.log)"; \
	  elif test $$code -eq 124; then echo "Not asked for vulnerabilities: no answer in 20 seconds"; \
	  else echo "Not asked for vulnerabilities: the index did not answer (build/audit.log)"; fi

lock: $(VENV)/.ready ## Choose the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	  pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	  pyproject.toml --group build --group test -c requirements.lock -o requirements-test.lock

clean: ## Remove what was built: results, site, caches
	rm -rf results _site ._site-* build .quarto .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove the virtual environment too
	rm -rf $(VENV)

# uv comes first, at the version and the hashes that the list gives.
$(VENV)/.uv: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "No virtual environment could be made. On Debian: apt-get install python3-venv"; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	@echo "Setting up .venv (a few minutes the first time)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip -q
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.txt
	@touch $@

$(VENV)/.ready: requirements.lock pyproject.toml $(VENV)/.uv
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: requirements-test.lock $(VENV)/.ready
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-test.lock
	@touch $@

# The first report in an environment tries to get Quarto, for a minute at most: the package downloads
# from GitHub, which not every machine may. Whatever comes of it, it is not tried again until the
# environment changes; `make quarto` tries for as long as it takes.
$(VENV)/.quarto: $(VENV)/.ready
	@mkdir -p build
	@if ! command -v quarto >/dev/null && command -v timeout >/dev/null; then \
	  echo "Looking for Quarto (once, for a minute at most)"; \
	  timeout 60 $(GET_QUARTO) || echo "It can't be had here (build/quarto.log)"; \
	fi
	@touch $@

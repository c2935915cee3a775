# Two commands: `make site` builds the site, `make test` runs every check. Both set up what they need.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: site test check-python

site: .venv/site.stamp
	@$(BIN)/sitegen build
	@echo "The site is in _site: open _site/index.html in a browser."

test: .venv/dev.stamp .venv/browser.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

.venv/site.stamp: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/dev.stamp: pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/site.stamp

# Debian ships Python without the module that puts pip into a virtual environment.
.venv/bin/pip: | check-python
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory apt-python3-venv
	$(PYTHON) -m venv .venv

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sitegen needs Python 3.11 or newer; set PYTHON=python3.x"; exit 1; }

# The browser tests use the system's Chromium, or else the one that Playwright brings.
.venv/browser.stamp: .venv/dev.stamp
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
	  $(MAKE) --no-print-directory apt-chromium || $(BIN)/playwright install chromium
	@touch $@

apt-%:
	@command -v apt-get >/dev/null || { echo "please install $* first"; exit 1; }
	@if [ "$$(id -u)" = 0 ]; then run=; else run="sudo -n"; fi; \
	  $$run apt-get update -qq && $$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $* >/dev/null || \
	  { echo "please install the package $* (sudo apt-get install $*) and run make again"; exit 1; }

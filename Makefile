# Everything one does with Obmen. A fresh machine needs Python 3.11 or later with pip, and make.

.DEFAULT_GOAL := help
.PHONY: help setup up down status login test lint types imports check format inspect demo bench \
	audit campaign watchdog lock

python := .venv/bin/python
ours := blocks expectations flows sandbox sql tasks tests
# The lock's hash is in the name: a changed lock installs anew, a touched one does not.
stamp := .venv/installed-$(shell cksum < requirements.lock | cut -d' ' -f1)

help: ## what there is to do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

setup: $(stamp) ## install the locked libraries into .venv (about 90 s, once)

$(stamp):
	@found=; for name in $${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found="$$name"; break; fi; done; \
	if [ -z "$$found" ]; then \
		echo "Obmen needs Python 3.11 or later: install it, or say make PYTHON=/path/to/python" >&2; \
		exit 1; fi; \
	"$$found" -m venv .venv || { \
		echo "This Python cannot make environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing libraries, once; this takes a minute or two"
	@$(python) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements.lock
# Where PYTHONDONTWRITEBYTECODE is set nothing is ever compiled, and each start takes 20 s for 7.
	@$(python) -m compileall -q -j 0 .venv/lib > /dev/null || true
	@rm -f .venv/installed-* && touch $@

up: setup ## start the services; harmless when they run
	@$(python) -m blocks.embedded up

down: setup ## stop the services
	@$(python) -m blocks.embedded down

status: setup ## show the services; fails when one is down
	@$(python) -m blocks.embedded status

login: setup ## show the login of the UI
	@$(python) -m blocks.embedded login

demo: setup ## a trading company's catalog travels in, twice, changed, and broken; ONCE=1 ends after it
	@was_up=; $(python) -m blocks.embedded status > /dev/null 2>&1 && was_up=yes; \
	$(python) -m blocks.embedded up || exit 1; \
	$(python) -m blocks.embedded run -- $(python) -m sandbox.demo; played=$$?; \
	if [ -n "$(ONCE)" ] && [ -z "$$was_up" ]; then $(python) -m blocks.embedded down > /dev/null; fi; \
	exit $$played

inspect: setup ## judge a partner's sample: make inspect FILES="import.xml offers.xml"
	@$(python) -m tasks.formats.inspect $(FILES)

# The suite starts a hundred programs: where nothing is kept compiled, each compiles all of ours.
test: setup ## the whole suite; ARGS="-k word" for a part
	@PYTHONDONTWRITEBYTECODE= $(python) -m pytest -n 2 --dist loadgroup $(ARGS)

check: lint types imports ## everything but the tests

lint: setup ## style, and formatting
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

format: setup ## format all code
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

types: setup ## types
	@$(python) -m mypy

imports: setup ## who may import whom
	@PYTHONPATH=. .venv/bin/lint-imports

bench: setup ## measure stock and prices: ARGS="--offers 20000"; NAME=catalog, judge, writing or publication
	@$(python) -m bench.$(or $(NAME),stock) $(ARGS)

audit: setup ## prove the books by a program that shares no code with the product
	@$(python) -m blocks.embedded run -- $(python) -m sandbox.audit $(ARGS)

campaign: setup ## hours of faults
	@$(python) -m pytest -m campaign --timeout=0 $(ARGS)

watchdog: setup ## fail when a partner or the scheduler has been silent for too long
	@$(python) -m blocks.embedded.watchdog $(ARGS)

lock: setup ## make requirements.lock anew from requirements.in
	@$(python) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" \
		requirements.in --output-file requirements.lock

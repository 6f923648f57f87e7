# Set-up, tests and bundle.  Each target makes what it needs first; a second call is quick.

PYTHON ?=
TORCH_INDEX ?=
SYSTEM_PACKAGES ?=
ARGS ?=
export PYTHON TORCH_INDEX SYSTEM_PACKAGES

.DEFAULT_GOAL := help
.PHONY: help translations guide demo setup setup-dev test fuzz campaign campaign-mutants lint bundle bundle-check clean distclean

help:
	@echo "make demo          set up and open the tower on simulated modules"
	@echo "make test          set up and run the tests        (ARGS='tests/hardware -x' goes to pytest)"
	@echo "make campaign      20,000 random sequences over the whole tower, about an hour (ARGS='--seed N' plays one again)"
	@echo "make campaign-mutants  break the tower's laws on purpose, and see the campaign find it"
	@echo "make lint          style, format, types, layers"
	@echo "make fuzz          ten million damaged frames against the CRC's theory; some minutes"
	@echo "make setup         only set up"
	@echo "make translations  texts of the screen into resources/translations, and compiled; says what is missing"
	@echo "make guide         the pictures of docs/user-guide.md, made anew"
	@echo "make bundle        dist/limpid: the program with its own Python"
	@echo "make bundle-check  try the bundle where no Python is to be found"
	@echo "make clean         remove what was built           (make distclean: and .venv)"
	@echo
	@echo "PYTHON=python3.12  the Python to use, 3.11 to 3.13"
	@echo "TORCH_INDEX=URL    where else to look for torch, see README.md"
	@echo "ARGS='...'         further arguments, for demo and test"

demo: setup
	@sh packaging/demo.sh $(ARGS)

setup:
	@sh packaging/setup.sh runtime

setup-dev:
	@sh packaging/setup.sh dev

test: setup-dev
	@sh packaging/test.sh $(ARGS)

lint: setup-dev
	@sh packaging/lint.sh

fuzz: setup-dev
	.venv/bin/python -m tests.fuzz.codec $(ARGS)

campaign: setup-dev
	.venv/bin/python -m tests.campaign.run $(ARGS)

campaign-mutants: setup-dev
	.venv/bin/python -m tests.campaign.run --mutants

translations: setup
	.venv/bin/python packaging/translations.py update
	.venv/bin/python packaging/translations.py release

guide: setup
	.venv/bin/python -m ui.guide $(ARGS)

bundle:
	@sh packaging/setup.sh bundle
	@sh packaging/bundle.sh

bundle-check:
	@sh packaging/bundle_check.sh

clean:
	rm -rf build dist out/demo.png out/demo.json .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +

distclean: clean
	rm -rf .venv

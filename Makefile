# mcam. `make` lists the targets; `make run` and `make test` need nothing but Python 3.11-3.13, make and the registries.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# On a Raspberry Pi picamera2 and libcamera come from apt and are bound to its Python, so the environment must see them,
# and numpy must stay apt's own: another one breaks apt's simplejpeg (picamera2 issue 1088).
SEES_APT := $(shell $(PYTHON) -c 'import libcamera' 2>/dev/null && echo yes)
VENV_OPTIONS := $(if $(SEES_APT),--system-site-packages)
CONSTRAINTS := $(if $(SEES_APT),-c $(VENV)/apt.txt)
# Elsewhere the tests run it on a simulated libcamera. Without its dependencies: those that are not needed for that want
# a compiler and headers. Where it cannot be had, its tests skip.
PICAMERA2 := picamera2==0.3.38 simplejpeg videodev2 piexif

.DEFAULT_GOAL := help
.PHONY: help run kernels install uninstall test test-kills test-libcamera test-machine check validate bench bench-startup bench-peaking golden glyphs drawings clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed ## the whole camera on this machine; ARGS="--scene photo.jpg" are passed on
	$(BIN)/mcam run $(ARGS)

kernels: $(VENV)/installed ## compile the loops over pixels for this machine: quick starts, little memory; wants binutils
	$(BIN)/python -m device.kernel_build

install: ## sudo make install: a camera of this Raspberry Pi (or Debian), started at every boot; again to update
	@sh systemd/install.sh install

uninstall: ## sudo make uninstall: everything but settings and photographs
	@sh systemd/install.sh uninstall

test: $(VENV)/installed-dev ## all tests; ARGS="-k ring" are passed on
	-@$(BIN)/python -m device.kernel_build # without it the tests take longer: each process compiles or loads by numba
	$(BIN)/python -m pytest $(ARGS)

test-kills: $(VENV)/installed-dev ## the daemon killed at 200 moments of a burst, of which `make test` takes thirty
	MCAM_KILLS=200 $(BIN)/python -m pytest tests/test_daemon_kill.py $(ARGS)

test-libcamera: $(VENV)/installed-dev ## as root: the simulated libcamera held against the real one, and a live view from that
	MCAM_LIBCAMERA="$(PICAMERA2)" $(BIN)/python -m pytest tests/libcamera $(ARGS)

test-machine: $(VENV)/installed-dev ## as root: mcam installed, used and cut off on an emulated Debian for arm64
	MCAM_MACHINE=1 $(BIN)/python -m pytest tests/machine $(ARGS)

check: $(VENV)/installed-dev ## ruff, mypy --strict and the import rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

validate: $(VENV)/installed-dev ## DNGs of every kind, read by every foreign program that is found
	$(BIN)/python -m tests.validate

bench: $(VENV)/installed-dev ## frame rates and ratios, side by side in one run
	$(BIN)/python -m tests.bench

bench-startup: $(VENV)/installed-dev ## the viewfinder's first picture and its memory, beside numpy's; first `make kernels`
	$(BIN)/python -m tests.bench.startup

bench-peaking: $(VENV)/installed-dev ## peaking beside others' on photographs of known defocus; needs MCAM_DATA
	$(BIN)/python -m tests.bench.peaking

golden: $(VENV)/installed-dev ## draw the golden screens anew; look at them before you commit them
	MCAM_GOLDEN=accept $(BIN)/python -m pytest -q tests -k golden

glyphs: $(VENV)/installed-dev ## draw anew the letters that the viewfinder finds drawn
	$(BIN)/python -m ui.drawn_glyphs

drawings: $(VENV)/installed-dev ## draw anew hardware.md's wiring and its table, from device/mcam.toml, and README's peaking
	$(BIN)/python -m tests.drawings.wiring
	$(BIN)/python -m tests.drawings.peaking

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache tests/failed
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "mcam needs Python 3.11 to 3.13: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV_OPTIONS) $(VENV) || { echo "On Debian: sudo apt install python3-venv"; rm -rf $(VENV); exit 1; }
	$(if $(SEES_APT),$(BIN)/python -c 'import numpy; print("numpy==" + numpy.__version__)' > $(VENV)/apt.txt)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e '.[replay]'
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e '.[replay,dev]'
	-$(if $(SEES_APT),,$(BIN)/python -m pip install --quiet --no-deps $(PICAMERA2))
	touch $@

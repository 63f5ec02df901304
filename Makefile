# SPDX-License-Identifier: MIT
# Every command in one word; CMake presets do the work.
PREFIX ?= /usr/local
CLANG_FORMAT ?= $(firstword $(foreach t,clang-format-14 clang-format,$(shell command -v $(t))))
CLANG_TIDY ?= $(firstword $(foreach t,clang-tidy-14 clang-tidy,$(shell command -v $(t))))
PYTHON ?= python3 -B
SOURCES = $(shell git ls-files -co --exclude-standard '*.h' '*.cpp')
# Several tests at once share the cores: threads that wait must sleep, not spin.
CTEST = OMP_WAIT_POLICY=passive ctest --output-on-failure --no-tests=error --parallel $(shell nproc)

.PHONY: all check test asan fuzz format format-check lint layers sizes words docs bench install package wheel site help clean

all: ## build the program: build/release/ascribo
	@scripts/build release $(if $(wildcard build/release/CMakeCache.txt),,-- -DASCRIBO_TESTS=OFF)

check: format-check layers sizes words ## everything a change must pass: format, layers, sizes, words, tests (with assertions), docs, lint
	@scripts/build dev
	@$(CTEST) --test-dir build/dev
	@$(MAKE) --no-print-directory lint

test: ## set up, build the release and run every test
	@scripts/test

asan: ## run every test under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/build asan
	@$(CTEST) --test-dir build/asan

fuzz: ## damage files and texts for a minute each and see what the parsers do (FUZZ=SECONDS)
	@scripts/fuzz $(FUZZ)

format: ## format every C++ file in place
	@$(CLANG_FORMAT) -i $(SOURCES)

format-check:
	@$(CLANG_FORMAT) --dry-run --Werror $(SOURCES)

lint: ## clang-tidy over what changed since it last ran clean
	@scripts/build tidy -- "-DCMAKE_CXX_CLANG_TIDY=$(CLANG_TIDY);--quiet"

layers sizes words: ## one check alone
	@$(PYTHON) tools/check_$@.py

docs: all ## generate the pages that come from the program itself
	@$(PYTHON) tools/gen_docs.py build/release/ascribo

bench: ## compare speeds with other libraries (BENCH="--help" says what is needed)
	@scripts/build release ascribo_cli
	@$(PYTHON) bench/run.py $(BENCH)

install: all ## install program, library, header, CMake package and model (PREFIX, DESTDIR)
	@DESTDIR="$(DESTDIR)" cmake --install build/release --prefix "$(PREFIX)"

package: ## pack what install installs: build/ascribo-VERSION-SYSTEM-CPU.tar.gz
	@scripts/package

wheel: ## the Python package as self-contained wheels: build/wheels
	@scripts/wheel

site: ## the documentation as a site: build/site
	@scripts/site

clean: ## remove every build
	@rm -rf build

help: ## this list
	@sed -n 's/^\([a-z ]*\):[^#]*## /\1\t/p' Makefile | expand -t 24

# The two commands that a newcomer needs are `make demo` and `make test`. Each sets up what it needs.

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin
# As a variable of the environment the constraints bind what builds the package, too.
PIP := PIP_CONSTRAINT=constraints.txt $(RUN)/pip install --quiet --disable-pip-version-check
# The day on which the example registry is judged, so that it does not grow old.
TODAY := 2026-11-20

.PHONY: demo test test-peers test-portable test-lowest test-semantic lint bench pictures clean

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[tests,lint,release]'
	$(RUN)/python -m compileall -q ocs
	touch $@

demo: $(VENV)/ready
	@echo 'A volunteer hears: "the calendar reminders come hours late". Has somebody solved that before?'
	$(call ocs,search calendar reminders late -n 3)
	@echo; echo 'The first one looks right. What did they do?'
	$(call ocs,show nextcloud-background-jobs-stop-after-php-upgrade)
	@echo; echo 'Who is it that has the problem?'
	$(call ocs,search --kind orgs food bank)
	@echo; echo 'And is everything in this registry as it should be?'
	$(call ocs,validate --on $(TODAY))
	@$(RUN)/python docs/demo.py

define ocs
	@printf '\n$$ ocs %s\n' '$(1)'; cd example-registry && $(abspath $(RUN))/ocs $(1)
endef

test: $(VENV)/ready
	$(RUN)/pytest -n auto -m "not peers"

# Beside programs and data of others: pass, clipboards, editors, pre-commit, keyrings of projects, pip.
test-peers: $(VENV)/ready
	$(RUN)/pytest -n auto -m peers

# What needs neither Linux nor gpg.
test-portable: $(VENV)/ready
	$(RUN)/pytest -n auto tests/model tests/rules tests/importers tests/output tests/test_kinds.py \
		tests/test_architecture.py tests/adapters/test_yamlfile.py tests/adapters/test_editing.py \
		tests/adapters/test_composing.py

lint: $(VENV)/ready
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy

bench: $(VENV)/ready
	$(PIP) --editable '.[tests,lint,bench]'
	$(RUN)/python -m compileall -q ocs
	$(RUN)/python -m benchmarks

# The picture in the README, and what a pull request looks like, in docs/pictures/, which chromium draws.
pictures: $(VENV)/ready
	$(RUN)/python docs/picture.py
	$(RUN)/python docs/pictures.py

# The oldest versions that pyproject.toml admits.
test-lowest: .venv-lowest/ready
	.venv-lowest/bin/pytest -n auto

# With the extra `semantic`, which puts results into another order than the stories tell.
test-semantic: .venv-semantic/ready
	.venv-semantic/bin/pytest -n auto tests/adapters/test_meaning.py tests/tasks/search/test_search.py \
		tests/tasks/registry/test_registries.py tests/tasks/registry/test_fresh.py

.venv-semantic/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-semantic
	PIP_CONSTRAINT=constraints.txt .venv-semantic/bin/pip install --quiet --disable-pip-version-check \
		--editable '.[tests,semantic]'
	touch $@

.venv-lowest/ready: pyproject.toml constraints-lowest.txt
	$(PYTHON) -m venv .venv-lowest
	PIP_CONSTRAINT=constraints-lowest.txt .venv-lowest/bin/pip install --quiet --disable-pip-version-check \
		--editable '.[tests]'
	touch $@

clean:
	rm -rf .venv .venv-lowest .hypothesis .mypy_cache .ruff_cache build dist

# Everything runs in .venv; the stamp is made again when what is required changes.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
TEMPLATES = $(shell find templates -name '*.html')
.PHONY: run test test-browser test-faults test-long test-coverage bench lint lint-templates format lock messages clean

.venv/run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@$(PYTHON) -m venv .venv
	@echo "Installing what is required …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what tests and lint need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run

run: export MALLOC_ARENA_MAX = 1
run: .venv/run
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_content || echo "The site starts with what the database holds."
	@$(BIN)/python manage.py tidy --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@echo "Sign in with one of these, or start reading without a name:"
	@$(BIN)/python manage.py demo
	@echo "Open http://127.0.0.1:$(PORT)/   (Ctrl-C ends it; what you do is kept in var/)"
	@exec $(BIN)/gunicorn course.wsgi --config python:course.gunicorn --bind 127.0.0.1:$(PORT)

test: .venv/dev
	$(BIN)/python -m pytest -n auto

# Needs Debian's chromium-headless-shell, or its chromium.
test-browser: export DATABASE_IN_A_FILE = 1
test-browser: .venv/dev
	$(BIN)/python -m pytest -n auto -m browser

# Kills and restarts real servers, on SQLite and on a PostgreSQL of its own; Linux only. Each test prints its figures.
test-faults: .venv/dev
	$(BIN)/python -m pytest -m faults

# A thousand examples of each property, and every round that the other runs draw from.
test-long: export HYPOTHESIS_PROFILE = long
test-long: test test-faults

# What decides about marks, dates, progress and access is reached by tests in each branch; all the rest in 95 %.
WHOLE := quizzes/kinds/*.py quizzes/models/responses.py quizzes/models/clock.py
WHOLE += quizzes/schedule.py quizzes/certainty.py quizzes/calibration.py quizzes/progress.py
WHOLE += quizzes/statistics.py quizzes/reliability.py
WHOLE += cohorts/models/*.py lessons/preview.py
REPORT := .coverage.json
test-coverage: .venv/dev
	@ls $(WHOLE) > /dev/null
	@rm -f $(REPORT)
	$(BIN)/python -m slipcover --out $(REPORT) -m pytest -n auto
	$(BIN)/python -m tests.reached $(REPORT) $(WHOLE)

# Measures quality P1 to P8 as a real machine serves the site, within ten minutes; Linux only. TREE=path measures another
# tree, BIG=1 10,000 people with 1.2 million responses, within an hour. PEER=1 measures Kolibri beside it, which it installs.
bench: .venv/dev
	@$(BIN)/python -m bench $(if $(TREE),--tree $(TREE)) $(if $(BIG),--big) $(if $(PEER),--peer)

lint: .venv/dev lint-templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py load_content --check --strict

# DjHTML indents, styles and scripts too; Djade writes Django's tags in one way. Where lines break is for whoever writes.
lint-templates: .venv/dev
	$(BIN)/djhtml --tabwidth 2 --check templates
	$(BIN)/djcss --tabwidth 2 --check static/*.css
	$(BIN)/djjs --tabwidth 2 --check static/*.js
	@$(BIN)/djade --target-version 5.2 --check $(TEMPLATES)
	$(BIN)/python -m pytest --quiet tests/test_templates.py

format: .venv/dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	-@$(BIN)/djade --target-version 5.2 $(TEMPLATES)
	-$(BIN)/djhtml --tabwidth 2 templates
	-$(BIN)/djcss --tabwidth 2 static/*.css
	-$(BIN)/djjs --tabwidth 2 static/*.js

# Pins what requirements.txt and requirements-dev.txt ask for, with hashes, for every machine and Python from 3.11 on.
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --quiet --upgrade
lock: .venv/dev
	$(LOCK) requirements.txt --output-file requirements.lock
	$(LOCK) requirements-dev.txt --output-file requirements-dev.lock

# Every language with a folder in locale/. Needs GNU gettext. Translate what is empty in the .po files, then run it again:
# the .mo files are committed.
messages: .venv/dev
	$(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore var --ignore tests --ignore .venv
	$(BIN)/python manage.py compilemessages --ignore .venv --ignore var

clean:
	rm -rf .venv var

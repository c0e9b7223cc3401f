.PHONY: help run test test-stock stock-debian stock-newest test-claude check check-server check-client criteria baseline pictures bench figures format lock wheel setup setup-dev setup-tests clean

# Everything below is relative, so a path with a space in it does no harm.
BIN = .venv/bin
TESTS ?= -n 4 --dist worksteal
# Without the bytecode of an earlier run, each process compiles all that it loads.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{ sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, $$2 }'

run: setup ## set everything up and serve the workspace at http://127.0.0.1:8000
	@exec $(BIN)/bullpen

test: setup-tests ## set everything up and run all tests (TESTS="-n 2 -k name" for some)
	@rm -f $(ALONE)
	@$(BIN)/pytest --slowest 10 --alone-list $(ALONE) $(TESTS) || $(TEST_ALONE)
	@$(MAKE) --no-print-directory test-stock

# What failed twice in e2e and the like gets a last attempt with nothing beside it (decision 0025).
ALONE = .cache/failed-alone

TEST_ALONE = { test -s $(ALONE) && echo "These failed twice beside other tests. Once more, alone:" && \
	cat $(ALONE) && $(BIN)/pytest -n 0 --force-reruns 0 @$(ALONE); }

# What depends on how the server is configured, on Debian's Postgres and on the newest.
STOCK = tests/migrations/test_rules.py tests/api/test_posting.py tests/api/test_clock.py \
	tests/api/test_search.py tests/events/test_events.py tests/chat/test_asking.py tests/kit/test_settings_of_sessions.py

test-stock: setup-tests ## run a part of the tests on Postgres 15 and the newest, with their default configuration
	@$(MAKE) --no-print-directory -j 2 stock-debian stock-newest

stock-debian stock-newest: stock-%:
	@BULLPEN_TEST_SERVER=$* $(BIN)/pytest -q $(STOCK)

check: setup-dev node_modules/.package-lock.json ## format, lint, types and import order, of the server and the client
	@$(MAKE) --no-print-directory -j 2 check-server check-client
	@$(BIN)/python -m scripts.take_pictures --check

check-server:
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/migrations.py
	@$(BIN)/python scripts/sql_rooms.py
	@$(BIN)/python -m scripts.permissions --check
	@$(BIN)/python -m scripts.token_scopes --check

check-client:
	@scripts/npm run --silent check

test-claude: setup-tests ## run the tests of the extra `claude`, which this installs (168 MB)
	@scripts/setup.sh requirements/claude.txt
	@$(BIN)/pytest -n 0 tests/agents/test_claude.py

criteria: setup-tests ## run the marked tests and print all acceptance criteria with their results
	@$(BIN)/python scripts/criteria.py

baseline: setup-tests ## take the baseline pictures and trees again, from the pack alone
	@$(BIN)/python -m e2e.take_baseline

pictures: setup-tests ## take the README's pictures again
	@$(BIN)/python -m scripts.take_pictures

bench: setup-tests ## print the figures that documents quote
	@$(BIN)/python -m bench

figures: setup-dev ## print the sizes of files, import circles, and where SQL stands
	@$(BIN)/python -m scripts.figures

format: setup-dev ## format everything
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --fix --quiet
	@scripts/npm run --silent format

lock: setup-dev ## resolve the locked requirements again
	@scripts/lock.sh

wheel: setup-dev ## build the wheel and the sdist into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist

setup:
	@scripts/setup.sh requirements/run.txt

setup-dev:
	@scripts/setup.sh requirements/dev.txt

setup-tests: setup-dev node_modules/.package-lock.json ## install what tests need, once per checkout
	@$(BIN)/python scripts/debian_tools.py caddy nginx pgbouncer postgresql-15 systemd-analyze
	@$(BIN)/python scripts/browser.py

# Not `npm ci`: it wants other systems' binaries in the lock file, which npm leaves out of ours.
node_modules/.package-lock.json: package-lock.json
	@scripts/npm install --no-save --silent --no-audit --no-fund
	@touch $@

clean: ## remove what the commands above have made (not the workspace's data)
	@rm -rf .venv .cache node_modules dist build .mypy_cache .ruff_cache .hypothesis e2e/report

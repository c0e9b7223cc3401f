.PHONY: help run setup setup-dev test check criteria baseline bench lock format wheel clean

# A path with a space in it: everything below is relative.
BIN = .venv/bin

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: setup ## set everything up and serve the workspace at http://127.0.0.1:8000
	@exec $(BIN)/bullpen

setup:
	@scripts/setup.sh requirements/run.txt

setup-dev:
	@scripts/setup.sh requirements/dev.txt

lock: setup-dev ## resolve the locked requirements again
	@scripts/lock.sh

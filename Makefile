# Everything here works on a fresh clone with Go, Python 3, Node.js and make; "make help" says what there is.

GO        ?= go
BIN       := bin/archipelago
LINT      := $(GO) tool -modfile=tools/lint/go.mod golangci-lint
# The packages that need no emulator and no engine: they also run under the race detector in CI.
UNIT      = $(shell $(GO) list ./... | grep -v -e /tests -e /internal/lab$$)

.DEFAULT_GOAL := help

## help: list the targets
.PHONY: help
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{printf "  make %-10s %s\n", $$1, $$2}'

## build: build bin/archipelago
.PHONY: build
build:
	$(GO) build -o $(BIN) ./cmd/archipelago

## lab: build all that is needed and deploy the sample on AWS emulated on this machine
.PHONY: lab
lab: build
	$(BIN) lab up

## test: run every test, end to end included
.PHONY: test
test:
	$(GO) test -timeout 40m ./...

## unit: run the tests that need no lab
.PHONY: unit
unit:
	$(GO) test $(UNIT)

## race: run the unit tests under the race detector
.PHONY: race
race:
	$(GO) test -race -timeout 20m $(UNIT)

## lint: vet and lint, import arrows included
.PHONY: lint
lint:
	$(GO) vet ./...
	$(LINT) run

## check: lint, race and test
.PHONY: check
check: lint race test

## bench: run the benchmarks
.PHONY: bench
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./topology ./plan ./plugins/... ./policy/simulate

## generate: write the schemas, the reference pages and the types of hooks from the Go types
.PHONY: generate
generate:
	$(GO) test ./topology -run 'Golden$$' -update
	$(GO) test ./plan -run '^TestHookTypes$$' -update

## golden: rewrite the golden files of the tests, for a review of the difference
.PHONY: golden
golden:
	$(GO) test ./topology ./policy/guardrail ./plan/... ./plugins/shape ./components/... ./stacks ./internal/hooktest ./cmd/archipelago -update

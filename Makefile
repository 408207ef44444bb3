# Two commands matter: `make demo` shows Tandem at work, `make test` proves it.
SHELL := /bin/bash
GO    ?= go
BIN   := bin/tandem
TOOLS := $(CURDIR)/bin/tools

export GOFLAGS ?= -buildvcs=false

.PHONY: build bench-deps demo run test test-go test-web lint bench bench-full simulate console pictures types deps tools clean

build: console
	$(GO) build -trimpath -ldflags='-s -w' -o $(BIN) ./cmd/tandem

demo: build ## everything at work on this machine, from nothing; Ctrl-C ends it
	$(BIN) demo

run: build ## the server for real use; settings: see `bin/tandem serve --help`
	$(BIN) serve

deps: ## what the tests need from the system's packages
	scripts/deps

test: deps test-go test-web

test-go:
	$(GO) test -race -timeout 20m ./...

test-web: deps build
	cd web && npm run test && npm run e2e

console: web/dist/index.html

web/dist/index.html: web/package.json web/package-lock.json $(shell find web/src web/public web/index.html web/*.ts -type f 2>/dev/null)
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run build

pictures: deps build ## the pictures of docs/console.md, taken anew of a demo
	cd web && TANDEM_PICTURES=$(CURDIR)/docs/images npm run e2e

types: ## the console's types of the API, made anew from its OpenAPI document
	cd web && scripts/types src/api/schema

tools:
	GOBIN=$(TOOLS) scripts/tools

lint: tools console
	@test -z "$$($(TOOLS)/gofumpt -l $$(git ls-files -co --exclude-standard '*.go'))" || { $(TOOLS)/gofumpt -d $$(git ls-files -co --exclude-standard '*.go'); exit 1; }
	$(GO) vet ./...
	$(TOOLS)/golangci-lint run
	cd web && scripts/types --check && npm run --silent typecheck && npm run --silent lint
	scripts/vulns

bench: bench-deps build
	$(GO) run ./bench
	$(GO) run ./bench/stats
	$(GO) run ./bench/sip
	$(GO) run ./bench/console

bench-full: bench-deps build
	$(GO) run ./bench -full
	$(GO) run ./bench/stats
	$(GO) run ./bench/sip -full
	$(GO) run ./bench/console -full

bench-deps: deps
	scripts/deps kamailio python3-statsmodels

simulate: ## the verdict on made-up and recorded calls; fails when a bound is broken
	$(GO) run ./simulate -markdown docs/statistics.md

clean:
	rm -rf bin web/dist/* web/node_modules

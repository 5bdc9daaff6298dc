.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build viewer test race e2e lint format bench soak attack fuzz cover notices vulns deps clean

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := v1.9.0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null)
VIEWER := web/index.html web/package.json web/tsconfig.json web/vite.config.ts $(shell find web/src -type f)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: deps build ## install what is missing, build, and serve the sample city (ARGS="--listen …")
	bin/yizhan up $(ARGS)

build: viewer ## build the viewer and bin/yizhan
	go build -buildvcs=false -ldflags "-X main.version=$(VERSION) -X main.commit=$(COMMIT)" -o bin/yizhan ./cmd/yizhan

viewer: web/dist/index.html

web/dist/index.html: web/node_modules/.package-lock.json $(VIEWER)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci && touch node_modules/.package-lock.json

test: testdeps build ## install what is missing, build, and run every test
	go vet ./...
	go test -timeout 20m ./...
	cd web && npm test
	.ci/e2e

race: viewer ## run the Go tests under the race detector
	go test -race -timeout 60m ./...

e2e: build ## test the viewer in a browser, with a server of its own
	.ci/e2e

lint: viewer ## check formatting, vet, staticcheck, the project's rules, the viewer's types
	test -z "$$(gofmt -l cmd geo importer internal sql tiles web/*.go | tee /dev/stderr)"
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 ./internal/lint
	cd web && npm run lint

format: web/node_modules/.package-lock.json ## format all files
	gofmt -w cmd geo importer internal sql tiles web/*.go
	cd web && npm run format

bench: build ## print ratios to the floor and to PostGIS (a quarter of an hour; ARGS="-only hot,live")
	go run ./internal/bench $(ARGS)

soak: build ## ten minutes of edits and tile requests, then compare every tile with a fresh server's
	go run ./internal/bench -only soak -long 10m $(ARGS)

attack: build ## replay attacks and load storms against the real binary (minutes; ARGS="-only proxy,pasts")
	go run ./internal/attack $(ARGS)

fuzz: ## run every fuzz test for a short time (FUZZTIME=10s each)
	.ci/fuzz $(or $(FUZZTIME),10s)

cover: viewer ## measure the coverage of the Go tests, by function in cover.out
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -1

notices: viewer ## write the third-party notices and the bill of materials to internal/notices
	go run ./internal/notices/collect

vulns: web/node_modules/.package-lock.json ## check dependencies for known vulnerabilities, if the databases are reachable
	@.ci/vulnerabilities $(GOVULNCHECK)

deps: ## install what running needs: PostgreSQL with PostGIS
	@.ci/deps

.PHONY: testdeps
testdeps:
	@.ci/deps --test

clean: ## remove build results
	rm -rf bin cover.out web/node_modules web/test-results web/dist/assets web/dist/index.html

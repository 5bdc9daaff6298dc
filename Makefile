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

race: viewer ## the Go tests under the race detector
	go test -race -timeout 60m ./...

e2e: build ## the viewer in a browser against a server of its own
	.ci/e2e

lint: viewer ## formatting, vet, staticcheck, the house rules, the viewer's types
	test -z "$$(gofmt -l cmd geo importer internal sql tiles web/*.go | tee /dev/stderr)"
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 ./internal/lint
	cd web && npm run lint

format: web/node_modules/.package-lock.json ## write every file in the house's form
	gofmt -w cmd geo importer internal sql tiles web/*.go
	cd web && npm run format

bench: build ## ratios to the floor and to PostGIS, in one run (a quarter of an hour; ARGS="-only hot,live")
	go run ./internal/bench $(ARGS)

soak: build ## ten minutes of edits and tile requests, then every tile against a fresh server's
	go run ./internal/bench -only soak -long 10m $(ARGS)

attack: build ## what attackers and storms once did, against the real binary (minutes; ARGS="-only proxy,pasts")
	go run ./internal/attack $(ARGS)

fuzz: ## a short burst of every fuzz test (FUZZTIME=10s each)
	.ci/fuzz $(or $(FUZZTIME),10s)

cover: viewer ## coverage of the Go tests, by function in cover.out
	go test -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -1

notices: viewer ## third-party notices and the bill of materials, into internal/notices
	go run ./internal/notices/collect

vulns: web/node_modules/.package-lock.json ## known vulnerabilities of what is used, where the databases can be reached
	@.ci/vulnerabilities $(GOVULNCHECK)

deps: ## install what is missing to run: PostgreSQL with PostGIS
	@.ci/deps

.PHONY: testdeps
testdeps:
	@.ci/deps --test

clean: ## remove what was built
	rm -rf bin cover.out web/node_modules web/test-results web/dist/assets web/dist/index.html

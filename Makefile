# Thin names for npm scripts. Node 24 comes with the packages (node_modules/.bin/node), so the machine's own may be older.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export ARTILLERY_DISABLE_TELEMETRY := true

installed := node_modules/.package-lock.json
artillery := load/artillery/node_modules/.package-lock.json
client := client/dist/index.html
client_sources := $(shell find client contract -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.png' -o -name '*.webmanifest' \) -not -path 'client/dist/*' -not -path 'client/e2e/*')

.DEFAULT_GOAL := help
.PHONY: help up dev test check unit e2e screenshots demo replay load bench

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(installed) $(client) ## installs, builds and starts everything, with the demo election
	@DEMO=$${DEMO:-1} node server/main.ts

dev: $(installed) ## the server and the client with hot reload
	@npm run --silent dev

demo: $(installed) ## adds a demo election: ELECTION=kuwait-union|delaware|national|load
	@npm run --silent demo

replay: $(installed) ## calls every vote of a results FILE as a ballot and compares; COUNTERS=3 COMMITTEES=20
	@npm run --silent replay

bench: $(installed) ## in one run: ADMISSION=1 judging an edit beside applying it; PRESENCE=1 a crowd beside plain Hocuspocus; OVERVIEW=1 who watches
	@npm run --silent $(if $(OVERVIEW),bench:overview,$(if $(PRESENCE),bench:presence,bench))

load: $(installed) $(artillery) ## a day with hundreds of people, every edit compared: SHAPE=union-day PEOPLE=200 MINUTES=3
	@npm run --silent load

test: $(installed) $(artillery) ## everything CI runs: types, lint, unit, integration, browser
	@npm run --silent test

check: $(installed) ## types and lint
	@npm run --silent check

unit: $(installed) ## the fast half of the tests
	@npm run --silent unit

e2e: $(installed) $(client) ## the browser half of the tests
	@npm run --silent e2e

screenshots: $(installed) $(client) ## the pictures of the README
	@npm run --silent screenshots

# Not `npm ci`: it refuses a lock file made where a registry lacks binaries of platforms that are not this one. The versions are the lock's
# all the same, and `--no-save` leaves it as it is.
$(installed): package.json package-lock.json
	@echo 'Installing the packages (once) …'
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

# 460 MB of its own, so only for those who ask for it. Its scripts would fetch a browser and build a socket it does not need.
$(artillery): load/artillery/package.json load/artillery/package-lock.json
	@echo 'Installing artillery (once) …'
	@npm install --prefix load/artillery --no-save --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(client): $(installed) $(client_sources) client/vite.config.ts
	@echo 'Building the client …'
	@npm run --silent build

# netsonde: make demo and make test are all that a new user needs.
GO      ?= go
BIN     := bin
LINT    := .ci/lint
export CGO_ENABLED ?= 0

.PHONY: build demo demos lab test unit browser-test lab-test lint fuzz bench clean

build: ## both programs, into bin/
	$(GO) build -trimpath -o $(BIN)/ ./cmd/netsonde ./cmd/sondelab

demo: ## diagnose a recorded incident that ships in the binary
	@$(GO) build -trimpath -o $(BIN)/ ./cmd/netsonde
	@$(BIN)/netsonde demo

demos: build ## record the incidents that ship anew (root)
	.ci/demos

lab: ## real routers in network namespaces (root)
	@.ci/packages
	@$(GO) build -trimpath -o $(BIN)/ ./cmd/netsonde ./cmd/sondelab
	@$(BIN)/sondelab up

test: ## everything: install what the lab and the browser tests need, all tests, lint
	@.ci/packages browser
	@$(MAKE) --no-print-directory unit browser-test lint
	@$(MAKE) --no-print-directory -j2 lab-test fuzz-show # a lab mostly waits

# The race detector makes whole runs of the program ten times slower: those run
# without it, and the packages and the server's goroutines with it.
unit:
	CGO_ENABLED=1 $(GO) test -race -skip '^Test(Scripts|KillLosesNoReport|Demos|Pseudonymised|Candidate|RulesOverAPart|Canaries)' ./...
	$(GO) test -count=1 ./cmd/netsonde

fuzz-show: ## each platform's grammar: what is printed parses to itself, in words of the grammar
	@nice -n 15 .ci/fuzz 10s FuzzShow

browser-test: ## reports and the page of serve in headless Chromium; NETSONDE_SHOTS=DIR keeps pictures
	NETSONDE_BROWSER=1 $(GO) test -count=1 -run InBrowser ./cmd/netsonde

lab-test: ## faults on real routers; fails where the lab cannot run
	NETSONDE_LAB=1 $(GO) test -p 1 -count=1 -timeout 18m -v ./devices/lab/... ./cmd/sondelab/...

lint:
	$(GO) vet ./...
	cd $(LINT) && $(GO) build -o ../../$(BIN)/ honnef.co/go/tools/cmd/staticcheck
	$(BIN)/staticcheck -checks inherit,-SA1019 ./... # devices still send what gNMI deprecates

bench:
	$(GO) test -run '^$$' -bench . -benchmem -timeout 30m ./...

fuzz: ## FUZZTIME=1h make fuzz
	.ci/fuzz $(or $(FUZZTIME),10s)

clean:
	rm -rf $(BIN)

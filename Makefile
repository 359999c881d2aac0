# The gate is .ci/run; these are its parts, for use at a desk.
.PHONY: build test race lint demo fuzz bench prove

build:
	go build -trimpath -o sendwatch ./cmd/sendwatch

test:
	go test ./...

race:
	go test -race ./pay ./taxonomy ./place ./terms ./document ./normalise ./matcher ./changelog ./store/... ./ingest ./search/... ./notifier/... ./crawler/...

lint:
	cd tools && go build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	./bin/golangci-lint run

demo:
	go run ./cmd/sendwatch demo

# Every fuzz target for FUZZTIME each.
FUZZTIME ?= 30s
fuzz:
	@for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
	  done; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Kill the program at random moments, alone and as several processes on PostgreSQL
# (TEST_POSTGRES_URL), and check that nothing is lost or told twice.
KILLS ?= 50
MINUTES ?= 5
prove:
	go test ./cmd/sendwatch -run TestKillNine -count 1 -v -kills $(KILLS)
	go test ./cmd/sendwatch -run TestSeveralProcesses -count 1 -v -timeout 60m -minutes $(MINUTES)

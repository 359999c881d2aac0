package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/store/storetest"
)

func TestChecksRunAtOnceAndKeepTheirOrder(t *testing.T) {
	// Each waits for the other, which ends only when both run.
	a, b := make(chan struct{}), make(chan struct{})
	checks := []check{
		{"first", func(context.Context) []finding { close(a); <-b; return []finding{fine("one"), warn("mend", "two")} }},
		{"second", func(context.Context) []finding {
			close(b)
			<-a
			return []finding{{Check: "own name", Verdict: verdictFail}}
		}},
		{"third", func(context.Context) []finding { return nil }},
	}
	found := examination{now: time.Now, patience: time.Minute}.examine(t.Context(), checks)
	var names []string
	for _, f := range found {
		names = append(names, f.Check+"/"+string(f.Verdict))
	}
	if got := strings.Join(names, " "); got != "first/ok first/warn own name/fail" {
		t.Errorf("found %s", got)
	}
}

func TestACheckThatDoesNotEndIsLeftBehind(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	checks := []check{
		{"deaf", func(context.Context) []finding { <-release; return nil }},
		{"heeds", func(ctx context.Context) []finding { <-ctx.Done(); return []finding{fail("", "gave up")} }},
	}
	found := examination{now: time.Now, patience: 50 * time.Millisecond}.examine(t.Context(), checks)
	if len(found) != 2 || found[0].Verdict != verdictFail || !strings.Contains(found[0].Says, "no answer within 50ms") || found[1].Says != "gave up" {
		t.Errorf("found %+v", found)
	}
}

func TestDiagnosis(t *testing.T) {
	long := strings.Repeat("é", 700)
	d := diagnose([]finding{
		{Check: "mail", Verdict: verdictOK, Says: "two\nlines \x1b[31m and\xff", Seconds: 0.0015},
		{Check: "mail", Verdict: verdictWarn, Says: long, Do: "do this"},
		{Check: "disk", Verdict: verdictOK, Says: "fine", Seconds: 2.34},
	})
	if !d.OK {
		t.Error("a warning is no failure")
	}
	var out bytes.Buffer
	if err := d.print(&out, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || lines[0] != "ok    mail  1 ms   two lines [31m and?" || !strings.HasSuffix(lines[2], " → do this") || lines[3] != "ok    disk  2.3 s  fine" {
		t.Errorf("printed\n%s", out.String())
	}
	if n := len([]rune(d.Checks[1].Says)); n != 601 {
		t.Errorf("what was said has %d characters", n)
	}
	if d := diagnose([]finding{fine(""), fail("", "x")}); d.OK {
		t.Error("a failure is well")
	}
	out.Reset()
	if err := d.print(&out, true); err != nil {
		t.Fatal(err)
	}
	var back diagnosis
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || len(back.Checks) != 3 || back.Checks[1].Do != "do this" {
		t.Errorf("JSON %s: %v", out.String(), err)
	}
}

func TestOpenToAll(t *testing.T) {
	top := t.TempDir()
	if err := os.Chmod(filepath.Dir(top), 0o755); err != nil { // which the testing package closes
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name         string
		folder, file os.FileMode
		want         bool
	}{
		{"closed", 0o755, 0o600, false},
		{"open to the group", 0o755, 0o640, false},
		{"open to all", 0o755, 0o644, true},
		{"open to all in a closed folder", 0o700, 0o444, false},
		{"open to all in a folder of the group", 0o750, 0o444, false},
	} {
		dir := filepath.Join(top, tt.name)
		path := filepath.Join(dir, "secret")
		err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(path, nil, 0o600), os.Chmod(path, tt.file), os.Chmod(dir, tt.folder), os.Chmod(top, 0o755))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := openToAll(path); got != tt.want || err != nil {
			t.Errorf("%s: %t, %v", tt.name, got, err)
		}
	}
	link := filepath.Join(top, "link")
	if err := os.Symlink(filepath.Join(top, "open to all in a closed folder", "secret"), link); err != nil {
		t.Fatal(err)
	}
	if got, err := openToAll(link); got || err != nil {
		t.Errorf("a link to a closed file: %t, %v", got, err)
	}
	if got, err := openToAll(mountedSecrets + "database_url"); got || err != nil {
		t.Errorf("a secret of a container: %t, %v", got, err)
	}
	if _, err := openToAll(filepath.Join(top, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestJudgeSource(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, tt := range []struct {
		name  string
		every string
		h     store.SourceHealth
		want  verdict
		says  string
	}{
		{"never crawled", "1h", store.SourceHealth{}, verdictWarn, "never crawled"},
		{"well", "1h", store.SourceHealth{Healthy: true, LastCrawl: ago(time.Hour), LastHealthy: ago(time.Hour)}, verdictOK, ""},
		{"late by two beats", "1h", store.SourceHealth{Healthy: true, LastCrawl: ago(3 * time.Hour), LastHealthy: ago(3 * time.Hour)}, verdictOK, ""},
		{"silent", "1h", store.SourceHealth{Healthy: true, LastCrawl: ago(5 * time.Hour), LastHealthy: ago(5 * time.Hour)}, verdictWarn, "nothing was read from it since"},
		{"a weekly source of last week", "30 6 * * 1", store.SourceHealth{Healthy: true, LastCrawl: ago(10 * 24 * time.Hour), LastHealthy: ago(10 * 24 * time.Hour)}, verdictOK, ""},
		{"a weekly source of last month", "30 6 * * 1", store.SourceHealth{Healthy: true, LastCrawl: ago(30 * 24 * time.Hour), LastHealthy: ago(30 * 24 * time.Hour)}, verdictWarn, "nothing was read"},
		{"unhealthy", "1h", store.SourceHealth{Note: "the list shrank", LastCrawl: ago(time.Hour), LastHealthy: ago(2 * time.Hour)}, verdictWarn, "the list shrank"},
		{"never healthy", "1h", store.SourceHealth{Note: "status 404", LastCrawl: ago(time.Hour)}, verdictWarn, "status 404"},
	} {
		f := judgeSource(configs.Source{ID: "board", Every: tt.every}, tt.h, now)
		if f.Verdict != tt.want || !strings.Contains(f.Says, tt.says) || (f.Do == "") != (tt.want == verdictOK) {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

func TestJudgeStore(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	well := store.Health{Engine: "PostgreSQL", Version: "17.9", Migration: 7, KnownMigration: 7, Head: 5000, Connections: 80, MostConnections: 100,
		Readers: []store.ReaderHealth{{Name: "match", Cursor: 4000, Lag: 1000}},
		Due:     []store.DueWork{{Kind: "source", Count: 3}, {Kind: "digest", Count: 1, Oldest: now.Add(-overdue)}}}
	for _, tt := range []struct {
		name   string
		change func(*store.Health)
		want   verdict
		says   string
	}{
		{"well", func(*store.Health) {}, verdictOK, "PostgreSQL 17.9, 0 MiB, tables at version 7, change 5000, 80 of 100 connections"},
		{"SQLite", func(h *store.Health) { h.Engine, h.Connections, h.MostConnections = "SQLite", 0, 0 }, verdictOK, "SQLite"},
		{"newer tables", func(h *store.Health) { h.Migration = 8 }, verdictFail, "this one knows version 7"},
		{"slow", func(h *store.Health) { h.Latency = time.Second }, verdictWarn, "1000 ms"},
		{"clock ahead", func(h *store.Health) { h.ClockAhead = time.Minute }, verdictWarn, "1m0s ahead of ours"},
		{"clock behind", func(h *store.Health) { h.ClockAhead = -3 * time.Second }, verdictWarn, "3s behind ours"},
		{"crowded", func(h *store.Health) { h.Connections = 81 }, verdictWarn, "81 of its 100"},
		{"a reader far behind", func(h *store.Health) { h.Readers[0].Lag = 1001 }, verdictWarn, "the reader match is 1001 changes behind"},
		{"messages wait", func(h *store.Health) { h.Due[1].Oldest = now.Add(-time.Hour) }, verdictWarn, "1 digest is due"},
		{"sources wait", func(h *store.Health) { h.Due[0].Oldest = now.Add(-time.Hour) }, verdictWarn, "3 sources are due"},
	} {
		h := well
		h.Readers, h.Due = slices.Clone(well.Readers), slices.Clone(well.Due)
		tt.change(&h)
		found := judgeStore(h, now)
		last := found[len(found)-1]
		if last.Verdict != tt.want || !strings.Contains(last.Says, tt.says) || (last.Do == "") != (tt.want == verdictOK) {
			t.Errorf("%s: %+v", tt.name, found)
		}
		if tt.want == verdictWarn && (len(found) != 2 || found[0].Verdict != verdictOK) {
			t.Errorf("%s: more than one thing is said: %+v", tt.name, found)
		}
	}
}

// doctorConfig is a configuration on loopback with sites and a mail server.
func doctorConfig(t *testing.T, change func(*configs.Config)) string {
	t.Helper()
	world, err := jobsite.Start(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	sink, err := mailsink.Start(mailsink.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	path := filepath.Join(t.TempDir(), "sendwatch.yaml")
	if err := writeConfig(path, world, sink, change); err != nil {
		t.Fatal(err)
	}
	return path
}

// doctorSays runs the doctor, with more patience than people have, and returns its
// findings by check. What a script sees of it is tested by doctor.txtar.
func doctorSays(t *testing.T, config string, wantOK bool) map[string][]finding {
	t.Helper()
	e := &env{ctx: t.Context(), cli: &cli{Config: config}, streams: streams{getenv: func(string) string { return "" }, now: time.Now}}
	cfg, err := e.config()
	if err != nil {
		t.Fatal(err)
	}
	all, err := e.examine(cfg, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	d := diagnose(all)
	if d.OK != wantOK {
		t.Fatalf("well is %t, want %t: %+v", d.OK, wantOK, d.Checks)
	}
	found := map[string][]finding{}
	for _, f := range d.Checks {
		found[f.Check] = append(found[f.Check], f)
	}
	return found
}

// mustRun runs a command that has to succeed.
func mustRun(t *testing.T, config string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), append([]string{"--config", config}, args...), streams{
		in: strings.NewReader(""), out: &out, err: &out, getenv: func(string) string { return "" }, now: time.Now,
	})
	if code != exitFine {
		t.Fatalf("sendwatch %v: exit %d\n%s", args, code, out.String())
	}
}

func TestDoctorOnPostgres(t *testing.T) {
	address := storetest.Postgres(t)
	config := doctorConfig(t, func(cfg *configs.Config) { cfg.DatabaseURL = address })
	mustRun(t, config, "run-once")
	found := doctorSays(t, config, true)
	if f := found["database"]; len(f) == 0 || f[0].Verdict != verdictOK || !strings.Contains(f[0].Says, "PostgreSQL") || !strings.Contains(f[0].Says, " connections") {
		t.Errorf("database: %+v", f)
	}
	if f := found["sources"]; len(f) != 1 || f[0].Says != "4 sources are well" {
		t.Errorf("sources: %+v", f)
	}
	if f := found["signing key"]; len(f) != 2 || f[0].Verdict != verdictWarn {
		t.Errorf("signing key: %+v", f)
	}
}

func TestDoctorOnMeilisearch(t *testing.T) {
	server := meilitest.Start(t, meilitest.Options{})
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(server.Key()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := doctorConfig(t, func(cfg *configs.Config) {
		cfg.Search.MeilisearchURL, cfg.Search.MeilisearchKeyFile = server.URL(), key
	})
	name := nodeName(server.URL())
	if f := doctorSays(t, config, true)[name]; len(f) != 1 || f[0].Verdict != verdictWarn || !strings.Contains(f[0].Says, "holds nothing yet") {
		t.Errorf("before there is a database: %+v", f)
	}
	mustRun(t, config, "sources", "list")
	if f := doctorSays(t, config, true)[name]; len(f) != 1 || f[0].Verdict != verdictOK || !strings.Contains(f[0].Says, "nothing to hold yet") {
		t.Errorf("while there is no vacancy: %+v", f)
	}
	mustRun(t, config, "crawl")
	if f := doctorSays(t, config, true)[name]; len(f) != 1 || f[0].Verdict != verdictWarn || f[0].Do == "" {
		t.Errorf("before it was filled: %+v", f)
	}
	mustRun(t, config, "index")
	if f := doctorSays(t, config, true)[name]; len(f) == 0 || f[0].Verdict != verdictOK || !strings.Contains(f[0].Says, "up to date") {
		t.Errorf("filled: %+v", f)
	}
	if err := os.WriteFile(key, []byte("another\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := doctorSays(t, config, false)[name]; len(f) != 1 || f[0].Verdict != verdictFail || strings.Contains(f[0].Says, "another") {
		t.Errorf("with a wrong key: %+v", f)
	}
}

func TestAlive(t *testing.T) {
	cfg, err := configs.Load("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir = t.TempDir()
	patience := time.Minute
	check := func(when string, live, ready bool) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := alive(ctx, cfg, false); (err == nil) != live {
			t.Errorf("%s: live is %v", when, err)
		}
		if err := alive(ctx, cfg, true); (err == nil) != ready {
			t.Errorf("%s: ready is %v", when, err)
		}
	}
	check("nothing runs", false, false)

	// A worker shows by its locked file, the remains of a dead one show nothing.
	dead := filepath.Join(cfg.DataDir, presenceFolder, "dead")
	if err := errors.Join(os.Mkdir(filepath.Dir(dead), 0o700), os.WriteFile(dead, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	check("only remains", false, false)
	here, err := announce(cfg.DataDir, "worker")
	if err != nil {
		t.Fatal(err)
	}
	check("a worker", true, false)

	// A socket that a dead process left changes nothing; one that answers does.
	a := &app{cfg: cfg, log: slog.New(slog.DiscardHandler)}
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: a.socketPath(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	if err := stale.Close(); err != nil {
		t.Fatal(err)
	}
	check("a worker beside a stale socket", true, false)

	sock, err := a.listenControl(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// It takes connections, as the system does for it, and says nothing.
	patience = 50 * time.Millisecond
	check("a site that hangs", false, false)
	patience = time.Minute
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("7\n")) })
	srv := &http.Server{Handler: answer, ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(sock) }()
	check("a site", true, true)
	if err := errors.Join(srv.Close(), here.leave()); err != nil {
		t.Fatal(err)
	}
	<-ended
	check("all has ended", false, false)
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
)

// patience bounds the waits of these tests: none of them lasts this long unless
// something stands still.
const patience = 2 * time.Minute

// process is one `sendwatch serve`, as it is started again and again: with a data
// folder and a mail server of its own, so that the test sees who does what.
type process struct {
	t            *testing.T
	name, roles  string
	data, config string
	mail         gate

	born   int // how often it was started
	cmd    *exec.Cmd
	log    *logWatch
	ended  chan error
	holder string          // names its leases; empty until it has announced itself
	known  map[string]bool // the names that it had before
	text   strings.Builder // the logs of those who are no more
}

// agent is how the process that was started last names itself to the sites.
func (p *process) agent() string { return fmt.Sprintf("Sendwatch-%s-%d/1.0", p.name, p.born) }

func (p *process) has(role string) bool { return slices.Contains(strings.Split(p.roles, ","), role) }

// up reports whether it was started and not ended by us.
func (p *process) up() bool { return p.cmd != nil }

// start runs it with a clock that is moved.
func (p *process) start(ahead time.Duration) {
	p.t.Helper()
	p.born++
	p.log, p.ended, p.holder = &logWatch{}, make(chan error, 1), ""
	cmd := exec.Command("sendwatch", "--config", p.config, "serve", "--role", p.roles)
	cmd.Env = append(os.Environ(), clockEnv+"="+ahead.String(), "SENDWATCH_CRAWL_USER_AGENT="+p.agent())
	cmd.Stderr = p.log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.cmd = cmd
	ended := p.ended
	go func() { ended <- cmd.Wait() }()
}

// alive fails the test when the process ended by itself.
func (p *process) alive() {
	p.t.Helper()
	if !p.up() {
		return
	}
	select {
	case err := <-p.ended:
		p.cmd = nil
		p.t.Fatalf("%s ended by itself: %v\n%s", p.name, err, p.log)
	default:
	}
}

// learn looks up the name under which it takes leases.
func (p *process) learn() {
	p.t.Helper()
	files, err := os.ReadDir(filepath.Join(p.data, presenceFolder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		p.t.Fatal(err)
	}
	for _, f := range files {
		if !p.known[f.Name()] {
			p.known[f.Name()] = true
			p.holder = f.Name()
		}
	}
}

// kill ends it at once.
func (p *process) kill() {
	p.t.Helper()
	p.alive()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.ended
	p.learn()
	p.bury()
}

// stop asks it to end, which it has to do well and in time.
func (p *process) stop() {
	p.t.Helper()
	for p.learn(); p.holder == ""; p.learn() { // before that it may not listen to signals
		p.alive()
		time.Sleep(10 * time.Millisecond)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			p.t.Errorf("%s was asked to stop, and: %v\n%s", p.name, err, p.log)
		}
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines are in its log
		<-p.ended
		p.t.Errorf("%s was asked to stop and does not\n%s", p.name, p.log)
	}
	p.bury()
}

func (p *process) bury() {
	p.text.WriteString(p.log.String())
	p.cmd = nil
}

// client speaks to the socket of a process that serves the site.
func (p *process) client() *http.Client {
	var d net.Dialer
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", (&app{cfg: &configs.Config{DataDir: p.data}}).socketPath())
		},
		DisableKeepAlives: true,
	}}
}

// ask gets an answer of the site or, below /control, of the process itself.
func (p *process) ask(path string, v any) error {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, "http://sendwatch"+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := p.client().Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, resp.Status, body)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

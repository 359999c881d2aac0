package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one step may take before a test gives up on it.
const patience = 30 * time.Second

// names are what Chromium is called, Debian's first.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// Browser is a running Chromium.
type Browser struct {
	t     testing.TB
	ctx   context.Context
	shots string

	mu    sync.Mutex
	asked []string
}

// Options are what a Browser needs.
type Options struct {
	// Shots is the folder where Shoot leaves its pictures; empty takes none.
	Shots string
}

// Start starts Chromium, and closes it with the test. Where there is none the test is
// skipped, except with CI=true, where it fails.
func Start(t testing.TB, o Options) *Browser {
	t.Helper()
	path := find()
	if path == "" {
		const why = "there is no Chromium on the path; Debian's package is called chromium"
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	if o.Shots != "" {
		if err := os.MkdirAll(o.Shots, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	b := &Browser{t: t, shots: o.Shots}
	proxy := httptest.NewServer(http.HandlerFunc(b.refuse))
	t.Cleanup(proxy.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.ProxyServer(proxy.URL),
		chromedp.IgnoreCertErrors, // the tests' own certificate
		// Debian's wrapper adds what the machine's administrator set; nothing of it is wanted.
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-pings", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which refuses to run as root
	}
	allocated, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, cancel := chromedp.NewContext(allocated, chromedp.WithErrorf(func(format string, args ...any) {
		t.Logf("chromium: "+format, args...)
	}))
	b.ctx = ctx
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("closing Chromium: %v", err)
		}
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return b
}

func find() string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// refuse is the proxy: it remembers and refuses.
func (b *Browser) refuse(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.asked = append(b.asked, r.Method+" "+r.URL.String()+" "+r.Host)
	b.mu.Unlock()
	http.Error(w, "nothing leaves this machine", http.StatusForbidden)
}

// Asked lists what Chromium asked of hosts whose names contain the given words, for
// any page or for itself.
func (b *Browser) Asked(host string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, a := range b.asked {
		if strings.Contains(a, host) {
			out = append(out, a)
		}
	}
	return out
}

// do runs steps in a tab's context, each with a limit.
func do(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// ask runs a step that has an answer.
func ask[T any](ctx context.Context, step chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, step)
}

// command is a command of the protocol as a step.
func command(what string, send func(context.Context) error) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if err := send(ctx); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	})
}

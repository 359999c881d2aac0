package fetch_test

import (
	"context"
	"errors"
	"flag"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/internal/hostileserver"
)

var whole = flag.Bool("hostile", false, "let hostile hosts have the limits we ship, which takes some minutes")

// limits are short unless the whole version was asked for: then they are ours.
func limits() fetch.Options {
	if *whole {
		return fetch.Options{Backoff: fetch.DefaultBackoff}
	}
	return fetch.Options{
		Timeout: time.Second, DialTimeout: 300 * time.Millisecond, HandshakeTimeout: 300 * time.Millisecond, HeaderTimeout: 300 * time.Millisecond,
	}
}

// patience is longer than any case may take: both tries of a request and what is
// between them. A case that it ends has broken its limit.
func patience() time.Duration {
	if *whole {
		return 2*fetch.DefaultTimeout + time.Minute
	}
	return 30 * time.Second
}

// endure asks a hostile host for an address and returns what came of it, having
// checked that a limit of ours ended it, and that memory stayed in bounds.
func endure(t *testing.T, c *fetch.Client, r fetch.Request) (*fetch.Response, error) {
	t.Helper()
	over := hostileserver.Memory(t)
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), patience())
	defer cancel()
	got, err := c.Get(ctx, r)
	took := time.Since(start)
	if ctx.Err() != nil {
		t.Errorf("no limit ended it: %v", err)
	}
	var failed *fetch.Error
	if err != nil && !errors.As(err, &failed) {
		t.Errorf("error %v is no *fetch.Error", err)
	}
	peak := over()
	if peak > hostileserver.MostMemory {
		t.Errorf("%d MiB over base", peak>>20)
	}
	t.Logf("%v, %.1f MiB over base, %.100v", took.Round(10*time.Millisecond), float64(peak)/(1<<20), err)
	return got, err
}

func TestHostileServer(t *testing.T) {
	s := hostileserver.New(t)
	for _, tt := range hostileserver.Cases() {
		t.Run(tt.Name, func(t *testing.T) {
			c := newClient(t, limits())
			got, err := endure(t, c, fetch.Request{URL: s.URL + tt.Path, AllowPrivate: true})
			if !tt.Small && err == nil {
				t.Errorf("%d bytes of it were taken", len(got.Body))
			}
			if err == nil && int64(len(got.Body)) > fetch.DefaultMaxBody {
				t.Errorf("a body of %d bytes", len(got.Body))
			}
		})
	}
}

func TestHostileConnections(t *testing.T) {
	stall := hostileserver.Stall(t)
	names := hostileserver.NewNames(t, func(string, int) []netip.Addr { return hostileserver.Silence })
	for name, address := range map[string]string{
		"TLS that stalls":             "https://" + stall + "/",
		"a connection never answered": "http://" + stall + "/",
		"a name never answered":       "http://jobs.test:8080/",
	} {
		t.Run(name, func(t *testing.T) {
			o := limits()
			o.Resolver = names.Resolver()
			_, err := endure(t, newClient(t, o), fetch.Request{URL: address, AllowPrivate: true})
			var failed *fetch.Error
			if !errors.As(err, &failed) || !failed.Temporary {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestGoneRequestsLeaveNothing ends a crawl in each phase that a host can stall in.
func TestGoneRequestsLeaveNothing(t *testing.T) {
	s := hostileserver.New(t)
	stall := hostileserver.Stall(t)
	names := hostileserver.NewNames(t, func(string, int) []netip.Addr { return hostileserver.Silence })
	for name, address := range map[string]string{
		"looking up": "http://jobs.test:8080/", "shaking hands": "https://" + stall + "/", "asking": "http://" + stall + "/",
		"header": s.URL + "/header-drip", "body": s.URL + "/drip", "endless body": s.URL + "/endless", "interim": s.URL + "/interim",
	} {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			c := fetch.New(fetch.Options{Now: time.Now, Resolver: names.Resolver(), MaxBody: 1 << 40})
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := c.Get(ctx, fetch.Request{URL: address, AllowPrivate: true}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
			c.Close()
			s.CloseClientConnections()
			goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"), goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
		})
	}
}

// TestNothingInternalIsDialled leads a client astray by every way there is from a
// public host to a private one. What it must not reach listens on the same port,
// since another port is refused for that alone.
func TestNothingInternalIsDialled(t *testing.T) {
	s := hostileserver.New(t)
	public := netip.MustParseAddrPort(s.Listener.Addr().String())
	port := ":" + strconv.Itoa(int(public.Port()))
	inside := netip.MustParseAddr("127.0.0.2")
	witnesses := []*hostileserver.Witness{hostileserver.NewWitness(t, inside.String()+port)}
	if w, err := hostileserver.Listen(t, "[::1]"+port); err == nil { // where there is IPv6
		witnesses = append(witnesses, w)
	}
	names := hostileserver.NewNames(t, func(name string, asked int) []netip.Addr {
		switch name {
		case "public.test":
			return []netip.Addr{public.Addr()}
		case "private.test":
			return []netip.Addr{inside}
		case "both.test":
			return []netip.Addr{inside, netip.MustParseAddr("::1")}
		case "rebinding.test": // robots.txt and the first page see a public host
			if asked == 0 {
				return []netip.Addr{public.Addr()}
			}
			return []netip.Addr{inside}
		}
		return nil
	})
	tests := map[string]string{
		"a private name":               "http://private.test" + port + "/",
		"a name of two":                "http://both.test" + port + "/",
		"a name that is bound again":   "http://rebinding.test" + port + hostileserver.RedirectTo("http://rebinding.test"+port+"/x"),
		"redirect to a private name":   "http://public.test" + port + hostileserver.RedirectTo("http://private.test"+port+"/"),
		"redirect to an address":       "http://public.test" + port + hostileserver.RedirectTo("http://127.0.0.2"+port+"/"),
		"redirect to a mapped address": "http://public.test" + port + hostileserver.RedirectTo("http://[::ffff:127.0.0.2]"+port+"/"),
		"redirect to IPv6":             "http://public.test" + port + hostileserver.RedirectTo("http://[::1]"+port+"/"),
		"redirect to a number":         "http://public.test" + port + hostileserver.RedirectTo("http://2130706434"+port+"/"),
		"redirect to hexadecimal":      "http://public.test" + port + hostileserver.RedirectTo("http://0x7f.0.0.2"+port+"/"),
		"redirect to an octal":         "http://public.test" + port + hostileserver.RedirectTo("http://0177.0.0.02"+port+"/"),
		"redirect behind a user name":  "http://public.test" + port + hostileserver.RedirectTo("http://public.test@127.0.0.2"+port+"/"),
		"redirect to metadata":         "http://public.test" + port + hostileserver.RedirectTo("http://169.254.169.254/latest/meta-data/"),
		"redirect to another service":  "http://public.test" + port + hostileserver.RedirectTo("http://127.0.0.2:6379/"),
	}
	for name, address := range tests {
		t.Run(name, func(t *testing.T) {
			o := limits()
			o.Now, o.Resolver, o.Backoff = time.Now, names.Resolver(), time.Millisecond
			c := fetch.NewBelieving(o, public.Addr())
			defer c.Close()
			if _, err := endure(t, c, fetch.Request{URL: address}); err == nil {
				t.Error("no error")
			}
		})
	}
	for _, w := range witnesses {
		if n := w.Seen(); n != 0 {
			t.Errorf("%s was reached %d times", w.Addr, n)
		}
	}
	// The way itself is open, or the above proves nothing.
	c := fetch.NewBelieving(fetch.Options{Now: time.Now, Resolver: names.Resolver()}, public.Addr())
	defer c.Close()
	if _, err := c.Get(t.Context(), fetch.Request{URL: "http://public.test" + port + "/trap"}); err != nil {
		t.Errorf("the public host: %v", err)
	}
}

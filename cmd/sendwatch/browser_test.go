package main

import (
	"bytes"
	"crypto/rand"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/browsertest"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store"
)

var shots = flag.String("shots", "", "leave pictures of the site's pages in this folder")

// TestInBrowser opens the site in Chromium over TLS, as it is served, with adverts
// that were crawled and emails that were sent.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t, browsertest.Options{Shots: *shots})
	world, err := jobsite.Start(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(world.Close)
	s := openTown(t, world.Sources())
	s.crawl()
	t.Run("journeys", func(t *testing.T) { journeys(t, b, s, world) })
	t.Run("audit", func(t *testing.T) { auditPages(t, b, s) })
}

// town is the program behind a TLS site of its own, with a mail server.
type town struct {
	t *testing.T
	*app
	sink *mailsink.Sink
	url  string
	// client trusts the site's certificate.
	client *http.Client
	logs   bytes.Buffer
}

// openTown puts the program together for some sources and serves its site.
func openTown(t *testing.T, sources []configs.Source) *town {
	t.Helper()
	s := &town{t: t}
	var err error
	if s.sink, err = mailsink.Start(mailsink.Options{Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.sink.Close(); err != nil {
			t.Error(err)
		}
	})
	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.StartTLS()
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()

	cfg, err := configs.Load("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir, cfg.Sources, cfg.Crawl.Delay = filepath.Join(t.TempDir(), "data"), sources, 0
	cfg.Site.Limits = configs.Limits{}
	cfg.SMTP.Host, cfg.SMTP.Port, cfg.Site.BaseURL = "127.0.0.1", s.sink.Port(), s.url
	if s.app, err = newApp(t.Context(), cfg, slog.New(slog.NewTextHandler(&s.logs, nil)), time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
		if strings.Contains(s.logs.String(), "@people.example") {
			t.Error("there is an address in the log")
		}
	})
	asker, relay, err := s.openEngines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.site(asker, serveOptions{engines: s.engineStates(relay)}, make(chan struct{}, 1))
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", site)
	return s
}

// crawl carries what the sources show now as far as the index.
func (s *town) crawl() {
	s.t.Helper()
	if _, err := s.app.crawl(s.t.Context(), s.cfg.Sources, true); err != nil {
		s.t.Fatal(err)
	}
	if err := s.indexOnce(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// deliver carries what is asked and owed as far as the mailboxes.
func (s *town) deliver() {
	s.t.Helper()
	if err := s.matchOnce(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	d, err := s.dispatcher()
	if err == nil {
		err = s.app.deliver(s.t.Context(), d)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// letters are those that an address got, oldest first.
func (s *town) letters(to string) (out []mailsink.Message) {
	for _, m := range s.sink.Messages() {
		if len(m.To) == 1 && m.To[0] == to {
			out = append(out, m)
		}
	}
	return out
}

// letter is the newest of n letters that an address got.
func (s *town) letter(t *testing.T, to string, n int) mailsink.Message {
	t.Helper()
	got := s.letters(to)
	if len(got) != n {
		t.Fatalf("%s has %d letters, want %d", to, len(got), n)
	}
	return got[n-1]
}

// link is the first address in a letter's text that holds a word.
func (s *town) link(t *testing.T, m mailsink.Message, word string) string {
	t.Helper()
	for _, f := range strings.Fields(m.Text()) {
		if f = strings.Trim(f, "<>()."); strings.HasPrefix(f, s.url) && strings.Contains(f, word) {
			return f
		}
	}
	t.Fatalf("no address with %q in the letter:\n%s", word, m.Text())
	return ""
}

// signInLink gives somebody access and returns the link that signs them in.
func (s *town) signInLink(name string, role store.Role) string {
	s.t.Helper()
	secret, err := store.MintToken(rand.Reader, store.TokenLink)
	if err == nil {
		err = s.store.AddAccess(s.t.Context(), store.Access{Name: name, Role: role}, store.Token{Secret: secret, Kind: store.TokenLink})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.url + "/sign-in/" + secret
}

package web

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

//go:embed templates/*.html static/*
var assets embed.FS

// The most that a request may send, in bytes: a form or a candidate, and what
// follows the question mark of an address.
const (
	maxBody  = 64 << 10
	maxQuery = 16 << 10
)

// Options are what the site is built on. Those up to Log are needed.
type Options struct {
	Store    *store.Store
	Search   *search.Service
	Matcher  *matcher.Matcher
	Links    notifier.Links
	Taxonomy *taxonomy.Taxonomy
	// Asked says in words what criteria ask for.
	Asked func(sendwatch.Criteria, *sendwatch.Candidate) string
	Now   func() time.Time
	// Random is where the secrets of sessions come from.
	Random io.Reader
	Log    *slog.Logger
	// Engines says how the search engines are; nil when nobody knows.
	Engines func(context.Context) ([]search.EngineState, error)
	// Metrics counts requests and answers at /metrics; nil does neither. When they
	// are served elsewhere the site only counts.
	Metrics          *Metrics
	MetricsElsewhere bool
	// Wake is called after something was asked for that others should act on.
	Wake func()
	// Notice stands at the top of every page, when set.
	Notice string
	// Limits are the requests a minute of one client, none when zero.
	Limits Limits
	// TrustedProxies are believed when they say in X-Forwarded-For whom they answer.
	TrustedProxies []netip.Prefix
}

// Site answers requests.
type Site struct {
	o     Options
	pages map[string]*template.Template
	// style is the stylesheet's address, which changes with what is in it.
	style   string
	mux     *http.ServeMux
	limiter *limiter
	tags    *tags
	// asked is what posts ask for most.
	asked askedFor
}

// New builds the site.
func New(o Options) (*Site, error) {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	s := &Site{o: o, mux: http.NewServeMux()}
	css, err := fs.ReadFile(assets, "static/style.css")
	if err != nil {
		return nil, fmt.Errorf("stylesheet: %w", err)
	}
	sum := sha256.Sum256(css)
	s.style = "/static/style.css?v=" + hex.EncodeToString(sum[:6])
	if err := s.parse(); err != nil {
		return nil, err
	}
	if s.limiter, err = newLimiter(o); err != nil {
		return nil, err
	}
	if s.tags, err = newTags(); err != nil {
		return nil, err
	}
	return s, s.routes()
}

func (s *Site) routes() error {
	static, err := fs.Sub(assets, "static")
	if err != nil {
		return fmt.Errorf("static files: %w", err)
	}
	s.mux.Handle("GET /static/", cached(http.StripPrefix("/static/", http.FileServerFS(static))))
	s.page("GET /{$}", s.searchPage)
	s.page("GET /vacancies/{id}", s.vacancyPage)
	s.page("GET /vacancies/{id}/report", s.reportPage)
	s.page("POST /vacancies/{id}/report", s.report)
	s.page("GET /reports/{id}", s.reportAnswer)
	s.page("GET /candidate", s.candidatePage)
	s.page("GET /alerts/new", s.newAlert)
	s.page("POST /alerts/new", s.createAlert)
	s.page("GET /alerts/{token}/confirm", s.confirmPage)
	s.page("POST /alerts/{token}/confirm", s.confirm)
	s.page("GET /alerts/{token}/unsubscribe", s.unsubscribePage)
	s.page("POST /alerts/{token}/unsubscribe", s.unsubscribe)
	s.page("GET /alerts/{token}/pause", s.pausePage)
	s.page("POST /alerts/{token}/pause", s.pause)
	s.page("GET /alerts/{token}", s.managePage)
	s.page("POST /alerts/{token}", s.manage)
	s.page("GET /alerts/{token}/edit/{subscription}", s.editPage)
	s.page("POST /alerts/{token}/edit/{subscription}", s.saveEdit)
	s.page("GET /alerts/{token}/export", s.exportPerson)
	s.page("GET /sources", s.sourcesPage)
	s.operatorRoutes()
	s.page("GET /privacy", s.static("privacy", "Privacy"))
	s.page("GET /about", s.static("about", "About Sendwatch"))
	s.page("/", s.nowhere)
	s.apiRoutes()
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.HandleFunc("GET /metrics", s.metrics)
	return nil
}

// private keeps what a person typed, and the pages behind signed links, out of
// caches and search engines, and the addresses of the latter out of other sites'
// logs: whoever has such an address may do what its page does.
func private(path string, hd http.Header) {
	if path != "/candidate" && !slices.ContainsFunc(privatePaths, func(p string) bool { return strings.HasPrefix(path, p) }) {
		return
	}
	hd.Set("Cache-Control", "no-store")
	hd.Set("X-Robots-Tag", "noindex, nofollow")
	if behindToken(path) {
		hd.Set("Referrer-Policy", "no-referrer")
	}
}

// privatePaths begin the addresses of pages that are one person's alone.
var privatePaths = []string{"/alerts/", "/reports/", "/sign-in/", "/sign-out", "/operator"}

func behindToken(path string) bool {
	return strings.HasPrefix(path, "/alerts/") && path != "/alerts/new" || strings.HasPrefix(path, "/sign-in/")
}

// Handler is the whole site behind its guards: security headers, a limit on
// what is sent, and the refusal of posts from other sites. The one-click
// unsubscribe of RFC 8058 comes from mail providers and is let through.
func (s *Site) Handler() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.AddInsecureBypassPattern("POST /alerts/{token}/unsubscribe")
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, errCross)
	}))
	h := guard.Handler(s.o.Metrics.measured(s.o.Now, s.mux))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hd := w.Header()
		hd.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		hd.Set("X-Content-Type-Options", "nosniff")
		hd.Set("X-Frame-Options", "DENY") // for browsers older than frame-ancestors
		hd.Set("Referrer-Policy", "same-origin")
		hd.Set("Cross-Origin-Opener-Policy", "same-origin")
		hd.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		private(r.URL.Path, hd)
		switch err := s.admit(w, r); {
		case err != nil:
			s.refuse(w, r, s.publicError(r, err))
		case len(r.URL.RawQuery) > maxQuery:
			s.refuse(w, r, errTooLong)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			h.ServeHTTP(w, ownForm(r))
		}
	})
}

// refuse answers a request that no handler was to see.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, err userError) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.apiFail(w, r, err)
		return
	}
	s.fail(w, r, err)
}

// ownForm lets the forms behind signed links through the guard where browsers
// send no Sec-Fetch-Site, which they leave out on plain HTTP off this machine. A
// page under no-referrer then sends "Origin: null" with its own forms. Without
// the token nobody can send such a form, so there is nothing else to guard.
func ownForm(r *http.Request) *http.Request {
	if !behindToken(r.URL.Path) || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "null" {
		return r
	}
	r = r.Clone(r.Context())
	r.Header.Del("Origin")
	return r
}

func (s *Site) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n")) // the reader has gone when this fails
}

// cached lets browsers keep what is built into the binary for a day.
func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=86400")
		h.ServeHTTP(w, r)
	})
}

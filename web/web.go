package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

//go:embed templates/*.html static/*
var assets embed.FS

// maxBody is the most that a form may send, in bytes.
const maxBody = 64 << 10

// Options are what the site is built on. All but Wake and Messages are needed.
type Options struct {
	Store    *store.Store
	Search   *search.Service
	Links    notifier.Links
	Taxonomy *taxonomy.Taxonomy
	// Asked says in words what criteria ask for.
	Asked func(sendwatch.Criteria, *sendwatch.Candidate) string
	Now   func() time.Time
	Log   *slog.Logger
	// Wake is called after something was asked for that others should act on.
	Wake func()
	// Notice stands at the top of every page, when set.
	Notice string
}

// Site answers requests.
type Site struct {
	o     Options
	pages map[string]*template.Template
	mux   *http.ServeMux
}

// New builds the site.
func New(o Options) (*Site, error) {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	s := &Site{o: o, mux: http.NewServeMux()}
	if err := s.parse(); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

func (s *Site) routes() {
	static, err := fs.Sub(assets, "static")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	s.mux.Handle("GET /static/", cached(http.StripPrefix("/static/", http.FileServerFS(static))))
	s.page("GET /{$}", s.searchPage)
	s.page("GET /vacancies/{id}", s.vacancyPage)
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
	s.page("GET /sources", s.sourcesPage)
	s.page("GET /privacy", s.static("privacy", "Privacy"))
	s.page("GET /about", s.static("about", "About Sendwatch"))
	s.page("/", func(http.ResponseWriter, *http.Request) error { return errNotFound })
	s.mux.HandleFunc("GET /api/v1/vacancies", s.apiSearch)
	s.mux.HandleFunc("GET /api/v1/vacancies/{id}", s.apiVacancy)
	s.mux.HandleFunc("GET /healthz", s.healthz)
}

// Handler is the whole site behind its guards: security headers, a limit on
// what is sent, and the refusal of posts from other sites. The one-click
// unsubscribe of RFC 8058 comes from mail providers and is let through.
func (s *Site) Handler() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.AddInsecureBypassPattern("POST /alerts/{token}/unsubscribe")
	h := guard.Handler(s.mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hd := w.Header()
		hd.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		hd.Set("X-Content-Type-Options", "nosniff")
		hd.Set("Referrer-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		h.ServeHTTP(w, r)
	})
}

// userError is a mistake that the person who asked can mend: its text is shown.
type userError struct {
	status int
	text   string
}

func (e userError) Error() string { return e.text }

var errNotFound = userError{http.StatusNotFound, "There is no such page. The address may be incomplete, or what it showed is gone."}

func badRequest(format string, args ...any) error {
	return userError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// page registers a handler whose errors become pages.
func (s *Site) page(pattern string, h func(http.ResponseWriter, *http.Request) error) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	ue := s.publicError(r, err)
	if rerr := s.render(w, ue.status, "message", view{Title: http.StatusText(ue.status), Data: message{Text: ue.text}}); rerr != nil {
		s.o.Log.Error("render error page", "error", rerr)
	}
}

// publicError is what a visitor may know of an error; the rest goes to the log.
func (s *Site) publicError(r *http.Request, err error) userError {
	var ue userError
	switch {
	case errors.As(err, &ue):
		return ue
	case errors.Is(err, store.ErrNotFound):
		return errNotFound
	case errors.Is(err, notifier.ErrBadToken):
		return userError{http.StatusNotFound, "This link is not valid. It may have been cut short by your mail program: copy the whole address, or ask for a new message."}
	case errors.Is(err, context.Canceled):
		return userError{499, "The request was cancelled."}
	}
	s.o.Log.Error("request failed", "method", r.Method, "route", r.Pattern, "error", err)
	return userError{http.StatusInternalServerError, "Something went wrong on our side. Nothing you sent is lost; please try again in a minute."}
}

func (s *Site) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// cached lets browsers keep what is built into the binary for a day.
func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=86400")
		h.ServeHTTP(w, r)
	})
}

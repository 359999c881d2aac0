package meili_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/meilitest"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/meili"
)

// temporary checks that an error is one of ours, whether it may pass, and what it
// says.
func temporary(t *testing.T, what string, err error, want bool, says ...string) {
	t.Helper()
	var e *meili.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v, want a *meili.Error", what, err)
	}
	if e.Temporary() != want {
		t.Errorf("%s: %v: temporary is %v, want %v", what, err, e.Temporary(), want)
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("%s: %v, want an error that says %q", what, err, s)
		}
	}
}

// quiet refuses an error that tells the key.
func quiet(t *testing.T, err error, key string) {
	t.Helper()
	if err != nil && strings.Contains(err.Error(), key) {
		t.Errorf("the error tells the key: %v", err)
	}
}

func TestOpensWithoutAnAnswer(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	s.Stop()
	x := opened(t, options(t, at))
	_, err := x.Search(t.Context(), search.Query{})
	temporary(t, "a search of a stopped server", err, true)
	temporary(t, "a batch for a stopped server", x.Apply(t.Context(), search.Batch{Cursor: 1}), true)
	quiet(t, err, at.key)
	s.Start()
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 1})
	stands(t, x, 1, 1)
}

func TestRefusals(t *testing.T) {
	_, good := fake(t, meilitest.Options{})
	_, old := fake(t, meilitest.Options{Version: "1.35.1"})
	_, strange := fake(t, meilitest.Options{Version: "2.0.0"})
	elsewhere := httptest.NewServer(http.RedirectHandler(good.url, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	empty := httptest.NewServer(http.NotFoundHandler())
	defer empty.Close()
	for _, test := range []struct {
		name, url, key, want string
	}{
		{"a wrong key", good.url, "not-the-key-of-this-server", "must be valid and allow"},
		{"no key", good.url, "", "must be valid and allow"},
		{"an old server", old.url, old.key, "1.36 or newer is needed"},
		{"a server of another kind", strange.url, strange.key, "newer kind"},
		{"a server that sends us elsewhere", elsewhere.URL, good.key, "final address"},
		{"something else", empty.URL, good.key, "no Meilisearch at this address"},
		{"a password in the address", "http://user:word@127.0.0.1:1", "k", "give the key as the key"},
		{"no address", "", "k", "must begin with http"},
		{"another protocol", "ftp://127.0.0.1", "k", "must begin with http"},
		{"a page in the address", "http://127.0.0.1:1/?a=b", "k", "the server alone"},
	} {
		o := options(t, server{test.url, test.key})
		x, err := meili.Open(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error that says %q", test.name, err, test.want)
		}
		if x != nil {
			t.Errorf("%s: there is an index all the same", test.name)
		}
		if len(test.key) > 1 {
			quiet(t, err, test.key)
		}
	}
}

func TestNothingFollowsARedirect(t *testing.T) {
	reached := false
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer target.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	if _, err := meili.Open(t.Context(), options(t, server{elsewhere.URL, "secret"})); err == nil || reached {
		t.Errorf("Open: %v, and the key was sent on: %v", err, reached)
	}
}

func TestPassingTroubleOfASearch(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 1})
	ask := func() error { _, err := x.Search(t.Context(), search.Query{}); return err }

	s.Unavailable(1)
	temporary(t, "too busy", ask(), true)
	s.Cut(1)
	temporary(t, "a reply that breaks off", ask(), true)
	if err := ask(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestAServerThatNeverAnswers(t *testing.T) {
	stuck := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // Only then is it noticed that the caller goes.
		<-r.Context().Done()
	}))
	defer stuck.Close()
	o := options(t, server{stuck.URL, "k"})
	o.Timeout = 20 * time.Millisecond
	x, err := meili.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, x)
	_, err = x.Search(t.Context(), search.Query{})
	temporary(t, "no reply", err, true, "no answer in time")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Vocabulary(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up by its caller: %v, want %v", err, context.Canceled)
	}
	// The caller's own patience ends first.
	o.Timeout = time.Minute
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := meili.Open(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("given up by its caller: %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestAnEndlessReplyIsCutOff(t *testing.T) {
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, 1<<20)
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer endless.Close()
	_, err := meili.Open(t.Context(), options(t, server{endless.URL, "k"}))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("Open: %v, want a reply that is too large", err)
	}
}

func TestTasksThatFail(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a", "b"), Cursor: 1})

	s.FailNext("no_space_left_on_device")
	err := x.Apply(t.Context(), search.Batch{Put: vacancies(t, 2, "c"), Cursor: 2})
	temporary(t, "a full disk", err, true, "no_space_left_on_device")
	stands(t, x, 2, 1)

	// The deletion fails, and nothing goes on.
	s.FailNext("internal")
	err = x.Apply(t.Context(), search.Batch{Delete: []string{"a"}, Put: vacancies(t, 2, "c"), Cursor: 2})
	temporary(t, "an internal error", err, true)
	stands(t, x, 2, 1)

	apply(t, x, search.Batch{Delete: []string{"a"}, Put: vacancies(t, 2, "c"), Cursor: 2})
	stands(t, x, 2, 2)
}

// TestDiesBetweenDeletingAndPutting holds that the cursor never stands ahead of
// the content, and that the same batch mends it.
func TestDiesBetweenDeletingAndPutting(t *testing.T) {
	s, behind := fake(t, meilitest.Options{})
	target, err := url.Parse(behind.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	deadly := false
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if deadly && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/documents") {
			s.Stop()
		}
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()
	x := opened(t, options(t, server{front.URL, behind.key}))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a", "b"), Cursor: 1})
	b := search.Batch{Delete: []string{"a"}, Put: vacancies(t, 2, "c"), Cursor: 2}
	deadly = true
	temporary(t, "a server that dies", x.Apply(t.Context(), b), true)
	deadly = false
	s.Start()
	stands(t, x, 1, 1)
	apply(t, x, b)
	stands(t, x, 2, 2)
}

func TestTasksThatWait(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	o := options(t, at)
	x := opened(t, o)
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 1})
	o.TaskTimeout = 50 * time.Millisecond
	hasty, err := meili.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.Hold()
	err = hasty.Apply(t.Context(), search.Batch{Put: vacancies(t, 2, "b"), Cursor: 2})
	temporary(t, "a task that waits", err, true, "is not done after")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := x.Apply(ctx, search.Batch{Put: vacancies(t, 3, "c"), Cursor: 3}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up by its caller: %v, want %v", err, context.Canceled)
	}
	stands(t, x, 1, 1)
	// What was given up is done in the end, in its order, and the same batch again
	// changes nothing.
	s.Release()
	apply(t, x, search.Batch{Put: vacancies(t, 3, "c"), Cursor: 3})
	stands(t, x, 3, 3)
	if err := hasty.Close(); err != nil {
		t.Error(err)
	}
}

func TestALostReplyToAWrite(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 1})
	b := search.Batch{Put: vacancies(t, 2, "b"), Cursor: 2}
	for cuts := range 3 {
		s.Cut(cuts + 1)
		if err := x.Apply(t.Context(), b); err != nil {
			temporary(t, "a lost reply", err, true)
		}
	}
	s.Cut(0)
	apply(t, x, b)
	stands(t, x, 2, 2)
}

func TestARestartWhileATaskIsFollowed(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Cursor: 1})
	s.Hold()
	result := make(chan error, 1)
	before := s.Requests()
	b := search.Batch{Put: vacancies(t, 2, "b"), Cursor: 2}
	go func() { result <- x.Apply(context.Background(), b) }()
	for s.Requests() < before+4 { // the cursor, the documents, and looks at the task
		time.Sleep(time.Millisecond)
	}
	s.Stop()
	s.Start()
	s.Release()
	if err := <-result; err != nil {
		t.Errorf("Apply: %v", err)
	}
	stands(t, x, 1, 2)
}

func TestATooLargePayload(t *testing.T) {
	_, at := fake(t, meilitest.Options{MaxPayload: 60_000})
	x := opened(t, options(t, at))
	var ids []string
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		ids = append(ids, string(c))
	}
	err := x.Apply(t.Context(), search.Batch{Put: vacancies(t, 1, ids...), Cursor: 1})
	temporary(t, "a payload above the server's limit", err, false, "payload_too_large", "--http-payload-size-limit")
	stands(t, x, 0, 0)
}

func TestALostVolume(t *testing.T) {
	s, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a", "b"), Cursor: 7})
	s.Forget()
	// It stands at nought, so that it is filled anew, and nothing is an error.
	stands(t, x, 0, 0)
	if res, err := x.Search(t.Context(), search.Query{Facets: search.Facets()}); err != nil || res.Total != 0 || len(res.Facets) != len(search.Facets()) {
		t.Errorf("Search: %+v, %v", res, err)
	}
	apply(t, x, search.Batch{Put: vacancies(t, 1, "a"), Cursor: 8})
	stands(t, x, 1, 8)
	if res, err := x.Search(t.Context(), search.Query{}); err != nil || res.Total != 1 {
		t.Errorf("the new index has not our settings: %+v, %v", res, err)
	}
}

func TestIDs(t *testing.T) {
	_, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	for _, id := range []string{"", "A", "_cursor", "a b", "é", "a\x00", strings.Repeat("a", 500)} {
		v := vacancies(t, 1, "x")[0]
		v.ID = id
		err := x.Apply(t.Context(), search.Batch{Put: []*sendwatch.Vacancy{v}, Cursor: 5})
		temporary(t, "the id "+id, err, false)
		// What cannot be there need not be deleted.
		apply(t, x, search.Batch{Delete: []string{id}, Cursor: 4})
	}
	stands(t, x, 0, 4)
}

func TestAClosedIndex(t *testing.T) {
	_, at := fake(t, meilitest.Options{})
	x := opened(t, options(t, at))
	for range 2 {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err1 := x.Search(t.Context(), search.Query{})
	_, err2 := x.Cursor(t.Context())
	_, err3 := x.Vocabulary(t.Context())
	_, err4 := x.Renew(t.Context())
	_, err5 := x.Check(t.Context())
	for i, err := range []error{err1, err2, err3, err4, err5, x.Apply(t.Context(), search.Batch{}), x.Reset(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "closed") {
			t.Errorf("call %d: %v, want an error that says closed", i, err)
		}
	}
}

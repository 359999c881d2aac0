package mailsink

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var now = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)

func start(t *testing.T, o Options) *Sink {
	t.Helper()
	o.Now = func() time.Time { return now }
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func send(t *testing.T, s *Sink, lines ...string) {
	t.Helper()
	err := smtp.SendMail(s.Addr(), nil, "alerts@sendwatch.example", []string{"kim@person.example"}, []byte(strings.Join(lines, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
}

func TestKeepIsBounded(t *testing.T) {
	s := start(t, Options{Keep: 2})
	for _, subject := range []string{"one", "two", "three"} {
		send(t, s, "Subject: "+subject, "", "text")
	}
	got := s.Messages()
	if len(got) != 2 || got[0].Number != 2 || got[1].Number != 3 || s.Taken() != 3 {
		t.Errorf("got %d messages of %d, want the last 2 of 3", len(got), s.Taken())
	}
}

func TestPages(t *testing.T) {
	s := start(t, Options{})
	send(t, s, "Subject: =?utf-8?q?caf=C3=A9_<b>?=", "Content-Type: multipart/alternative; boundary=b", "",
		"--b", "Content-Type: text/plain", "Content-Transfer-Encoding: quoted-printable", "", "one =3D one", "--b",
		"Content-Type: text/html", "", "<p>two</p><script>alert(1)</script>", "--b--", "")
	send(t, s, "no header at all")

	site := httptest.NewServer(s.Handler())
	defer site.Close()
	get := func(path string, wantStatus int) (string, http.Header) {
		t.Helper()
		r, err := site.Client().Get(site.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != wantStatus {
			t.Fatalf("%s: status %d, want %d (%v)", path, r.StatusCode, wantStatus, err)
		}
		return string(body), r.Header
	}
	list, _ := get("/", 200)
	if !strings.Contains(list, `<a href="1/">café &lt;b&gt;</a>`) || strings.Index(list, `"2/"`) > strings.Index(list, `"1/"`) {
		t.Errorf("the list does not show the newest first:\n%s", list)
	}
	page, header := get("/1/", 200)
	for _, want := range []string{"one = one", `sandbox="allow-popups allow-popups-to-escape-sandbox" src="html"`, "Content-Type: multipart/alternative"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the page holds a stranger's HTML, or allows it to run")
	}
	part, header := get("/1/html", 200)
	policy := header.Get("Content-Security-Policy")
	if !strings.Contains(part, "<p>two</p>") || !strings.HasPrefix(policy, "sandbox ") || strings.Contains(policy, "allow-scripts") {
		t.Errorf("the HTML part is not held in a sandbox: %q", policy)
	}
	if raw, _ := get("/1/raw", 200); !strings.HasPrefix(raw, "Subject: ") {
		t.Errorf("the source is not the source: %q", raw)
	}
	if broken, _ := get("/2/", 200); !strings.Contains(broken, "cannot be read") {
		t.Error("a broken message does not say so")
	}
	get("/3/", 404)
	get("/x/", 404)
}

func TestOnlyLoopback(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:2525", "mail.example.org:25", "nonsense"} {
		if s, err := Start(Options{Addr: addr, Now: time.Now}); err == nil {
			_ = s.Close()
			t.Errorf("%s: started", addr)
		}
	}
}

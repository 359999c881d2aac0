package browsertest

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var shots = flag.String("shots", "", "leave pictures of the pages in this folder")

// serve answers every address with a page that holds a body.
func serve(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title>
<link rel="icon" href="/icon.svg"><body><main><h1>A page</h1>`+strings.ReplaceAll(body, "METHOD", r.Method+" "+r.URL.Path)+`</main></body></html>`)
	})
}

// TestAxeIsWhatWasPublished: who replaces the file replaces the digest, by the one that
// its publisher gives.
func TestAxeIsWhatWasPublished(t *testing.T) {
	sum := sha256.Sum256([]byte(axe))
	if got := "sha256-" + base64.StdEncoding.EncodeToString(sum[:]); got != axeDigest {
		t.Errorf("axe.min.js is %s, want %s", got, axeDigest)
	}
}

func TestTab(t *testing.T) {
	b := Start(t, Options{Shots: *shots})
	t.Run("notices", func(t *testing.T) { notices(t, b) })
	t.Run("acts", func(t *testing.T) { acts(t, b) })
	t.Run("audits", func(t *testing.T) { audits(t, b) })
}

// notices shows the watch at work: each page does one thing that none of the site's
// may, and it is seen.
func notices(t *testing.T, b *Browser) {
	for _, c := range []struct{ name, body, want string }{
		{"a picture elsewhere", `<img alt="" src="http://canary.example/x.png">`, "a request for http://canary.example/x.png"},
		{"a picture in itself", `<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">`, "a request for data:"},
		{"a style elsewhere", `<div style="background: url(http://canary.example/y)">x</div>`, "a request for http://canary.example/y"},
		{"a dialog", `<script>alert("hello")</script>`, "a dialog: hello"},
		{"a line on the console", `<script>console.log(1)</script>`, "a script writes to the console"},
		{"a script that fails", `<script>undefined.x</script>`, "a script fails"},
		{"a frame", `<iframe title="x" srcdoc="x"></iframe>`, "a frame within the page"},
		{"another page", `<meta http-equiv="refresh" content="1;url=http://canary.example/z">`, "a request for http://canary.example/z"},
		{"a breach of the policy", `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>1</script>`, "Chromium complains"},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := httptest.NewServer(serve(c.body))
			t.Cleanup(site.Close)
			p := b.Open(t, TabOptions{Origin: site.URL})
			p.Go("/", 200)
			for range 250 { // what is asked for after the page was loaded
				if slices.ContainsFunc(p.Faults(), func(f string) bool { return strings.Contains(f, c.want) }) {
					p.forgive()
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("nothing was noticed, want %q", c.want)
		})
	}
	if len(b.Asked("canary.example")) == 0 {
		t.Error("the proxy was asked for nothing")
	}
}

// acts presses, types, ticks and chooses, with scripts and without.
func acts(t *testing.T, b *Browser) {
	site := httptest.NewServer(serve(`<p id="method">METHOD</p>
<form method="post" action="/there"><input name="a" aria-label="a" value="old"><label><input type="checkbox" name="b" value="1"> b</label>
<select name="c" aria-label="c"><option>1</option><option>2</option></select><details><summary>More of it</summary><p>unfolded</p></details><button>Press me</button></form>
<script>document.title = "run"</script>`))
	t.Cleanup(site.Close)
	for _, off := range []bool{false, true} {
		t.Run(fmt.Sprintf("scripts off %v", off), func(t *testing.T) {
			p := b.Open(t, TabOptions{Origin: site.URL, NoScripts: off, Width: 360})
			p.Go("/", 200)
			if ran := Eval[string](p, "document.title") == "run"; ran == off {
				t.Errorf("scripts off %v, and the page's script ran: %v", off, ran)
			}
			p.Type("input[name=a]", "new words").Tick("input[name=b]").Choose("select", "2").Unfold("More of it").Says("unfolded")
			got := Eval[string](p, `new URLSearchParams(new FormData(document.querySelector("form"))).toString()`)
			if want := "a=new+words&b=1&c=2"; got != want {
				t.Errorf("the form holds %q, want %q", got, want)
			}
			p.Shoot(fmt.Sprintf("acts-%v", off))
			p.Press("Press me").Says("POST /there")
			if p.Path() != "/there" {
				t.Errorf("the tab is at %s", p.Path())
			}
		})
	}
}

func audits(t *testing.T, b *Browser) {
	for _, c := range []struct{ name, body, want string }{
		{"a sound page", `<p>Well</p>`, ""},
		{"a picture without words", `<img src="/x.png">`, "image-alt"},
		{"pale letters", `<p style="color: #ccc; background: #fff">pale</p>`, "color-contrast"},
		{"pale letters by night", `<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }</style><p>pale</p>`, "color-contrast"},
		{"a wide page", `<p style="width: 500px">wide</p>`, "pixels wider than the window"},
	} {
		t.Run(c.name, func(t *testing.T) {
			site := httptest.NewServer(serve(c.body))
			t.Cleanup(site.Close)
			p := b.Open(t, TabOptions{Origin: site.URL, Width: 360})
			p.Go("/", 200)
			got := p.Audit()
			if strings.HasSuffix(c.name, "by night") {
				if len(got) > 0 {
					t.Errorf("by day axe says %q", got)
				}
				p.Dark(true)
				got = p.AuditColours()
			}
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, c.want) }) {
				t.Errorf("axe says %q, want %q", got, c.want)
			}
		})
	}
}

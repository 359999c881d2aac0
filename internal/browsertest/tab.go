package browsertest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page of somebody with cookies of their own.
type Tab struct {
	b   *Browser
	t   testing.TB
	ctx context.Context
	o   TabOptions

	mu     sync.Mutex
	faults []string
	// forgiven says that faults are of no account any more.
	forgiven bool
	requests []string
	// asked counts the pages that were asked for, status is that of the last answer.
	asked  int
	status int64
}

// TabOptions say how a Tab looks at which site.
type TabOptions struct {
	// Origin is the site, as https://127.0.0.1:1234. Nothing else may be asked.
	Origin string
	// NoScripts turns JavaScript off.
	NoScripts bool
	// Width is that of the window; zero means 1280.
	Width int
}

// height is that of every window.
const height = 800

// Open opens a Tab that closes with the test t.
func (b *Browser) Open(t testing.TB, o TabOptions) *Tab {
	t.Helper()
	if o.Width == 0 {
		o.Width = 1280
	}
	p := &Tab{b: b, t: t, o: o}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.see))
	p.ctx = ctx
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && ctx.Err() == nil {
			t.Logf("closing a tab: %v", err)
		}
		cancel()
		for _, f := range p.Faults() {
			t.Error(f)
		}
	})
	// The first step must not have a limit: the tab lives as long as its context.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p.must(do(ctx, command("watch", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, cdplog.Enable, cdp.Empty{})
		if err == nil {
			_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
		}
		if err == nil {
			_, err = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: o.NoScripts})
		}
		return err
	})))
	p.Resize(o.Width)
	return p
}

// see notes what the site's own pages never do. It runs between the messages of the
// browser, so it only notes.
func (p *Tab) see(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		at := ev.Request.URL
		p.mu.Lock()
		p.requests = append(p.requests, at)
		if ev.Type == network.ResourceTypeDocument {
			p.asked++
		}
		p.mu.Unlock()
		if at != p.o.Origin && !strings.HasPrefix(at, p.o.Origin+"/") {
			p.fault("a request for %s, by %s", at, ev.DocumentURL)
		}
	case *network.EventResponseReceived:
		if ev.Type == network.ResourceTypeDocument {
			p.mu.Lock()
			p.status = ev.Response.Status
			p.mu.Unlock()
		}
	case *cdplog.EventEntryAdded:
		// That a page answers 404 is a test's to judge.
		if e := ev.Entry; e.Source != cdplog.EntrySourceNetwork || !strings.HasPrefix(e.URL, p.o.Origin+"/") {
			p.fault("Chromium complains: %s %s", e.Text, e.URL)
		}
	case *runtime.EventConsoleAPICalled:
		p.fault("a script writes to the console")
	case *runtime.EventExceptionThrown:
		p.fault("a script fails: %s", ev.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		p.fault("a dialog: %s", ev.Message)
		go func() { // which waits for somebody to answer
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *page.EventFrameAttached:
		p.fault("a frame within the page")
	case *page.EventWindowOpen:
		p.fault("a window for %s", ev.URL)
	}
}

func (p *Tab) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.forgiven {
		p.faults = append(p.faults, fmt.Sprintf(format, args...))
	}
}

// forgive has the tab take no note of faults any more.
func (p *Tab) forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.forgiven = nil, true
}

// Faults takes what the tab has seen that no page may do. What is not taken fails the
// test when the tab closes.
func (p *Tab) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.faults
	p.faults = nil
	return out
}

// Requests takes the addresses that the tab has asked for since they were last taken.
func (p *Tab) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.requests
	p.requests = nil
	return out
}

func (p *Tab) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", p.where(), err)
	}
}

// where is the address that the tab shows.
func (p *Tab) where() string {
	at, err := ask(p.ctx, chromedp.Location())
	if err != nil {
		return "the tab"
	}
	return at
}

// Go opens a path of the site, or an address of it, and expects a status.
func (p *Tab) Go(path string, status int) *Tab {
	p.t.Helper()
	if !strings.HasPrefix(path, p.o.Origin) {
		path = p.o.Origin + path
	}
	p.lead(status, command("go to "+path, func(ctx context.Context) error {
		r, err := chromedp.Call(ctx, page.Navigate, page.NavigateParams{URL: path})
		if err == nil && r.ErrorText != "" {
			err = errors.New(r.ErrorText)
		}
		return err
	}))
	return p
}

// again is how long a click may lead nowhere before it is made again.
const again = 2 * time.Second

// lead does what leads to another page, and waits until that is there: the page that
// is left is marked, and what is waited for is a whole one without the mark.
func (p *Tab) lead(status int, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.must(do(p.ctx, chromedp.Evaluate[chromedp.Void](`window.left = true`)))
	before, _ := p.last()
	p.must(do(p.ctx, steps...))
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	retry := time.NewTicker(again)
	defer retry.Stop()
	for {
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`window.left === undefined && document.readyState === "complete"`))
		if there && err == nil { // an error says that the page is being changed
			break
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("%s leads nowhere: %v", p.where(), err)
		case <-retry.C:
			if asked, _ := p.last(); asked == before {
				p.must(do(ctx, steps...))
			}
		case <-time.After(10 * time.Millisecond):
		}
	}
	if _, got := p.last(); got != int64(status) {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.where(), got, status, p.Text("body"))
	}
}

// last says how many pages were asked for so far, and the status of the last answer.
func (p *Tab) last() (asked int, status int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.status
}

// words is the path to the first link, button or summary that says something. The
// words must not hold a quotation mark.
func words(say string) string {
	return fmt.Sprintf(`//*[self::a or self::button or self::summary][contains(normalize-space(.), "%s")]`, say) //nolint:misspell // a function of XPath
}

// Press clicks the link or button with these words, and expects the page that it leads
// to with a status of 200.
func (p *Tab) Press(say string) *Tab {
	p.t.Helper()
	p.lead(200, press(words(say)))
	return p
}

// PressIn is Press within the elements for which an XPath condition holds.
func (p *Tab) PressIn(where, say string) *Tab {
	p.t.Helper()
	p.lead(200, press(`//*[`+where+`]`+words(say)))
	return p
}

// Unfold opens the part of the page that is folded under these words.
func (p *Tab) Unfold(say string) *Tab {
	p.t.Helper()
	p.must(do(p.ctx, press(words(say))))
	return p
}

// press clicks what an XPath finds first, once it can be seen and nothing lies over it.
// It is looked at and clicked at one moment: a page that scrolls by itself, to the part
// that its address names, moves away what a mouse is on its way to, and something else
// there. A page that was left meanwhile was left by the click.
func press(path string) chromedp.Action[chromedp.Void] {
	//nolint:misspell // words of JavaScript
	script := `(() => {
		if (window.left === undefined) return "";
		const e = document.evaluate(` + quote(path) + `, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
		if (!e) return "it is not there";
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getClientRects()[0];
		if (!r || getComputedStyle(e).visibility !== "visible") return "it cannot be seen";
		const over = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
		if (!e.contains(over)) return "it is covered by " + (over ? over.outerHTML.slice(0, 200) : "nothing");
		e.click();
		return "";
	})()`
	return command("press "+path, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`window.left = true`)); err != nil {
			return err
		}
		for {
			why, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
			if err == nil && why == "" {
				return nil
			}
			select {
			case <-ctx.Done():
				return cmp.Or(err, errors.New(why))
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// Type puts a text into the field that a CSS selector finds, in the place of what is
// there.
func (p *Tab) Type(selector, text string) *Tab {
	p.t.Helper()
	p.must(do(p.ctx, chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible)))
	return p
}

// Tick clicks what a CSS selector finds.
func (p *Tab) Tick(selector string) *Tab {
	p.t.Helper()
	p.must(do(p.ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)))
	return p
}

// Choose chooses a value of the list that a CSS selector finds.
func (p *Tab) Choose(selector, value string) *Tab {
	p.t.Helper()
	p.must(do(p.ctx, chromedp.SetValue(chromedp.CSS(selector), value)))
	return p
}

// Text is what can be read of the elements that a CSS selector finds, with single
// spaces.
func (p *Tab) Text(selector string) string {
	p.t.Helper()
	return strings.Join(strings.Fields(Eval[string](p, `[...document.querySelectorAll(`+quote(selector)+`)].map(e => e.innerText).join(" ")`)), " ")
}

// All lists what can be read of each element that a CSS selector finds.
func (p *Tab) All(selector string) []string {
	p.t.Helper()
	return Eval[[]string](p, `[...document.querySelectorAll(`+quote(selector)+`)].map(e => e.innerText.trim().replace(/\s+/g, " "))`)
}

// Addresses lists where the links lead that a CSS selector finds.
func (p *Tab) Addresses(selector string) []string {
	p.t.Helper()
	return Eval[[]string](p, `[...document.querySelectorAll(`+quote(selector)+`)].map(e => e.href)`)
}

// Path is where the tab is, without the origin.
func (p *Tab) Path() string { return strings.TrimPrefix(p.where(), p.o.Origin) }

// Says expects words in what can be read of the page.
func (p *Tab) Says(want ...string) *Tab {
	p.t.Helper()
	got := p.Text("main")
	for _, w := range want {
		if !strings.Contains(got, w) {
			p.t.Errorf("%s does not say %q:\n%s", p.where(), w, got)
		}
	}
	return p
}

// Eval evaluates an expression in the page, also where its own scripts are off.
func Eval[T any](p *Tab, expression string) T {
	p.t.Helper()
	v, err := ask(p.ctx, chromedp.Evaluate[T](expression))
	p.must(err)
	return v
}

// quote writes a text as JavaScript does.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(b)
}

// Resize gives the window another width.
func (p *Tab) Resize(width int) {
	p.t.Helper()
	p.must(do(p.ctx, command("resize", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(width), Height: height, DeviceScaleFactor: 1, Mobile: width < 500,
		})
		return err
	})))
}

// Dark asks for the dark colours, or for the light ones again.
func (p *Tab) Dark(on bool) {
	p.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	p.must(do(p.ctx, command("colours", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})))
}

// Shoot takes a picture of the whole page, where the Browser has a folder for them.
func (p *Tab) Shoot(name string) {
	p.t.Helper()
	if p.b.shots == "" {
		return
	}
	png, err := ask(p.ctx, chromedp.FullScreenshot(100))
	p.must(err)
	p.must(os.WriteFile(filepath.Join(p.b.shots, name+".png"), png, 0o600))
}

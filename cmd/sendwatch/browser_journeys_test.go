package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/internal/browsertest"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/store"
)

// journeys are what people come for, each with scripts and without.
func journeys(t *testing.T, b *browsertest.Browser, s *town, world *jobsite.World) {
	for _, scripts := range []bool{true, false} {
		at := browsertest.TabOptions{Origin: s.url, NoScripts: !scripts, Width: 360}
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			t.Run("find a post near a postcode", func(t *testing.T) { findNear(t, b.Open(t, at)) })
			t.Run("set, confirm, pause and end an alert", func(t *testing.T) {
				liveWithAnAlert(t, s, b.Open(t, at), fmt.Sprintf("ada-%v@people.example", scripts))
			})
			t.Run("build a profile and see what fits, and why", func(t *testing.T) { seeWhatFits(t, b.Open(t, at)) })
			t.Run("export a search", func(t *testing.T) { export(t, s, b.Open(t, at)) })
			t.Run("unsubscribe with one click", func(t *testing.T) {
				unsubscribeOnce(t, s, b.Open(t, at), fmt.Sprintf("bo-%v@people.example", scripts))
			})
			t.Run("an operator finds a broken source", func(t *testing.T) {
				findBroken(t, s, world, b.Open(t, at), fmt.Sprintf("jo %v", scripts))
			})
		})
	}
}

func findNear(t *testing.T, p *browsertest.Tab) {
	p.Go("/", http.StatusOK).Type("input[name=q]", "semh").Type("input[name=near]", "RG30")
	p.Choose("select[name=within]", "10").Choose("select[name=sort]", "distance").PressIn(`@role="search"`, "Search")
	titles := p.All(".card h3")
	if len(titles) == 0 {
		t.Fatalf("nothing is near:\n%s", p.Text("main"))
	}
	for _, where := range p.All(".card .where") {
		if !strings.Contains(where, "mile") {
			t.Errorf("a post without its distance: %s", where)
		}
	}
	p.Shoot("journey-find-near")
	p.Press(titles[0]).Says("What it asks for", "Read and apply", "Pay")
	if got := p.Text("h1"); got != titles[0] {
		t.Errorf("the page of %q is called %q", titles[0], got)
	}
}

// seeWhatFits says little, sees what is not said, and says it with one press.
func seeWhatFits(t *testing.T, p *browsertest.Tab) {
	p.Go("/candidate", http.StatusOK).Type("#home", "RG30").Choose("select[name=radius]", "20").Type("#exp-semh", "2").Press("Show what fits")
	p.Says("Within 20 miles of RG30", "For it", "You have not said")
	before := p.Text("#fits-title")
	unsaid := len(p.All(".why li a"))
	p.Press("I have it")
	if got := len(p.All(".why li a")); got >= unsaid {
		t.Errorf("said, %d questions are left of %d", got, unsaid)
	}
	p.Shoot("journey-candidate")
	p.Press("Email me when a new post fits").Says("Posts that fit your profile", "Within 20 miles of RG30")
	if before == "" {
		t.Error("the page does not say how many fit")
	}
}

// export follows the links of a search to its files, and reads them as the person's
// programs would.
func export(t *testing.T, s *town, p *browsertest.Tab) {
	p.Go("/?q=semh", http.StatusOK)
	shown := p.All(".card h3")
	for kind, check := range map[string]func(body string) int{
		".csv":  func(body string) int { return strings.Count(body, s.url+"/vacancies/") },
		".json": func(body string) int { return strings.Count(body, `"title":`) },
		".atom": func(body string) int { return strings.Count(body, "<entry>") },
	} {
		links := p.Addresses(`a[href*="` + kind + `"]`)
		if len(links) == 0 {
			t.Errorf("the search has no link to %s", kind)
			continue
		}
		if got := check(s.fetch(t, links[0])); got < len(shown) {
			t.Errorf("%s holds %d posts, and the page shows %d", links[0], got, len(shown))
		}
	}
}

// fetch gets a file of the site.
func (s *town) fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return string(body)
}

// ask sets an alert for a search, up to the page that says to look for an email.
func ask(p *browsertest.Tab, address string) {
	p.Go("/?q=semh", http.StatusOK).Unfold("Email me posts like these")
	p.Type("#alert input[name=email]", address).Choose("#alert select[name=frequency]", "instant").Tick("#alert input[name=consent]")
	p.Shoot("journey-alert-form")
	p.Press("Set the alert").Says("Check your email")
}

func liveWithAnAlert(t *testing.T, s *town, p *browsertest.Tab, address string) {
	ask(p, address)
	s.deliver()
	first := s.letter(t, address, 1)
	p.Go(s.link(t, first, "/confirm"), http.StatusOK).Says("Press the button, and emails about this begin.")
	p.Press("Start my alert").Says("Your alert has begun.", "Running.")
	s.deliver()
	told := s.letter(t, address, 2)
	for _, link := range []string{s.link(t, told, "/vacancies/"), s.link(t, told, "/pause")} {
		p.Go(link, http.StatusOK)
	}
	p.Press("Pause this alert").Says("Your alert waits until you start it again.", "Paused.")
	p.Shoot("journey-manage")
	p.Press("Start again").Says("Your alert runs again.", "Running.")
	p.Press("End this alert").Says("The alert has ended.", "You have no alerts.")
	s.deliver()
	s.letter(t, address, 2)
}

// unsubscribeOnce is what a mail program does when its own button is pressed (RFC
// 8058): one POST, without cookies and from nowhere. The person then sees the end.
func unsubscribeOnce(t *testing.T, s *town, p *browsertest.Tab, address string) {
	ask(p, address)
	s.deliver()
	p.Go(s.link(t, s.letter(t, address, 1), "/confirm"), http.StatusOK).Press("Start my alert")
	own := p.Path()
	s.deliver()
	m := s.letter(t, address, 2)
	if got := m.Header("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Fatalf("List-Unsubscribe-Post is %q", got)
	}
	link, _, _ := strings.Cut(strings.TrimPrefix(m.Header("List-Unsubscribe"), "<"), ">")
	s.oneClick(t, link)
	who, err := s.store.SubscriberByEmail(t.Context(), address)
	if err != nil || who.UnsubscribedAt == nil {
		t.Fatalf("after one click: %+v, %v", who.UnsubscribedAt, err)
	}
	p.Go(own, http.StatusOK).Says("You unsubscribed, so we do not write to you.")

	// Or by hand, from the link at the end of the email.
	p.Go(link, http.StatusOK).Press("Stop all emails").Says("You will hear no more")
}

// oneClick posts as a mail provider does.
func (s *town) oneClick(t *testing.T, link string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("one click: %s, %v", resp.Status, err)
	}
}

func findBroken(t *testing.T, s *town, world *jobsite.World, p *browsertest.Tab, name string) {
	world.SetFault(jobsite.FaultError)
	defer world.SetFault(jobsite.NoFault)
	if _, err := s.app.crawl(t.Context(), s.cfg.Sources, true); err != nil {
		t.Fatal(err)
	}
	p.Go("/operator", http.StatusForbidden).Says("Open your sign-in link first")
	p.Go(s.signInLink(name, store.RoleOperator), http.StatusOK).Press("Sign in")
	if p.Path() != "/operator" {
		t.Errorf("an operator lands at %s", p.Path())
	}
	p.Says("To look at", "The source council is not healthy")
	p.Shoot("journey-operator")
	p.Press("council").Says("Source council", "not healthy", "Unhealthy crawls in a row")
	p.Go("/operator", http.StatusOK).Press("Sign out").Says("This browser is signed out.")
	p.Go("/operator", http.StatusForbidden)
}

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/internal/browsertest"
	"github.com/sendwatch/sendwatch/store"
)

// auditPages holds every page of the site to axe-core's rules, in the light and in
// the dark, on a phone, a tablet and a desk.
func auditPages(t *testing.T, b *browsertest.Browser, s *town) {
	p := b.Open(t, browsertest.TabOptions{Origin: s.url})
	ask(p, "cy@people.example")
	s.deliver()
	confirm := s.link(t, s.letter(t, "cy@people.example", 1), "/confirm")
	p.Go(confirm, http.StatusOK).Press("Start my alert")
	manage := strings.SplitN(p.Path(), "?", 2)[0]
	edit := ""
	for _, at := range p.Addresses("main a.button") {
		if strings.Contains(at, "/edit/") {
			edit = at
		}
	}
	s.deliver()
	told := s.letter(t, "cy@people.example", 2)
	signIn := s.signInLink("cy", store.RoleOperator)
	p.Go(signIn, http.StatusOK).Press("Sign in")
	p.Go("/", http.StatusOK)
	vacancy := p.Addresses(".card h3 a")[0]

	for _, page := range []struct {
		name, path string
		status     int
	}{
		{"search", "/?q=semh&near=RG30&within=10&sort=distance", http.StatusOK},
		{"search-nothing", "/?q=zebra+keeper+nocturnal", http.StatusOK},
		{"search-mistaken", "/?near=Atlantis", http.StatusBadRequest},
		{"vacancy", vacancy, http.StatusOK},
		{"report", vacancy + "/report", http.StatusOK},
		{"alert", "/alerts/new?q=semh", http.StatusOK},
		{"candidate", "/candidate", http.StatusOK},
		{"candidate-fits", "/candidate?home=RG30&radius=20&holds=ta-level-2&exp-semh=2", http.StatusOK},
		{"manage", manage, http.StatusOK},
		{"edit", edit, http.StatusOK},
		{"unsubscribe", s.link(t, told, "/unsubscribe"), http.StatusOK},
		{"sources", "/sources", http.StatusOK},
		{"operator", "/operator", http.StatusOK},
		{"operator-source", "/operator/sources/council", http.StatusOK},
		{"sign-in", signIn, http.StatusOK},
		{"privacy", "/privacy", http.StatusOK},
		{"about", "/about", http.StatusOK},
		{"not-found", "/nowhere", http.StatusNotFound},
	} {
		t.Run(page.name, func(t *testing.T) {
			p.Go(page.path, page.status)
			for _, width := range []int{1280, 768, 360} {
				p.Resize(width)
				p.Dark(false)
				for _, broken := range p.Audit() {
					t.Errorf("at %d pixels: %s", width, broken)
				}
				p.Shoot(fmt.Sprintf("%s-%d", page.name, width))
				p.Dark(true)
				for _, broken := range p.AuditColours() {
					t.Errorf("at %d pixels, in the dark: %s", width, broken)
				}
				p.Shoot(fmt.Sprintf("%s-%d-dark", page.name, width))
			}
		})
	}
}

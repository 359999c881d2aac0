package browsertest

import (
	_ "embed" // axe-core
	"fmt"

	"github.com/chromedp/chromedp"
)

//go:embed axe-core/axe.min.js
var axe string

// axeDigest is the digest of axe.min.js that its publisher gives, as SRI writes it.
const axeDigest = "sha256-KTSJmUUM3yhJqOcLeRL8LahahJ2jnA0NU5T1HUqe2Vw="

// What of axe-core's rules a page is held to: those for WCAG 2.2 at the levels A and
// AA and those for good practice, or those that speak of colours.
const (
	allRules    = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	colourRules = `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`
)

// audit runs rules and lists what breaks them.
const audit = `axe.run(document, {resultTypes: ["violations"], runOnly: %s})
	.then(r => r.violations.flatMap(v => v.nodes.map(n =>
		v.id + " (" + v.help + "): " + n.target.join(" ") + " " + (n.failureSummary || "").replace(/\s+/g, " "))))`

// Audit holds the page, as it is shown now, to axe-core's rules, and to one more: that
// nobody has to scroll sideways to read it. It returns what breaks them.
func (p *Tab) Audit() []string {
	p.t.Helper()
	found := p.run(allRules)
	if wide := Eval[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		found = append(found, fmt.Sprintf("the page is %d pixels wider than the window", wide))
	}
	return found
}

// AuditColours holds the page to the rules that speak of colours alone: all that the
// dark can break of a page that is sound in the light.
func (p *Tab) AuditColours() []string {
	p.t.Helper()
	return p.run(colourRules)
}

func (p *Tab) run(rules string) []string {
	p.t.Helper()
	if !Eval[bool](p, `typeof axe === "object"`) {
		p.must(do(p.ctx, chromedp.Evaluate[chromedp.Void](axe)))
	}
	found, err := ask(p.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(audit, rules), chromedp.EvalAwaitPromise))
	p.must(err)
	return found
}

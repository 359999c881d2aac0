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

// audit runs the rules for WCAG 2.2 at the levels A and AA, and those for good practice.
const audit = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then(r => r.violations.flatMap(v => v.nodes.map(n =>
		v.id + " (" + v.help + "): " + n.target.join(" ") + " " + (n.failureSummary || "").replace(/\s+/g, " "))))`

// Audit holds the page, as it is shown now, to axe-core's rules, and to one more: that
// nobody has to scroll sideways to read it. It returns what breaks them.
func (p *Tab) Audit() []string {
	p.t.Helper()
	if !Eval[bool](p, `typeof axe === "object"`) {
		p.must(do(p.ctx, chromedp.Evaluate[chromedp.Void](axe)))
	}
	found, err := ask(p.ctx, chromedp.Evaluate[[]string](audit, chromedp.EvalAwaitPromise))
	p.must(err)
	if wide := Eval[int](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		found = append(found, fmt.Sprintf("the page is %d pixels wider than the window", wide))
	}
	return found
}

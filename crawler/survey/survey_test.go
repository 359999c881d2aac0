package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/crawler/extract"
)

const at = "https://jobs.test/list"

func mustParse(t testing.TB, address, body string) *Page {
	t.Helper()
	p, err := Parse(address, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLists(t *testing.T) {
	tests := []struct{ name, page, item, match, links string }{
		{"nothing", "<p>Hello</p>", "", "", ""},
		{"news is no list of posts", "<ul><li><a href=/news/a>Sports day</a><li><a href=/news/b>Our new library</a><li><a href=/news/c>Harvest</a></ul>", "", "", ""},
		{"a site's furniture", "<nav><a href=/job/1>Teaching Assistant</a><a href=/job/2>Learning Mentor</a></nav>", "", "", ""},
		{"the furniture of an article", "<article><header><h2><a href=/job/1>Teaching Assistant</a></h2></header></article><article><header><h2><a href=/job/2>Learning Mentor</a></h2></header></article>",
			"article a", "^/job/", "/job/1 /job/2"},
		{"one post, with all the signs", `<main><h1>Vacancies</h1><div class=post><a href="/vacancies/teaching-assistant">Teaching Assistant</a> closes on Friday</div></main>`,
			"div.post a", "^/vacancies/", "/vacancies/teaching-assistant"},
		{"one link is no list", "<p><a href=/people/1>Head teacher</a></p>", "", "", ""},
		{"each advert twice, and a form", `<div class=ad><a class=pic href=/job/1 title="Picture"><img></a><h3><a href=/job/1>Teaching Assistant</a></h3><a class=go href=/apply/1>Apply</a></div>
			<div class=ad><h3><a href=/job/2>Learning Mentor</a></h3><a class=go href=/apply/2>Apply</a></div>`, "div.ad h3 a", "^/job/", "/job/1 /job/2"},
		{"a stray link among adverts", "<ul class=all><li><a href=/job/1>Teaching Assistant</a><li><a href=/job/2>Mentor</a><li><a href=/terms>How we recruit</a></ul>", "a[href*='/job/']", "^/job/", "/job/1 /job/2"},
		{"told by the query", "<table class=found><tr><td><a href=v.aspx?id=1>Teaching Assistant</a><tr><td><a href=v.aspx?id=2>Cook</a></table>", "table.found a", `^/v\.aspx\?id=`, "/v.aspx?id=1 /v.aspx?id=2"},
		{"pages of the list itself", "<p class=x><a href=?page=2>Teaching posts 11 to 20</a> <a href=?page=3>Teaching posts 21 to 30</a>", "", "", ""},
		{"elsewhere", "<p class=x><a href=https://other.test/job/1>Teaching Assistant</a> <a href=mailto:a@b.test>Mentor</a> <a href=/jd.pdf>Teacher</a>", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lists := mustParse(t, at, tt.page).Lists()
			if len(lists) == 0 {
				lists = []List{{}}
			}
			var links []string
			for _, l := range lists[0].Links {
				links = append(links, strings.TrimPrefix(l.URL, "https://jobs.test"))
			}
			if got := lists[0]; got.Item != tt.item || got.Match != tt.match || strings.Join(links, " ") != tt.links {
				t.Errorf("%s, %s, %s", got.Item, got.Match, links)
			}
		})
	}
}

func TestNext(t *testing.T) {
	for _, tt := range []struct{ page, selector, leads string }{
		{"<a rel=next href=?p=2>2</a>", "a[rel=next]", "?p=2"},
		{"<link rel=next href=?p=2>", "link[rel=next]", "?p=2"},
		{"<a class='btn pager-next' href=?p=2>Next &raquo;</a>", "a.pager-next", "?p=2"},
		{"<ul><li class=prev><a href=?p=1>Previous</a><li class=next><a href=?p=3>›</a></ul>", "li.next a", "?p=3"},
		{"<div class=pages><a href=?p=2>Next page</a></div>", "div.pages a:contains('Next page')", "?p=2"},
		{"<a href=?p=2>Older posts</a>", "a:contains('Older posts')", "?p=2"},
		{"<a href=/next-steps>Next steps for applicants</a>", "", ""},
		{"<a href=https://other.test/>Next</a>", "", ""},
		{"<a href=#>Next</a><a>Next</a>", "", ""},
	} {
		selector, leads := mustParse(t, at, tt.page).Next()
		if selector != tt.selector || strings.TrimPrefix(leads, at) != tt.leads {
			t.Errorf("%s: %q to %q", tt.page, selector, leads)
		}
	}
}

func TestNumbered(t *testing.T) {
	for page, want := range map[string]string{
		"<a href=?page=1>1</a><a href=?page=2>2</a>":       "/list?page={page}",
		"<a href='?q=ta&p=2&n=20'>2</a>":                   "/list?q=ta&p={page}&n=20",
		"<a href=/list/page/2/>2</a>":                      "/list/page/{page}/",
		"<a href=?start=20>2</a>":                          "",
		"<a href=?page=1>1</a>":                            "",
		"<a href=https://other.test/?page=2>2</a>":         "",
		"<a href='?a=22&b=2'>2</a><a href='?page=2'>2</a>": "/list?a=22&b={page}",
	} {
		if got := mustParse(t, at, page).Numbered("{page}"); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}

func TestMatchOf(t *testing.T) {
	for _, tt := range []struct{ addresses, want string }{
		{"/job/1 /job/2", "^/job/"}, {"/job/1", "^/job/"}, {"/job/1/ /job/2/", "^/job/"}, {"/a /b", ""}, {"/", ""},
		{"/v.php?id=1&x=2 /v.php?id=3&x=2", `^/v\.php\?id=`}, {"/jobs/2026/a /jobs/2027/b", "^/jobs/"}, {"/jobs/a /posts/b", ""},
	} {
		var addresses []string
		for a := range strings.FieldsSeq(tt.addresses) {
			addresses = append(addresses, "https://jobs.test"+a)
		}
		if got := MatchOf(addresses); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.addresses, got, tt.want)
		}
	}
}

// TestFields learns the rules of two adverts in each structure that pages show
// facts in.
func TestFields(t *testing.T) {
	page := func(facts, title, text string) string {
		return "<body><header><h1>Oak Hill School</h1></header><main><h1>" + title + "</h1>" + facts + "<div class=text><p>" + text + "</p></div></main>"
	}
	tests := []struct {
		name, one, two string
		want           map[string]string
	}{
		{"rows", "<table><tr><td>Salary:</td><td>£1</td></tr></table>", "<table><tr><td>Salary scale</td><td>x</td></tr><tr><td>Salary:</td><td>£2</td></tr></table>",
			map[string]string{"pay": `main td:matches(^\s*Salary\W*$) + td`}},
		{"definitions of which one has more", "<dl class=facts><dt>Hours</dt><dd>30</dd></dl>", "<dl class=facts><dt>Place of work</dt><dd>Quay</dd><dt>Hours</dt><dd>20</dd></dl>",
			map[string]string{"hours": "dl.facts dt:contains('Hours') + dd", "location": "dl.facts dt:contains('Place of work') + dd"}},
		{"headings", "<h3>Closing date</h3><p>1 December 2026</p>", "<h3>Closing date</h3><p>when filled</p>",
			map[string]string{"closes": "main h3:contains('Closing date') + p"}},
		{"bold words on a line", "<p><b>Contract type</b> - Permanent<br><b>School:</b> Oak</p>", "<p><b>Contract type</b> - Casual<br><b>School:</b> Elm</p>",
			map[string]string{"contract": "main b:contains('Contract type')@after", "employer": "main b:contains('School')@after"}},
		{"words before a colon", "<ul><li>Location: Quay</li></ul>", "<ul><li>Location: Millwick: North</li></ul>",
			map[string]string{"location": "main li:contains('Location:')"}},
		{"a date in an attribute", "<dl class=facts><dt>Posted</dt><dd><time datetime=2026-11-02>a week ago</time></dd></dl>", "<dl class=facts><dt>Posted</dt><dd><time datetime=2026-11-03>yesterday</time></dd></dl>",
			map[string]string{"posted": "dl.facts dt:contains('Posted') + dd time@datetime"}},
		{"no date at all", "<dl class=facts><dt>Posted</dt><dd>by hand</dd></dl>", "<dl class=facts><dt>Posted</dt><dd>by post</dd></dl>", map[string]string{}},
		{"a label without its value", "<dl class=facts><dt>Hours</dt><dd></dd></dl><p><b>Salary</b></p><p><b>Contract</b></p>", "", map[string]string{}},
		{"a label that says another thing", "<dl class=facts><dt>How to apply</dt><dd>By post</dd></dl>", "<p>We pay: a lot</p>", map[string]string{}},
		{"quotes", `<dl class=facts><dt>Employer's "name"</dt><dd>Oak</dd></dl>`, "", map[string]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages := []*Page{
				mustParse(t, "https://jobs.test/job/1", page(tt.one, "Teaching Assistant", "You help one pupil to settle, in lessons and out of them, and tell the class teacher at the end of every day how it went.")),
				mustParse(t, "https://jobs.test/job/2", page(tt.two, "Learning Mentor", "You walk with a class of ten from the bus to the door, and keep the book in which the drivers write what happened on the way.")),
			}
			got := Fields(pages, []string{"Teaching Assistant", "Learning mentor"})
			if got["title"] != "main h1" || got["body"] != "div.text" {
				t.Errorf("title by %q, body by %q", got["title"], got["body"])
			}
			if _, err := extract.NewRules(got); err != nil {
				t.Error(err)
			}
			delete(got, "title")
			delete(got, "body")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSite(t *testing.T) {
	foot := func(text string) string {
		return "<title>Mentor | Elm Bank School</title><footer>" + text + "</footer>"
	}
	for _, tt := range []struct{ one, two, name, postcode string }{
		{foot("Mill Road, ZZ1 1AA"), foot("Mill Road, zz1 1aa"), "Elm Bank School", "ZZ1 1AA"},
		{foot("ZZ1 1AA and ZZ2 2BB"), foot("ZZ1 1AA and ZZ2 2BB"), "Elm Bank School", ""},
		{foot(""), "<title>Another</title>", "", ""},
		{"<meta property=og:site_name content='Ash Trust'><p>ZZ1 1AA</p>", "<meta property=og:site_name content='Ash Trust'>", "Ash Trust", ""},
	} {
		if name, postcode := Site([]*Page{mustParse(t, at, tt.one), mustParse(t, at, tt.two)}); name != tt.name || postcode != tt.postcode {
			t.Errorf("%q: %q, %q", tt.one, name, postcode)
		}
	}
}

// BenchmarkHostile surveys the pages that keep it busiest.
func BenchmarkHostile(b *testing.B) {
	for name, body := range map[string]string{
		"links":  strings.Repeat("<li class=a><a href=/job/1?x=1>Teaching Assistant</a><li><a href=/job/2>Mentor", 20_000),
		"labels": strings.Repeat("<div><div class=c><b>Salary</b><i>£1</i></div></div>", 20_000),
		"deep":   strings.Repeat("<div class=a><b>Hours:</b> 3 ", 400) + "<p>x",
		"rows":   "<table class=t>" + strings.Repeat("<tr><td>Salary<td>x", 20_000),
	} {
		b.Run(name, func(b *testing.B) {
			pages := []*Page{mustParse(b, at, body), mustParse(b, at+"2", body)}
			for b.Loop() {
				survey(pages)
			}
		})
	}
}

// survey does all that is done with pages.
func survey(pages []*Page) {
	for _, p := range pages {
		for _, l := range p.Lists() {
			p.Pick(l.Item)
		}
		p.Next()
		p.Numbered("{page}")
		p.Leads()
		p.Feeds()
		p.Documents()
		p.Scripted()
		IsAdvert(p)
	}
	Site(pages)
	Fields(pages, nil)
}

func FuzzSurvey(f *testing.F) {
	f.Add("<main><h1>A</h1><table class=facts><tr><th>Salary<td>£1</table><p>text", "<main><h1>B</h1><table class=facts><tr><th>Salary<td>£2</table><p>more")
	f.Add(`<ul class="x"><li><a class=j href="/job/1">Teaching Assistant</a></ul><a rel=next href=?p=2>2</a>`, "<p><b>Hours:</b> 30<br><b>Pay's</b> \\ x")
	f.Add("<form><h1>A</h1><td>Location</td><td>B:C</td>", "<dl><dt>School<dd><time datetime=x>")
	f.Fuzz(func(t *testing.T, one, two string) {
		if len(one)+len(two) > 20_000 {
			return
		}
		pages := []*Page{mustParse(t, at, one), mustParse(t, at+"2", two)}
		survey(pages)
		if _, err := extract.NewRules(Fields(pages, nil)); err != nil {
			t.Errorf("a proposal that is none: %v", err)
		}
		for _, l := range pages[0].Lists() {
			if _, err := extract.Selector(l.Item); err != nil {
				t.Error(err)
			}
		}
		if selector, _ := pages[0].Next(); selector != "" {
			if _, err := extract.Selector(selector); err != nil {
				t.Error(err)
			}
		}
	})
}

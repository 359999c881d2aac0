package extract

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
)

// one reads the only posting of a page.
func one(t *testing.T, html string) sendwatch.Posting {
	t.Helper()
	postings, err := JobPostings(mustParse(t, html))
	if err != nil || len(postings) != 1 {
		t.Fatalf("%d postings, error %v", len(postings), err)
	}
	return postings[0]
}

// The example of schema.org's page on JobPosting (eg-0028 of its examples), with
// the same properties in the same nesting, pay and currency as bare words, the
// employer inside the description, lists as markup. The sentences are ours, and
// the employer stands in all three.
const (
	exampleLD = `{"@context": "https://schema.org", "@type": "JobPosting", "title": "Software Engineer", "specialCommitments": "VeteranCommit",
"jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Kirkland", "addressRegion": "WA"}},
"industry": "Computer Software", "occupationalCategory": "15-1132.00 Software Developers, Application", "employmentType": "Full-time",
"workHours": "40 hours per week", "salaryCurrency": "USD", "baseSalary": "100000", "hiringOrganization": {"@type": "Organization", "name": "Larch & Sons"},
"description": "About us: Larch & Sons makes tools for its own joiners.", "responsibilities": "Draw up what a tool must do Make it",
"educationRequirements": "A degree in a subject that has to do with it.", "experienceRequirements": "Three years or more",
"skills": "Programs for the web in one language Programs in another", "qualifications": "Gets on with everybody. Keen. Quick.",
"jobBenefits": " Doctor, dentist", "incentiveCompensation": "A bonus each year", "datePosted": "2011-10-31"}`
	exampleMicrodata = `<div itemscope itemtype="https://schema.org/JobPosting"><meta itemprop="specialCommitments" content="VeteranCommit">
<h2 itemprop="title">Software Engineer</h2>
<p>Where: <span itemprop="jobLocation" itemscope itemtype="https://schema.org/Place"><span itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
<span itemprop="addressLocality">Kirkland</span> <span itemprop="addressRegion">WA</span></span></span></p>
<p><span itemprop="industry">Computer Software</span>, <span itemprop="occupationalCategory">15-1132.00 Software Developers, Application</span>
<br><span itemprop="employmentType">Full-time</span>, <span itemprop="workHours">40 hours per week</span>
<br><span itemprop="salaryCurrency">USD</span> <span itemprop="baseSalary">100000</span></p>
<p itemprop="description"><strong>About us:</strong> <span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization"><span itemprop="name">Larch &amp; Sons</span>
makes tools for its own joiners.</span></p>
<ul itemprop="responsibilities"><li>Draw up what a tool must do</li> <li>Make it</li></ul>
<ul itemprop="educationRequirements"><li>A degree in a subject that has to do with it.</li></ul>
<ul itemprop="experienceRequirements"><li>Three years or more</li></ul>
<ul itemprop="skills"><li>Programs for the web in one language</li> <li>Programs in another</li></ul>
<ul itemprop="qualifications"><li>Gets on with everybody.</li> <li>Keen.</li> <li>Quick.</li></ul>
<ul><li>You get<span itemprop="jobBenefits"> Doctor, dentist</span></li></ul><ul><li><span itemprop="incentiveCompensation">A bonus each year</span></li></ul>
<p>Since <span itemprop="datePosted">2011-10-31</span></p></div>`
)

// TestOneRecordFromThreeSyntaxes writes schema.org's example in each syntax. All
// fields are equal; the body is equal in its words, since two of the three carry
// the page's markup.
func TestOneRecordFromThreeSyntaxes(t *testing.T) {
	exampleRDFa := strings.NewReplacer(`itemscope itemtype="https://schema.org/JobPosting"`, `vocab="https://schema.org/" typeof="JobPosting"`,
		`itemscope itemtype="https://schema.org/`, `typeof="`, "itemprop", "property").Replace(exampleMicrodata)
	if strings.Contains(exampleRDFa, "item") {
		t.Fatalf("not RDFa: %s", exampleRDFa)
	}
	want := sendwatch.Posting{
		Reference: "77", URL: address1, Title: "Software Engineer", Employer: "Larch & Sons", Location: "Kirkland, WA",
		PayText: "USD 100000", HoursText: "40 hours per week", ContractText: "Full time", Published: "2011-10-31",
		BodyText: "About us: Larch & Sons makes tools for its own joiners. Responsibilities Draw up what a tool must do Make it " +
			"Qualifications Gets on with everybody. Keen. Quick. Education A degree in a subject that has to do with it. " +
			"Experience Three years or more Skills Programs for the web in one language Programs in another Benefits Doctor, dentist",
	}
	for name, html := range map[string]string{"JSON-LD": ld(exampleLD), "microdata": exampleMicrodata, "RDFa": exampleRDFa} {
		got := one(t, html)
		got.BodyText = squash(plain(got.BodyHTML, maxBody/8))
		got.BodyHTML = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestBentJSONLD reads one advert in every bent form of JSON-LD that we know of:
// those of extruct's samples (comments, control characters, null scripts, comments
// in a string), and those that templates and plug-ins make.
func TestBentJSONLD(t *testing.T) {
	want := sendwatch.Posting{
		Reference: "A1", URL: address1, Title: "Assistant", Employer: "Oak School", Location: "Fernbridge", Postcode: "ZZ1 1AA", BodyText: "For one pupil.",
	}
	const place = `"jobLocation": {"address": {"addressLocality": "Fernbridge", "postalCode": "ZZ1 1AA"}}`
	const rest = `"title": "Assistant", "identifier": "A1", "description": "For one pupil.", "hiringOrganization": {"name": "Oak School"}, ` + place
	tests := []struct{ name, html string }{
		{"full address of the type", ld(`{"@type": "https://schema.org/JobPosting", ` + rest + `}`)},
		{"old address of the type", ld(`{"@type": ["http://www.schema.org/JobPosting"], ` + rest + `}`)},
		{"wrong case", ld(`{"@Context": "HTTP://SCHEMA.ORG", "@Type": "jobposting", "Title": "Assistant", "IDENTIFIER": "A1", "Description": "For one pupil.", "hiringorganization": {"Name": "Oak School"}, ` + place + `}`)},
		{"prefixes", ld(`{"@context": {"schema": "https://schema.org/"}, "@type": "schema:JobPosting", "schema:title": "Assistant", "schema:identifier": "A1", "schema:description": "For one pupil.", "schema:hiringOrganization": {"@type": "schema:Organization", "schema:name": "Oak School"}, ` + place + `}`)},
		{"whole addresses", ld(`{"@type": "http://schema.org/JobPosting", "http://schema.org/title": [{"@value": "Assistant", "@language": "en"}], "http://schema.org/identifier": "A1", "http://schema.org/description": "For one pupil.", "http://schema.org/hiringOrganization": {"http://schema.org/name": "Oak School"}, ` + place + `}`)},
		{"a context's own names", ld(`{"@context": ["https://schema.org", {"post": "schema:title", "who": {"@id": "http://schema.org/hiringOrganization"}}], "@type": "JobPosting", "post": "Assistant", "identifier": "A1", "description": "For one pupil.", "who": {"name": "Oak School"}, ` + place + `}`)},
		{"keywords without their sign", ld(`{"type": "JobPosting", ` + rest + `}`)},
		{"list and set", ld(`{"@type": "JobPosting", "title": {"@set": ["Assistant"]}, "identifier": {"@list": ["A1"]}, "description": "For one pupil.", "hiringOrganization": {"name": "Oak School"}, ` + place + `}`)},
		{"main entity of a page in a graph", ld(`{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "JobPosting", ` + rest + `}}]}`)},
		{"nodes that refer to each other", ld(`{"@graph": [{"@type": "Organization", "@id": "#school", "name": "Oak School", "owns": {"@id": "#place"}},
			{"@type": "Place", "@id": "#place", "address": {"@id": "#address"}, "about": {"@id": "#school"}}]}`) +
			ld(`{"@type": "JobPosting", "title": "Assistant", "identifier": "A1", "description": "For one pupil.", "hiringOrganization": {"@id": "#school"}, "jobLocation": {"@id": "#place"}}`) +
			ld(`{"@id": "#address", "@type": "PostalAddress", "addressLocality": "Fernbridge", "postalCode": "ZZ1 1AA"}`)},
		{"a reference to another page", ld(`{"@type": "JobPosting", "publisher": {"@id": "https://jobs.test/#us"}, ` + rest + `}`)},
		{"stated twice", ld(`{"@type": "JobPosting", `+rest+`}`) + ld(`{"@type": "JobPosting", "title": "Assistant", "identifier": "A1"}`)},
		{"null before it", ld("null") + ld(" ") + ld(`[null, [], "", {"@type": "JobPosting", `+rest+`}]`)},
		{"comments", ld("// made by a template\n{\"@type\": \"JobPosting\", // the type\n/* title\n follows */ " + rest + ",\n//\"skills\": \"\"\n}")},
		{"an address is no comment", ld(`{"@type": "JobPosting", "sameAs": "https://jobs.test/a//b", "image": "/*", ` + rest + `,}`)},
		{"a comment in a string", ld(`{"data": "<!-- no comment --><b>some
text</b>"}`) + ld(`{"@type": "JobPosting", `+rest+`}`)},
		{"HTML comment inside", ld("{\"@type\": \"JobPosting\", <!-- here --> " + rest + "}")},
		{"CDATA in a comment of style", ld("/* <![CDATA[ */\n{\"@type\": \"JobPosting\", " + rest + "};\n/* ]]> */")},
		{"CDATA after a comment", ld("<!--//--><![CDATA[// ><!--\n{\"@type\": \"JobPosting\", " + rest + "}\n//--><!]]>")},
		{"bare CDATA", ld("<![CDATA[[{\"@type\": \"JobPosting\", " + rest + "}]]]>")},
		{"commas that separate nothing", ld(`{"@type": "JobPosting",, ` + rest + `, ,}`)},
		{"values of other languages", ld(`{"@type": "JobPosting", "directApply": True, "baseSalary": NaN, "validThrough": undefined, "skills": None, "n": 1e3, ` + rest + `}`)},
		{"a number in its own form", ld(`{"@type": "JobPosting", "n": [1E+3, -2.5e-1], ` + rest + `,}`)},
		{"escaped wholly", ld(strings.NewReplacer(`"`, "&#34;", "{", "&#123;").Replace(`{"@type": "JobPosting", ` + rest + `}`))},
		{"broken after it", ld(`{"@type": "JobPosting", ` + rest + `} {"@type": "WebSite", "name": "Un`)},
		{"JSON-LD has no title, microdata has", ld(`{"@type": "JobPosting", "identifier": "A1"}`) + `<div itemscope itemtype="http://schema.org/JobPosting"><b itemprop="title">Assistant</b><i itemprop="identifier">A1</i>
			<p itemprop="description">For one pupil.</p><b itemprop="hiringOrganization">Oak School</b><i itemprop="jobLocation" itemscope><i itemprop="addressLocality">Fernbridge</i> <i itemprop="postalCode">ZZ1 1AA</i></i></div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(want, one(t, tt.html)); diff != "" {
				t.Errorf("posting (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMicrodata holds the facts of the HTML standard's own examples, as extruct's
// samples keep them: itemref (also to what is missing, to oneself and twice),
// nested items, the attributes that carry values, text that nobody sees.
func TestMicrodata(t *testing.T) {
	const open = `<div itemscope itemtype="http://schema.org/JobPosting" `
	want := sendwatch.Posting{Reference: "A1", URL: address1, Title: "SEMH Assistant", Employer: "Oak School", Published: "2026-11-03", Closes: "2026-12-01"}
	tests := []struct{ name, html string }{
		{"meta, time, data, link", open + `><h1 itemprop="title">SEMH <em>Assistant</em></h1><data itemprop="identifier" value="A1">First</data>
			<meta itemprop="hiringOrganization" content="Oak School"><time itemprop="datePosted" datetime="2026-11-03">last week</time>
			<link itemprop="url" href="https://jobs.test/elsewhere"><time itemprop="validThrough">1 December 2026</time></div>`},
		{"parts elsewhere", open + `itemref="ref dates none self" id="self"><b itemprop="title"><b>S</b>EMH Assistant</b></div>
			<p id="ref">Reference <i itemprop="identifier">A1</i>, <i itemprop="hiringOrganization" itemscope itemref="who"></i></p>
			<p id="who"><b itemprop="name">Oak School</b></p><ul id="dates"><li itemprop="datePosted">3/11/2026<li itemprop="validThrough">1/12/2026</ul>`},
		{"a part that is an item itself", open + `itemref="org id dates"><h1 itemprop="title">SEMH<br>Assistant</h1></div>
			<p id="org" itemprop="hiringOrganization" itemscope itemtype="http://schema.org/School"><a itemprop="name" href="/oak">Oak School</a><a itemprop="url" href="/oak"></a></p>
			<meter id="id" itemprop="identifier" value="A1">one</meter><div id="dates"><meta itemprop="datePosted" content="2026-11-03"><meta itemprop="validThrough" content="2026-12-01T00:00"></div>`},
		{"an item within that is none of its own", open + `><a itemprop="title" href="/job/77">SEMH Assistant</a><object itemprop="identifier" data="A1"></object>
			<div itemscope itemtype="http://schema.org/Person"><b itemprop="title">Head</b></div><span itemprop="hiringOrganization">Oak School<style>b{}</style><script>1</script></span>
			<p itemprop="DATEPOSTED">2026-11-03</p><p itemprop="http://schema.org/validThrough">2026-12-01</p></div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(want, one(t, tt.html)); diff != "" {
				t.Errorf("posting (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRDFa holds the facts of the W3C's examples for RDFa Lite and its primers, as
// extruct's samples keep them: vocab and prefix and where they end, typeof,
// property, resource, content, links, things described in another place.
func TestRDFa(t *testing.T) {
	want := sendwatch.Posting{Reference: "A1", URL: address1, Title: "SEMH Assistant", Employer: "Oak School", Location: "Fernbridge", Closes: "2026-12-01"}
	const rest = ` <i property="identifier">A1</i> <b property="hiringOrganization">Oak School</b> <i property="jobLocation">Fernbridge</i> <i property="validThrough">1/12/2026</i>`
	tests := []struct{ name, html string }{
		{"Lite", `<p vocab="http://schema.org/" typeof="JobPosting"><span property="title">SEMH Assistant</span>` + rest + ` <a property="url" href="/x">us</a> <img property="image" src="/i.png"></p>`},
		{"resource names the subject", `<p vocab="https://schema.org/" resource="#post" typeof="JobPosting"><span property="title">SEMH Assistant</span>` + rest + `</p>`},
		{"several prefixes", `<div prefix="ov: http://open.vocab.org/terms/ s: http://schema.org/" typeof="ov:Thing s:JobPosting"><p property="ov:title">No</p><h1 property="s:title">SEMH Assistant</h1>
			<i property="s:identifier" content="A1">first</i><b property="s:hiringOrganization" typeof="s:School ov:House"><a property="s:name" href="/oak">Oak School</a></b>
			<i property="s:jobLocation" typeof="s:Place"><i property="s:address" typeof="s:PostalAddress"><i property="s:addressLocality">Fernbridge</i></i></i>
			<time property="s:validThrough" datatype="xsd:date" datetime="2026-12-01">soon</time></div>`},
		{"known prefix, old form", `<div xmlns:so="http://schema.org/" typeof="schema:JobPosting"><h1 property="so:title">SEMH Assistant</h1><i property="schema:identifier">A1</i>
			<b property="schema:hiringOrganization">Oak School</b><i property="schema:jobLocation">Fernbridge</i><i property="schema:validThrough">2026-12-01</i></div>`},
		{"whole addresses", `<div typeof="http://schema.org/JobPosting"><h1 property="http://schema.org/title">SEMH Assistant</h1>` + strings.ReplaceAll(rest, `property="`, `property="https://schema.org/`) + `</div>`},
		{"another vocabulary inside", `<body vocab="http://schema.org/"><div typeof="JobPosting"><h1 property="title">SEMH Assistant</h1>` + rest + `<p vocab="http://purl.org/dc/terms/"><b property="title">Not this</b></p></div></body>`},
		{"the page has a title too", `<html vocab="https://schema.org/" typeof="WebPage"><head><meta property="og:title" content="No"><title property="title">No</title></head><body><div property="mainEntity" typeof="JobPosting"><a href="/job/77"><h1 property="title">SEMH Assistant</h1></a>` + rest + `</div></body></html>`},
		{"said elsewhere", `<div vocab="http://schema.org/"><div resource="#post" typeof="JobPosting"><h1 property="title">SEMH Assistant</h1><a property="hiringOrganization" href="#oak">the school</a><span property="jobLocation" resource="#there"></span></div>
			<div about="#post"><i property="identifier">A1</i><i property="validThrough" content="2026-12-01"></i></div><footer resource="#oak" typeof="School"><b property="name">Oak School</b></footer>
			<p resource="#there" typeof="Place"><i property="address" typeof="PostalAddress"><i property="addressLocality">Fernbridge</i></i></p></div>`},
		{"rel", `<div vocab="http://schema.org/" typeof="JobPosting"><h1 property="title">SEMH Assistant</h1><i property="identifier">A1</i><p rel="hiringOrganization"><span typeof="School"><b property="name">Oak School</b></span></p>
			<p rel="nofollow jobLocation" resource="#there"><i property="address">Fernbridge</i></p><i property="validThrough">2026-12-01</i><a rel="nofollow" property="url" href="/x">x</a></div>`},
		{"no vocabulary", `<div typeof="JobPosting"><h1 property="title">SEMH Assistant</h1>` + rest + `</div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(want, one(t, tt.html)); diff != "" {
				t.Errorf("posting (-want +got):\n%s", diff)
			}
		})
	}
	if postings, err := JobPostings(mustParse(t, `<div vocab="http://xmlns.com/foaf/0.1/" typeof="JobPosting"><b property="title">T</b></div>`)); err == nil {
		t.Errorf("another vocabulary's type was read: %+v", postings)
	}
}

// TestThingsThatReferToEachOther would unfold without end, or into more values
// than a machine has room for.
func TestThingsThatReferToEachOther(t *testing.T) {
	var items, things, nodes strings.Builder
	for i := range 40 {
		next, after := (i+1)%40, (i+2)%40
		fmt.Fprintf(&items, `<p id="i%d" itemprop="about" itemscope itemref="i%d i%d i%d"></p>`, i, i, next, after)
		fmt.Fprintf(&things, `<p resource="#i%d" typeof="Thing"><a property="about" href="#i%d"></a><a property="about" href="#i%d"></a></p>`, i, next, after)
		fmt.Fprintf(&nodes, `{"@id": "i%d", "about": [{"@id": "i%d"}, {"@id": "i%d"}, {"@id": "i%d"}]},`, i, i, next, after)
	}
	for name, html := range map[string]string{
		"microdata": `<div itemscope itemtype="http://schema.org/JobPosting" itemref="i0"><b itemprop="title">T</b></div>` + items.String(),
		"RDFa":      `<div vocab="http://schema.org/" typeof="JobPosting"><b property="title">T</b><a property="about" href="#i0"></a>` + things.String() + `</div>`,
		"JSON-LD":   ld(`[` + nodes.String() + `{"@type": "JobPosting", "title": "T", "about": {"@id": "i0"}}]`),
	} {
		if got := one(t, html); got.Title != "T" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzRDFa has things refer to each other and to themselves.
func FuzzRDFa(f *testing.F) {
	f.Add(`<div vocab="http://schema.org/" resource="#a" typeof="JobPosting"><b property="title">T</b><a property="hiringOrganization" href="#a">x</a></div>`)
	f.Add(`<div prefix="s: http://schema.org/ s:" typeof="s:JobPosting"><i rel="s:jobLocation"><i rel="s:address" resource="#b"><i about="#b" property="s:title"></i></i></i></div>`)
	f.Add(`<div typeof="JobPosting" property="title" content="x" about="" rel="schema:title" src="#">`)
	f.Fuzz(func(t *testing.T, html string) {
		p, err := ParsePage(address1, []byte(html))
		if err != nil {
			return
		}
		for _, o := range rdfa(p) {
			fromObject(o)
		}
	})
}

// FuzzRepair holds that repairing changes nothing in what is whole.
func FuzzRepair(f *testing.F) {
	f.Add(`{"a": [1e3, -2.5E+1, true, null, "//, /* \" \\ <!--"], "b": {}}`)
	f.Add(`{"a": 1,, // x`)
	f.Add(`/*`)
	f.Fuzz(func(t *testing.T, text string) {
		repaired := repairJSON(text)
		before, err := decodeAll(text)
		if err != nil {
			return
		}
		after, err := decodeAll(repaired)
		if err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%q became %q: %v", text, repaired, err)
		}
	})
}

package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
)

// TestTraitsOfExtructSamples goes through the samples by which extruct, a library that
// reads the same syntaxes, is tested (github.com/scrapinghub/extruct, tests/samples).
// None of them is a JobPosting. Each trait that could stand on a vacancy's page is
// written here as one, in our own words: the sample's name, what it shows, a page that
// shows the same, and what is to be read of it.
func TestTraitsOfExtructSamples(t *testing.T) {
	const (
		micro = `<div itemscope itemtype="http://schema.org/JobPosting">`
		title = `<h1 itemprop="title">Learning Mentor</h1>`
		lite  = `<div vocab="http://schema.org/" typeof="JobPosting">`
		named = `<h1 property="title">Learning Mentor</h1>`
	)
	posting := func(change func(p *sendwatch.Posting)) sendwatch.Posting {
		p := sendwatch.Posting{Reference: "77", URL: address1, Title: "Learning Mentor"}
		if change != nil {
			change(&p)
		}
		return p
	}
	employer := func(name string) sendwatch.Posting {
		return posting(func(p *sendwatch.Posting) { p.Employer = name })
	}
	tests := []struct {
		sample, trait, html string
		want                sendwatch.Posting
	}{
		{"custom.invalid/JSONLD_with_JS_comment", "a comment after a value, a key that is commented out, addresses that hold //",
			ld("{\"@type\": \"JobPosting\", \"sameAs\": \"https://jobs.test//x\", \"title\": \"Learning Mentor\", // the post\n\"hiringOrganization\": \"Oak\", // who\n//\"industry\": \"\"\n}"), employer("Oak")},
		{"custom.invalid/JSONLD_with_control_characters", "line ends and tabs inside a string",
			ld("{\"@type\": \"JobPosting\", \"title\": \"Learning\n\tMentor\", \"hiringOrganization\": \"Oak\r\nSchool\"}"), employer("Oak School")},
		{"custom.invalid/JSONLD_with_control_characters_comment", "a comment of HTML, and markup, inside a string",
			ld("{\"@type\": \"JobPosting\", \"title\": \"Learning Mentor\", \"description\": \"<!-- from the form --><b>Be\n kind.</b>\"}"),
			posting(func(p *sendwatch.Posting) { p.BodyHTML = "<!-- from the form --><b>Be\n kind.</b>" })},
		{"custom.invalid/JoinAction.001", "a comment of HTML before the object",
			ld("<!-- The post of a mentor. -->\n{\"@type\": \"JobPosting\", \"title\": \"Learning Mentor\"}"), posting(nil)},
		{"misc/null_ld_mock", "scripts that hold null", ld("null") + ld("null") + ld(`{"@type": "JobPosting", "title": "Learning Mentor"}`) + ld("null"), posting(nil)},
		{"songkick/jsonld_empty_item_test", "scripts that hold false, slashes that are escaped",
			ld("false") + ld(`{"@context": "https:\/\/schema.org", "@type": "JobPosting", "title": "Learning Mentor", "url": "https:\/\/jobs.test\/job\/77"}`), posting(nil)},
		{"songkick/Elysian Fields", "a list of one object, the employer nested in it",
			ld(`[{"@context": "http://schema.org", "@type": "JobPosting", "title": "Learning Mentor", "hiringOrganization": {"@type": "School", "name": "Oak"}}]`), employer("Oak")},

		{"w3c/microdata.4.2.strings", "text round the values", micro + `<p>We want a <span itemprop="title">Learning Mentor</span> for <span itemprop="hiringOrganization">Oak</span>, now.</p></div>`, employer("Oak")},
		{"w3c/microdata.4.2.strings.unclean", "styles and scripts inside the values",
			micro + `<p><span itemprop="title">Learning Mentor<style>b { color: red }</style></span> at <span itemprop="hiringOrganization"><script>for (;;) { alert("Elm") }</script>Oak</span></p></div>`, employer("Oak")},
		{"w3c/microdata.4.2.data", "a value for machines beside the words", micro + title + `<data itemprop="identifier" value="A7">the seventh</data></div>`,
			posting(func(p *sendwatch.Posting) { p.Reference = "A7" })},
		{"w3c/microdata.4.2.meter", "a number in a meter", micro + title + `<p itemprop="baseSalary" itemscope><meter itemprop="value" min="0" value="24404" max="90000">a little</meter></p></div>`,
			posting(func(p *sendwatch.Posting) { p.PayText = "£24404" })},
		{"w3c/microdata.5.2", "two types, on two lines, and definitions that are not closed",
			"<dl itemscope itemtype=\"http://schema.org/JobPosting\n http://jobs.test/school-post\"><dt>Post:<dd itemprop=title>Learning Mentor<dt>School:<dd itemprop=hiringOrganization>Oak</dl>", employer("Oak")},
		{"w3c/microdata.5.3", "a property said twice, with another between", micro + title + `<p itemprop="employmentType">PART_TIME</p><p itemprop="hiringOrganization">Oak</p><p itemprop="employmentType">TEMPORARY</p></div>`,
			posting(func(p *sendwatch.Posting) { p.Employer, p.ContractText = "Oak", "Part time, Temporary" })},
		{"w3c/microdata.5.5", "a part that stands in the footer of the page", `<div itemscope itemtype="http://schema.org/JobPosting" itemref="who">` + title + `</div><footer><p id="who">All posts are at <a itemprop="hiringOrganization" href="/oak">Oak</a>.</p></footer>`, employer("Oak")},
		{"w3c/microdata.7.1", "items within that have properties of the same names",
			micro + title + `<p itemprop="hiringOrganization" itemscope itemtype="http://schema.org/School"><b itemprop="name">Oak</b></p><article itemprop="comment" itemscope itemtype="http://schema.org/UserComments"><h2 itemprop="title">Ha!</h2><p itemprop="creator" itemscope><i itemprop="name">Elm</i></p></article></div>`, employer("Oak")},
		{"w3c/microdata.object", "an object's address as a value", micro + title + `<object itemprop="identifier" data="A7"></object></div>`, posting(func(p *sendwatch.Posting) { p.Reference = "A7" })},
		{"schema.org/Event.003", "content on an element that is no meta, a place with an address within",
			micro + title + `<div itemprop="datePosted" content="2026-11-03T09:30">Tuesday</div><div itemprop="jobLocation" itemscope itemtype="http://schema.org/Place"><span itemprop="name">The hall</span>
			<div itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><span itemprop="streetAddress">7 Mill Road</span><br><span itemprop="addressLocality">Fernbridge</span>, <span itemprop="addressRegion">North</span> <span itemprop="postalCode">ZZ1 1AA</span></div></div></div>`,
			posting(func(p *sendwatch.Posting) {
				p.Published, p.Location, p.Postcode = "2026-11-03", "Fernbridge, North", "ZZ1 1AA"
			})},
		{"schema.org/LocalBusiness.003", "an amount and its currency in an item of their own",
			micro + title + `<div itemprop="baseSalary" itemscope itemtype="http://schema.org/MonetaryAmount"><span itemprop="value">24404</span> <span itemprop="currency">GBP</span></div></div>`,
			posting(func(p *sendwatch.Posting) { p.PayText = "£24404" })},
		{"schema.org/product-ref", "parts by reference, one of them an item", `<div itemscope itemtype="http://schema.org/JobPosting" itemref="org more">` + title + `</div><div id="org" itemprop="hiringOrganization" itemscope itemtype="http://schema.org/Organization"><b itemprop="name">Oak</b></div><p id="more"><i itemprop="identifier">A7</i></p>`,
			posting(func(p *sendwatch.Posting) { p.Employer, p.Reference = "Oak", "A7" })},

		{"w3crdfa/rdfalite.example003", "typeof and property, and links as values", lite + named + `<a property="hiringOrganization" href="/oak">Oak</a></div>`, employer("Oak")},
		{"w3crdfa/rdfalite.example005", "a second vocabulary by prefix, a name for the subject",
			`<p vocab="http://schema.org/" prefix="ov: http://open.vocab.org/terms/" resource="#post" typeof="JobPosting"><b property="title">Learning Mentor</b> <i property="ov:title">No</i> <span property="hiringOrganization">Oak</span></p>`, employer("Oak")},
		{"w3crdfa/rdfaprimer.example009", "another vocabulary for a paragraph", lite + named + `<p vocab="http://creativecommons.org/ns#">Under <a property="title" href="/l">a licence</a></p><p property="hiringOrganization">Oak</p></div>`, employer("Oak")},
		{"w3crdfa/rdfaprimer.example011", "a thing within with a title of its own", lite + `<h2 property="title">Learning Mentor</h2><div resource="/photo.jpg"><span property="title">The hall</span></div><p property="hiringOrganization">Oak</p></div>`, employer("Oak")},
		{"w3crdfa/rdfaprimer.example015", "values that are links of other kinds", lite + named + `<a property="telephone" href="tel:+441632960001">01632 960001</a><a property="email" href="mailto:a@b.test">a@b.test</a><b property="hiringOrganization">Oak</b></div>`, employer("Oak")},
		{"w3crdfa/rdf11primer.example014", "prefixes only, a typed date, a thing that is described further down",
			`<body prefix="schema: http://schema.org/ dcterms: http://purl.org/dc/terms/"><div resource="#post" typeof="schema:JobPosting"><h1 property="schema:title">Learning Mentor</h1><time property="schema:datePosted" datatype="xsd:date">2026-11-03</time>
			<a property="schema:hiringOrganization" href="#oak">they</a></div><div resource="#oak"><b property="schema:name">Oak</b> <i property="dcterms:title">No</i></div></body>`,
			posting(func(p *sendwatch.Posting) { p.Employer, p.Published = "Oak", "2026-11-03" })},
	}
	for _, tt := range tests {
		t.Run(tt.sample, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, one(t, tt.html)); diff != "" {
				t.Errorf("%s: posting (-want +got):\n%s", tt.trait, diff)
			}
		})
	}
}

package searchtest

import (
	"math"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

func asking(w string) sendwatch.Criteria { return sendwatch.Criteria{Words: w} }

func empty(d *desk) {
	d.count(0)
	d.stands(0)
	a := d.ask(search.Request{Criteria: asking("autism"), Facets: search.Facets()})
	if a.Total != 0 || len(a.Hits) != 0 || a.Corrected || len(a.Relax) != 0 {
		d.Errorf("an empty index answered %+v", a)
	}
	if v, err := d.index.Vocabulary(d.Context()); err != nil || len(v) != 0 {
		d.Errorf("Vocabulary: %v, %v, want none", v, err)
	}
	d.remove("nothing")
	d.count(0)
}

func words(d *desk) {
	d.put(
		d.vacancy("autism", titled("Teaching Assistant"), bodied("You will support pupils with autism in small groups.")),
		d.vacancy("mentor", titled("Learning Mentor"), bodied("A busy pastoral team; mentoring of older pupils.")),
		d.vacancy("phrase", titled("Classroom Support"), bodied("Assistant to the teaching staff. Groups small in number.")),
		d.vacancy("place", func(v *sendwatch.Vacancy) { v.Location = "Harrogate, North Yorkshire" }),
		d.vacancy("employer", func(v *sendwatch.Vacancy) { v.Employer = "Quillfeather Academy" }),
	)
	for _, test := range []struct {
		name, words string
		want        []string
	}{
		{"a word of the text", "autism", []string{"autism"}},
		{"whatever its case", "AUTISM", []string{"autism"}},
		{"another form of a word", "mentors", []string{"mentor"}},
		{"every word", "autism groups", []string{"autism"}},
		{"words that no vacancy has all of", "autism pastoral", nil},
		{"the place", "harrogate", []string{"place"}},
		{"the employer", "quillfeather", []string{"employer"}},
		{"a quoted phrase", `"small groups"`, []string{"autism"}},
		{"the same words, not quoted", "small groups", []string{"autism", "phrase"}},
		{"a synonym", `"teaching assistant"`, []string{"autism", "place", "employer"}},
		{"a synonym the other way", "TA", []string{"autism", "place", "employer"}},
		{"an exclusion", "pupils -pastoral", []string{"autism"}},
		{"an exclusion alone", "-pupils", []string{"phrase", "place", "employer"}},
		{"an excluded phrase", `groups -"small groups"`, []string{"phrase"}},
	} {
		d.finds(test.name, asking(test.words), test.want...)
	}
}

// relevance holds what ranking must do, and no more: any engine may weigh the
// rest as it likes.
func relevance(d *desk) {
	filler := strings.Repeat("The school is proud of its grounds and welcomes visits. ", 20)
	d.put(
		d.vacancy("a-mention", titled("Cover Assistant"), bodied(filler+"Some pupils have dyslexia. "+filler)),
		d.vacancy("b-title", titled("Dyslexia Assistant"), bodied(filler)),
		d.vacancy("c-often", titled("Cover Assistant"), bodied("Dyslexia support.\nDyslexia groups.\nDyslexia screening.")),
		d.vacancy("d-none", titled("Cover Assistant"), bodied(filler)),
	)
	r := search.Request{Criteria: asking("dyslexia")}
	d.order("by relevance", r, "b-title", "c-often", "a-mention")
	for _, h := range d.ask(r).Hits {
		if math.IsNaN(h.Score) || math.IsInf(h.Score, 0) || h.Score <= 0 {
			d.Errorf("score of %s is %v, want a positive number", h.ID, h.Score)
		}
	}
}

func corrected(d *desk) {
	d.put(
		d.vacancy("behaviour", bodied("Support with behaviour and regulation.")),
		d.vacancy("harrogate", bodied("Our school in Harrogate.")),
	)
	a := d.ask(search.Request{Criteria: asking("behaviuor")})
	if !a.Corrected || a.Criteria.Words != "behaviour" || a.Total != 1 {
		d.Errorf("behaviuor: searched %q (corrected %v), found %d; want behaviour, corrected, 1", a.Criteria.Words, a.Corrected, a.Total)
	}
	a = d.ask(search.Request{Criteria: asking("behaviuor"), AsTyped: true})
	if a.Corrected || a.Criteria.Words != "behaviuor" || a.Total != 0 {
		d.Errorf("behaviuor as typed: searched %q (corrected %v), found %d; want it as it is, and nothing", a.Criteria.Words, a.Corrected, a.Total)
	}
	a = d.ask(search.Request{Criteria: asking("harrogate")})
	if a.Corrected || a.Total != 1 {
		d.Errorf("harrogate: corrected %v, found %d; want a known word left alone, and 1", a.Corrected, a.Total)
	}
}

func vocabularies(d *desk) {
	d.put(
		d.vacancy("a", bodied("Zebra zebra.")),
		d.vacancy("b", titled("Zebra Keeper"), func(v *sendwatch.Vacancy) { v.Location = "Knaresborough" }),
	)
	check := func(when, word string, want int) {
		d.Helper()
		v, err := d.index.Vocabulary(d.Context())
		if err != nil || v[word] != want {
			d.Errorf("%s: %q stands in %d vacancies (%v), want %d", when, word, v[word], err, want)
		}
	}
	check("at first", "zebra", 2)
	check("at first", "knaresborough", 1)
	check("at first", "okapi", 0)
	d.put(d.vacancy("c", bodied("An okapi.")))
	check("after another", "okapi", 1)
	check("after another", "zebra", 2)
}

func hostile(d *desk) {
	d.put(d.vacancy("one", bodied("Support for pupils.")), d.vacancy("two", titled("Mentor")))
	for name, w := range map[string]string{
		"a very long word":   strings.Repeat("a", 100_000),
		"a thousand words":   strings.Repeat("support pupils mentor ", 334),
		"a thousand others":  numbered(1000),
		"punctuation":        `?!.,;:()[]{}"'*~^\/&|<>=+-_#@%$£`,
		"operators":          `support AND (pupils OR mentor) NOT title:x^2 ~3 * ? /re.*/ +a -b`,
		"an open quote":      `"support pupils`,
		"quotes of nothing":  `"" "   " -"" -`,
		"broken encoding":    "support \xff\xfe\xc3\x28",
		"zeroes and control": "support\x00pupils\x01\x1b[31m",
		"a filter's syntax":  `scope = "in" OR role IN [ta]`,
		"emoji":              "🧑‍🏫🏽 👩‍👧‍👦",
		"combining marks":    "e" + strings.Repeat("\u0301", 5000),
	} {
		for _, sort := range []search.Sort{search.SortRelevance, search.SortNewest} {
			a, err := d.service.Search(d.Context(), search.Request{Criteria: asking(w), Sort: sort, Facets: search.Facets()})
			if err != nil {
				d.Errorf("%s: %v", name, err)
			}
			if a.Total < 0 || a.Total > 2 {
				d.Errorf("%s: total %d of 2", name, a.Total)
			}
		}
	}
	d.finds("whitespace asks nothing", asking(" \t\n "), "one", "two")
}

// numbered makes n different words.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		for j := i; ; j /= 26 {
			b.WriteByte(byte('a' + j%26))
			if j < 26 {
				break
			}
		}
		b.WriteString("qx ")
	}
	return b.String()
}

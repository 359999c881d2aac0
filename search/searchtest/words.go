package searchtest

import (
	"fmt"
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
		d.vacancy("client", titled("Night Porter"), func(v *sendwatch.Vacancy) { v.Client = "Larkspur Meadow School" }),
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
		{"the school behind an agency", "larkspur", []string{"client"}},
		{"a quoted phrase", `"small groups"`, []string{"autism"}},
		{"the same words, not quoted", "small groups", []string{"autism", "phrase"}},
		{"a synonym", `"teaching assistant"`, []string{"autism", "place", "employer"}},
		{"a synonym the other way", "TA", []string{"autism", "place", "employer"}},
		{"an exclusion", "pupils -pastoral", []string{"autism"}},
		{"an exclusion alone", "-pupils", []string{"phrase", "place", "employer", "client"}},
		{"an excluded phrase", `groups -"small groups"`, []string{"phrase"}},
	} {
		d.finds(test.name, asking(test.words), test.want...)
	}
}

// relevance holds the order that SortRelevance promises, and the scores.
func relevance(d *desk) {
	filler := strings.Repeat("The school is proud of its grounds and welcomes visits. ", 20)
	dyslexia := func(lines int) string { return filler + strings.Repeat("\nSupport with dyslexia.", lines) }
	d.put(
		d.vacancy("a-mention", bodied(dyslexia(1)+" Dyslexia. Dyslexia. Dyslexia.")),
		d.vacancy("b-mention-newer", seen(2), bodied(dyslexia(2))),
		d.vacancy("c-mention-as-new", seen(2), bodied(dyslexia(1)+" Phonics.")),
		d.vacancy("d-throughout", bodied(dyslexia(3))),
		d.vacancy("e-school", bodied(dyslexia(1)), func(v *sendwatch.Vacancy) { v.Employer = "Dyslexia Action School" }),
		d.vacancy("e-school-behind", bodied(dyslexia(1)), func(v *sendwatch.Vacancy) { v.Client = "Dyslexia Action School" }),
		d.vacancy("f-location", bodied(dyslexia(9)), func(v *sendwatch.Vacancy) { v.Location = "The Dyslexia Centre" }),
		d.vacancy("g-title", titled("Dyslexia Assistant"), bodied(filler)),
		d.vacancy("h-title-newer", seen(9), titled("Assistant (dyslexia, phonics)"), bodied(dyslexia(5))),
		d.vacancy("i-none", seen(20), bodied(filler)),
		d.vacancy("j-phrase", seen(3), titled("Screening Assistant"), bodied("Dyslexia screening and groups.")),
		d.vacancy("k-phrase", bodied("A dyslexia screening.\nMore screening.\nScreening.")),
	)
	for _, test := range []struct {
		name, words string
		ranked      int
		want        []string
		depths      []int
	}{
		{"one word", "dyslexia", 1, []string{
			"h-title-newer", "g-title", "e-school", "e-school-behind", "f-location", "d-throughout",
			"j-phrase", "b-mention-newer", "c-mention-as-new", "a-mention", "k-phrase",
		}, []int{0, 0, 1, 1, 1, 2, 3, 3, 3, 3, 3}},
		{"two words", "dyslexia phonics", 2, []string{"h-title-newer", "c-mention-as-new"}, []int{0, 6}},
		{"a phrase, by its words", `"dyslexia screening"`, 2, []string{"j-phrase", "k-phrase"}, []int{3, 5}},
		{"exclusions do not rank", `dyslexia -support`, 1, []string{"g-title", "j-phrase", "k-phrase"}, []int{0, 3, 3}},
	} {
		r := search.Request{Criteria: asking(test.words), AsTyped: true}
		d.order(test.name, r, test.want...)
		for i, h := range d.ask(r).Hits {
			if want := search.Score(test.ranked, test.depths[min(i, len(test.depths)-1)]); h.Score != want {
				d.Errorf("%s: the score of %s is %v, want %v", test.name, h.ID, h.Score, want)
			}
		}
	}
}

// manyWords holds that all words filter and the first of them rank.
func manyWords(d *desk) {
	var all []string
	for i := range search.MaxRanked + 5 {
		all = append(all, fmt.Sprintf("w%02d", i))
	}
	text := strings.Join(all, " ")
	last := all[len(all)-1]
	d.put(
		d.vacancy("a", bodied(text), titled(all[0])),
		d.vacancy("b", bodied(text), titled(last)),
		d.vacancy("c", bodied(text), seen(1)),
		d.vacancy("d", bodied(strings.Join(all[:len(all)-1], " ")), titled(all[0])),
	)
	d.order("more words than rank", search.Request{Criteria: asking(text), AsTyped: true}, "a", "c", "b")
}

// phrases holds that what an engine remembers of a phrase never outlives what it
// was true of.
func phrases(d *desk) {
	with, without := bodied("Work in small groups."), bodied("Groups, however small.")
	check := func(when string, having, lacking []string) {
		d.Helper()
		for range 2 {
			d.finds(when, asking(`"small groups"`), having...)
			d.finds(when+", excluded", asking(`groups -"small groups"`), lacking...)
		}
	}
	d.put(d.vacancy("a", with), d.vacancy("b", without))
	check("at first", []string{"a"}, []string{"b"})
	d.put(d.vacancy("a", without), d.vacancy("b", with))
	check("the other way round", []string{"b"}, []string{"a"})
	d.remove("b")
	d.put(d.vacancy("c", with))
	check("another", []string{"c"}, []string{"a"})
	if err := d.index.Reset(d.Context()); err != nil {
		d.Fatalf("Reset: %v", err)
	}
	d.put(d.vacancy("a", without), d.vacancy("b", without))
	check("after a reset", nil, []string{"a", "b"})
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

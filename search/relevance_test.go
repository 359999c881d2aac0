package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
	"github.com/sendwatch/sendwatch/terms"
)

// levelOf finds a term in a text; Levels means nowhere.
func levelOf(t search.Text, term string) search.Level {
	for level, at := range t.Levels {
		if slices.Contains(at, term) {
			return search.Level(level)
		}
	}
	return search.Level(search.Levels)
}

func TestReadText(t *testing.T) {
	a := searchtest.NewKit(t).Terms
	nowhere := search.Level(search.Levels)
	var v sendwatch.Vacancy
	v.Title = "SEMH Mentor, unlisted"
	v.Employer, v.Location = "Quillfeather Trust", "Harrogate"
	v.Place = &place.Place{Name: "Knaresborough"}
	v.Body = "Pupils with autism.\nAutism again, and Harrogate.\nAutism and mentor.\nA pupil. A pupil. A pupil.\nSupport.\nSupport."
	v.Terms = a.Document(strings.TrimSuffix(v.Title, ", unlisted"), v.Employer, v.Location, v.Place.Name, v.Body)
	text := search.ReadText(a, &v)
	for _, test := range []struct {
		word string
		want search.Level
	}{
		{"mentor", search.InTitle}, // and once in the text
		{"quillfeather", search.InName},
		{"harrogate", search.InName},
		{"knaresborough", search.InName},
		{"autism", search.Throughout},
		{"pupils", search.Mentioned},  // on two lines
		{"support", search.Mentioned}, // on two lines
		{"again", search.Mentioned},
		{"unlisted", nowhere}, // no term of the vacancy
		{"zebra", nowhere},
	} {
		if got := levelOf(text, stemOf(t, a, test.word)); got != test.want {
			t.Errorf("%q stands at level %d, want %d", test.word, got, test.want)
		}
	}
	for level, at := range text.Levels {
		if !slices.IsSorted(at) {
			t.Errorf("level %d is not sorted: %q", level, at)
		}
	}
	want := []string{"a", "again", "and", "autism", "harrogate", "knaresborough", "mentor", "pupil", "pupils", "quillfeather", "semh", "support", "trust", "unlisted", "with"}
	if diff := cmp.Diff(want, text.Words); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// stemOf is the stem of a word.
func stemOf(t *testing.T, a *terms.Analyser, word string) string {
	t.Helper()
	all := a.Document(word)
	if len(all) == 0 || strings.HasPrefix(all[0], "#") && len(all) == 1 {
		t.Fatalf("%q has the terms %q", word, all)
	}
	return all[len(all)-1]
}

// TestLevelsShareTheTerms holds that every term but the bigrams stands at one level,
// and nothing else stands at any.
func TestLevelsShareTheTerms(t *testing.T) {
	k := searchtest.NewKit(t)
	g, err := searchtest.NewGenerator(k, 7, 30)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		v := g.Vacancy(fmt.Sprint(i), 60)
		text := search.ReadText(k.Terms, v)
		got := slices.Sorted(slices.Values(slices.Concat(text.Levels[:]...)))
		want := slices.DeleteFunc(slices.Clone(v.Terms), func(term string) bool { return strings.Contains(term, " ") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("terms (-want +got):\n%s", diff)
		}
	}
}

func TestRanked(t *testing.T) {
	var many []string
	for i := range search.MaxRanked + 3 {
		many = append(many, fmt.Sprintf("w%02d", i))
	}
	for _, test := range []struct {
		name      string
		all, want []string
	}{
		{"nothing", nil, nil},
		{"stems and groups", []string{"#ta", "autism"}, []string{"#ta", "autism"}},
		{"a phrase", []string{"small group"}, []string{"group", "small"}},
		{"a phrase and its word", []string{"group", "small group"}, []string{"group", "small"}},
		{"neighbouring bigrams", []string{"group work", "small group"}, []string{"group", "small", "work"}},
		{"more than rank", many, many[:search.MaxRanked]},
	} {
		got := search.Ranked(&matcher.Filter{All: test.all, None: []string{"zebra"}})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestScore holds that scores tell any two depths apart, in their order, and are
// above 0 and at most 1.
func TestScore(t *testing.T) {
	if got := search.Score(0, 0); got != 1 {
		t.Errorf("the score of what nothing ranks is %v, want 1", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		ranked := rapid.IntRange(1, search.MaxRanked).Draw(t, "ranked")
		deepest := ranked * (search.Levels - 1)
		last := 2.0
		for depth := range deepest + 1 {
			s := search.Score(ranked, depth)
			if s <= 0 || s > 1 || s >= last {
				t.Fatalf("the score of %d words %d deep is %v, after %v", ranked, depth, s, last)
			}
			last = s
		}
		if got := search.Score(ranked, 0); got != 1 {
			t.Fatalf("the score of %d words in the title is %v, want 1", ranked, got)
		}
	})
}

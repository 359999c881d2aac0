package embedded_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

func options(t testing.TB, dir string) embedded.Options {
	k := searchtest.NewKit(t)
	return embedded.Options{Dir: dir, Matcher: k.Matcher, Terms: k.Terms}
}

// open opens an index that is closed when the test ends.
func open(t testing.TB, dir string) *embedded.Index {
	t.Helper()
	x, err := embedded.Open(t.Context(), options(t, dir))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return x
}

func vacancies(t testing.TB, from, to int) []*sendwatch.Vacancy {
	t.Helper()
	g, err := searchtest.NewGenerator(searchtest.NewKit(t), uint64(from), 0)
	if err != nil {
		t.Fatal(err)
	}
	var vs []*sendwatch.Vacancy
	for i := from; i < to; i++ {
		vs = append(vs, g.Vacancy(fmt.Sprintf("v%05d", i), 20))
	}
	return vs
}

func apply(t testing.TB, x search.Index, b search.Batch) {
	t.Helper()
	if err := x.Apply(t.Context(), b); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

// holds checks how many vacancies an index has and where its cursor stands.
func holds(t testing.TB, x search.Index, count int, cursor int64) {
	t.Helper()
	n, err := x.Count(t.Context())
	if err != nil {
		t.Errorf("Count: %v", err)
	}
	at, err := x.Cursor(t.Context())
	if err != nil {
		t.Errorf("Cursor: %v", err)
	}
	if n != count || at != cursor {
		t.Errorf("%d vacancies and cursor %d, want %d and %d", n, at, count, cursor)
	}
}

func TestSuite(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return open(t, t.TempDir()) })
}

// TestAgreesWithThePlainest compares the index with an engine that looks at every
// vacancy each time.
func TestAgreesWithThePlainest(t *testing.T) {
	g, err := searchtest.NewGenerator(searchtest.NewKit(t), 11, 300)
	if err != nil {
		t.Fatal(err)
	}
	var vs []*sendwatch.Vacancy
	for i := range 700 {
		vs = append(vs, g.Vacancy(fmt.Sprintf("v%05d", i), 60))
	}
	searchtest.Agree(t, searchtest.AgreeOptions{
		A: open(t, t.TempDir()), NameA: "embedded", B: searchtest.NewEngine(searchtest.NewKit(t)), NameB: "plain",
		Vacancies: vs, Queries: 120, Seed: 1, Floor: 1,
	})
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	apply(t, x, search.Batch{Put: vacancies(t, 0, 30), Cursor: 12})
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, open(t, dir), 30, 12)
}

func TestOpenTwice(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	o := options(t, dir)
	o.Wait = 1 // a nanosecond: do not wait
	if y, err := embedded.Open(t.Context(), o); !errors.Is(err, search.ErrBusy) {
		t.Fatalf("a second Open: %v, %v, want %v", y, err, search.ErrBusy)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestClosed(t *testing.T) {
	x := open(t, t.TempDir())
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := x.Search(t.Context(), search.Query{}); err == nil {
		t.Error("a closed index searched")
	}
	if err := x.Apply(t.Context(), search.Batch{}); err == nil {
		t.Error("a closed index took a batch")
	}
	if err := x.Reset(t.Context()); err == nil {
		t.Error("a closed index was reset")
	}
	if _, err := x.Count(t.Context()); err == nil {
		t.Error("a closed index counted")
	}
	if _, err := x.Cursor(t.Context()); err == nil {
		t.Error("a closed index had a cursor")
	}
	if _, err := x.Vocabulary(t.Context()); err == nil {
		t.Error("a closed index had words")
	}
}

func TestOtherSchemaIsRemoved(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "vacancies-0123456789ab")
	if err := os.MkdirAll(filepath.Join(old, "store"), 0o700); err != nil {
		t.Fatal(err)
	}
	holds(t, open(t, dir), 0, 0)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the index of another schema is still there: %v", err)
	}
}

// TestDamaged holds that an index that cannot be read is begun anew.
func TestDamaged(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"emptied":     func([]byte) []byte { return nil },
		"cut in half": func(b []byte) []byte { return b[:len(b)/2] },
		"overwritten": func(b []byte) []byte { return []byte(strings.Repeat("damaged ", len(b)/8+1))[:len(b)] },
	} {
		for _, pattern := range []string{"index_meta.json", "store/root.bolt", "store/*.zap"} {
			t.Run(pattern+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				x := open(t, dir)
				apply(t, x, search.Batch{Put: vacancies(t, 0, 30), Cursor: 12})
				if err := x.Close(); err != nil {
					t.Fatal(err)
				}
				hit(t, filepath.Join(dir, "vacancies-*", pattern), damage)
				y := open(t, dir)
				holds(t, y, 0, 0)
				apply(t, y, search.Batch{Put: vacancies(t, 0, 5), Cursor: 3})
				holds(t, y, 5, 3)
			})
		}
	}
}

func hit(t *testing.T, pattern string, damage func([]byte) []byte) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file at %s (%v)", pattern, err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, damage(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenWhereNoDirectoryCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(t.Context(), options(t, filepath.Join(file, "index"))); err == nil {
		t.Error("an index was opened below a file")
	}
}

// TestManySmallBatches holds that an index written vacancy by vacancy, as by day,
// is whole when it is opened again.
func TestManySmallBatches(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	for i, v := range vacancies(t, 0, 120) {
		apply(t, x, search.Batch{Put: []*sendwatch.Vacancy{v}, Cursor: int64(i + 1)})
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, open(t, dir), 120, 120)
}

// TestFacetsOfEverything holds that the facets that are kept are those of the last
// batch, and nobody's to change.
func TestFacetsOfEverything(t *testing.T) {
	x := open(t, t.TempDir())
	ask := func(f matcher.Filter) map[string][]search.Facet {
		t.Helper()
		res, err := x.Search(t.Context(), search.Query{Filter: f, Facets: search.Facets()})
		if err != nil {
			t.Fatal(err)
		}
		return res.Facets
	}
	check := func(when string) {
		t.Helper()
		want := ask(matcher.Filter{None: []string{"nowhere"}}) // everything too, but counted
		for range 3 {
			got := ask(matcher.Filter{})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
			clear(got[search.FacetRole])
		}
	}
	all := vacancies(t, 0, 40)
	for i, b := range []search.Batch{
		{Put: all[:10]}, {Put: all[10:]}, {Delete: []string{all[0].ID, all[20].ID}}, {Put: all[:10]},
	} {
		b.Cursor = int64(i + 1)
		apply(t, x, b)
		check(fmt.Sprintf("after batch %d", i))
	}
	if err := x.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("after a reset")
}

// TestVocabularyOfManyChanges holds that words of vacancies that change over and
// over are in the end counted once.
func TestVocabularyOfManyChanges(t *testing.T) {
	x := open(t, t.TempDir())
	all := vacancies(t, 0, 300)
	const word = "elmbrook" // of every employer
	for i := range 5 {
		apply(t, x, search.Batch{Put: all, Cursor: int64(i + 1)})
		v, err := x.Vocabulary(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if v[word] < len(all) {
			t.Errorf("after %d batches %q stands in %d vacancies, want at least %d", i+1, word, v[word], len(all))
		}
	}
	v, err := x.Vocabulary(t.Context())
	if err != nil || v[word] > 3*len(all) {
		t.Errorf("%q stands in %d vacancies (%v), want about %d", word, v[word], err, len(all))
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	before := goleak.IgnoreCurrent()
	x, err := embedded.Open(t.Context(), options(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	apply(t, x, search.Batch{Put: vacancies(t, 0, 10), Cursor: 1})
	if _, err := x.Search(t.Context(), search.Query{Facets: search.Facets()}); err != nil {
		t.Error(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}

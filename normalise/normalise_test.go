package normalise_test

import (
	"os"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// load makes one Normaliser for all tests, from the data the program ships.
var load = sync.OnceValues(func() (*normalise.Normaliser, error) {
	fsys := os.DirFS("../configs")
	var o normalise.Options
	var err error
	if o.Pay, err = pay.Load(fsys); err != nil {
		return nil, err
	}
	if o.Taxonomy, err = taxonomy.Load(fsys); err != nil {
		return nil, err
	}
	if o.Gazetteer, err = place.Load(fsys); err != nil {
		return nil, err
	}
	if o.Terms, err = terms.Load(fsys); err != nil {
		return nil, err
	}
	return normalise.New(o), nil
})

func normaliser(t testing.TB) *normalise.Normaliser {
	t.Helper()
	n, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTitlesAreOneLineOfLetters(t *testing.T) {
	for in, want := range map[string]string{
		"  SEMH \r\n Teaching\tAssistant ":     "SEMH Teaching Assistant",
		"\u202eTNATSISSA\u202c \u2066TA\u2069": "TNATSISSA TA",
		"a\x00b \x1b[2J\u0085c":                "ab [2J c",
		"caf\xe9 Zoë 🧑\u200d🏫":                 "caf Zoë 🧑\u200d🏫",
		"\u200e \u200f":                        "",
	} {
		if got := normaliser(t).Read(&sendwatch.Posting{Title: in}).Title; got != want {
			t.Errorf("the title %q is read as %q, want %q", in, got, want)
		}
	}
}

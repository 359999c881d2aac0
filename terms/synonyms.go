package terms

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

const synonymsFile = "synonyms.yaml"

// groupMark begins the id of a synonym group among the terms.
const groupMark = "#"

// Analyser turns texts and searches into terms. It says the same for ever and is
// safe for concurrent use.
type Analyser struct {
	// forms holds every form under its first stem, longest first.
	forms map[string][]form
	// verbs holds, for the stem of a form that is also a verb, the stems after
	// which it is the verb.
	verbs map[string]map[string]bool
	// ignored are the tokens that a search drops.
	ignored map[string]bool
	// known are the words of the forms and the ignored words: never misspelt.
	known map[string]bool
	stems stemmer
	// groups are the forms as they are written.
	groups map[string][]string
}

// Groups gives the forms of every group by the group's id, as the data file
// writes them. They are shared: do not change them.
func (a *Analyser) Groups() map[string][]string { return a.groups }

// form is one way of saying a group.
type form struct {
	stems []string
	group string // with its mark
}

// synonyms is the shape of synonyms.yaml.
type synonyms struct {
	Groups  map[string][]string `yaml:"groups"`
	Verbs   map[string][]string `yaml:"verbs"`
	Ignored []string            `yaml:"ignored"`
}

// Load reads synonyms.yaml from fsys, which is rooted at configs/. A form that
// stands in two groups is an error.
func Load(fsys fs.FS) (*Analyser, error) {
	data, err := fs.ReadFile(fsys, synonymsFile)
	if err != nil {
		return nil, fmt.Errorf("load synonyms: %w", err)
	}
	var file synonyms
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("load synonyms: %s: %w", synonymsFile, err)
	}
	a, err := newAnalyser(file)
	if err != nil {
		return nil, fmt.Errorf("load synonyms: %s: %w", synonymsFile, err)
	}
	return a, nil
}

func newAnalyser(file synonyms) (*Analyser, error) {
	a := &Analyser{
		forms:   make(map[string][]form),
		verbs:   make(map[string]map[string]bool),
		ignored: make(map[string]bool),
		known:   make(map[string]bool),
		groups:  file.Groups,
	}
	owner := make(map[string]string)
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(file.Groups)) {
		for _, text := range file.Groups[id] {
			errs = append(errs, a.addForm(id, text, owner))
		}
	}
	for verb, after := range file.Verbs {
		set := make(map[string]bool, len(after))
		for _, word := range after {
			set[stem(word)] = true
		}
		a.verbs[stem(verb)] = set
	}
	for _, word := range file.Ignored {
		a.ignored[word] = true
		a.known[word] = true
	}
	for _, forms := range a.forms {
		slices.SortFunc(forms, func(x, y form) int {
			return cmp.Or(cmp.Compare(len(y.stems), len(x.stems)), slices.Compare(x.stems, y.stems))
		})
	}
	return a, errors.Join(errs...)
}

// addForm files a form, and the plural of a form of one word, which the stemmer
// does not take off acronyms ("TAs").
func (a *Analyser) addForm(id, text string, owner map[string]string) error {
	words := a.Words(text)
	if len(words) == 0 && len(a.stems.ofText(text)) == 0 {
		return fmt.Errorf("group %s: form %q has no words", id, text)
	}
	for _, w := range words {
		a.known[w] = true
	}
	variants := [][]string{a.stems.ofText(text)}
	if len(variants[0]) == 1 && isASCIILetter(text[len(text)-1]) {
		a.known[words[0]+"s"] = true
		variants = append(variants, []string{stem(words[0] + "s")})
	}
	for _, s := range variants {
		key := fmt.Sprint(s)
		if had, ok := owner[key]; ok {
			if had != id {
				return fmt.Errorf("form %q stands in both %s and %s", text, had, id)
			}
			continue
		}
		owner[key] = id
		a.forms[s[0]] = append(a.forms[s[0]], form{stems: s, group: groupMark + id})
	}
	return nil
}

// formsAt calls each with the forms that begin at stems[i], longest first, until
// it returns false.
func (a *Analyser) formsAt(stems []string, i int, each func(form) bool) {
	for _, f := range a.forms[stems[i]] {
		n := len(f.stems)
		if n > len(stems)-i || !slices.Equal(f.stems, stems[i:i+n]) {
			continue
		}
		if n == 1 && i+1 < len(stems) && a.verbs[f.stems[0]][stems[i+1]] {
			continue
		}
		if !each(f) {
			return
		}
	}
}

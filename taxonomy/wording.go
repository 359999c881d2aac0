package taxonomy

import (
	"errors"
	"fmt"
	"strings"
)

// maxWordings bounds what one pattern may expand to; more is a mistake.
const maxWordings = 5000

// expand writes a pattern of the data file out: "(build|form) trust" stands for
// "build trust" and "form trust", and an empty alternative may be left out, as
// in "(own|) car". A bracket without a choice belongs to the wording itself.
func expand(pattern string) ([]string, error) {
	out, rest, err := expandUntil(pattern, 0)
	switch {
	case err == nil && rest != "":
		err = errors.New("a bracket closes that was not opened")
	case err == nil && len(out) > maxWordings:
		err = fmt.Errorf("it stands for more than %d", maxWordings)
	}
	if err != nil {
		return nil, fmt.Errorf("the wording %q: %w", pattern, err)
	}
	return out, nil
}

// expandUntil writes out what stands before the bracket's end, with the choices
// of its level, and gives the rest.
func expandUntil(s string, depth int) (out []string, rest string, err error) {
	current := []string{""}
	for {
		at := strings.IndexAny(s, "(|)")
		if at < 0 {
			if depth > 0 {
				return nil, "", errors.New("a bracket does not close")
			}
			return append(out, appended(current, []string{s})...), "", nil
		}
		current = appended(current, []string{s[:at]})
		mark := s[at]
		s = s[at+1:]
		switch {
		case mark == '|':
			out, current = append(out, current...), []string{""}
		case mark == ')' && depth == 0:
			return nil, s, errors.New("a bracket closes that was not opened")
		case mark == ')':
			return append(out, current...), s, nil
		default:
			var inner []string
			if inner, s, err = expandUntil(s, depth+1); err != nil {
				return nil, "", err
			}
			if len(inner) == 1 {
				inner[0] = "(" + inner[0] + ")"
			}
			if len(current)*len(inner) > maxWordings {
				return nil, "", fmt.Errorf("it stands for more than %d", maxWordings)
			}
			current = appended(current, inner)
		}
	}
}

// appended joins each beginning to each ending.
func appended(beginnings, endings []string) []string {
	out := make([]string, 0, len(beginnings)*len(endings))
	for _, b := range beginnings {
		for _, e := range endings {
			out = append(out, b+e)
		}
	}
	return out
}

// expandAll writes the patterns of a list out, each wording once, with single
// spaces.
func expandAll(patterns []string) ([]string, error) {
	out := make([]string, 0, len(patterns))
	seen := make(map[string]bool, len(patterns))
	for _, p := range patterns {
		if !strings.Contains(p, "|") {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
			continue
		}
		wordings, err := expand(p)
		if err != nil {
			return nil, err
		}
		for _, w := range wordings {
			if w = strings.Join(strings.Fields(w), " "); w != "" && !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out, nil
}

// expandFile writes the patterns of every list of wordings out.
func expandFile(f *file) error {
	var lists []*[]string
	for i := range f.Needs {
		lists = append(lists, &f.Needs[i].Synonyms)
	}
	for i := range f.Settings {
		lists = append(lists, &f.Settings[i].Synonyms)
	}
	for i := range f.Phases {
		lists = append(lists, &f.Phases[i].Synonyms)
	}
	for i := range f.Roles {
		lists = append(lists, &f.Roles[i].Titles)
	}
	for i := range f.Concepts {
		lists = append(lists, &f.Concepts[i].Synonyms)
	}
	for i := range f.Topics {
		lists = append(lists, &f.Topics[i].Synonyms)
	}
	for i := range f.Fields {
		lists = append(lists, &f.Fields[i].Synonyms)
	}
	for i := range f.Degrees {
		lists = append(lists, &f.Degrees[i].Synonyms)
	}
	for i := range f.Headings {
		lists = append(lists, &f.Headings[i].Synonyms)
	}
	lists = append(lists, &f.Ignore)
	for _, list := range lists {
		wordings, err := expandAll(*list)
		if err != nil {
			return err
		}
		*list = wordings
	}
	for name := range f.Language {
		wordings, err := expandAll(f.Language[name])
		if err != nil {
			return err
		}
		f.Language[name] = wordings
	}
	return nil
}

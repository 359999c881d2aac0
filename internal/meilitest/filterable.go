package meilitest

import "strings"

// filterRule says which fields may be filtered by and how: a name, which stands
// for the fields below it too and allows everything, or patterns with features.
type filterRule struct {
	// name is empty when there are patterns.
	name     string
	patterns []string
	features abilities
}

// abilities is what a rule allows.
type abilities struct {
	facetSearch, equality, comparison bool
}

func (f abilities) filterable() bool { return f.equality || f.comparison }

// matches says whether a rule speaks of a field.
func (r *filterRule) matches(name string) bool {
	if r.patterns == nil {
		return below(name, r.name)
	}
	for _, p := range r.patterns {
		if matchPattern(p, name) {
			return true
		}
	}
	return false
}

func (r *filterRule) names() []string {
	if r.patterns == nil {
		return []string{r.name}
	}
	return r.patterns
}

// below says whether a field is another or stands under it: "a.b" under "a".
func below(name, other string) bool {
	rest, ok := strings.CutPrefix(name, other)
	return ok && (rest == "" || rest[0] == '.')
}

// matchPattern matches a name with a pattern: a star at its start, its end,
// both, or alone.
func matchPattern(pattern, name string) bool {
	head, tail := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	switch {
	case pattern == "*":
		return true
	case head && tail:
		return strings.Contains(name, pattern[1:len(pattern)-1])
	case head:
		return strings.HasSuffix(name, pattern[1:])
	case tail:
		return strings.HasPrefix(name, pattern[:len(pattern)-1])
	}
	return pattern == name
}

// filtering gives what is allowed of a field: what the first rule says that
// matches it.
func (s *settings) filtering(name string) (abilities, bool) {
	for i := range s.filterable {
		if s.filterable[i].matches(name) {
			return s.filterable[i].features, true
		}
	}
	return abilities{}, false
}

// filters says whether a field may be filtered by at all.
func (s *settings) filters(name string) bool {
	a, ok := s.filtering(name)
	return ok && a.filterable()
}

// filterablePatterns lists what may be filtered by, for messages.
func (s *settings) filterablePatterns() []string {
	var names []string
	for i := range s.filterable {
		if s.filterable[i].features.filterable() {
			names = append(names, s.filterable[i].names()...)
		}
	}
	return sortedSet(names)
}

func setFilterable(s *settings, v any) error {
	array, ok := v.([]any)
	if !ok {
		return errKind
	}
	rules := make([]filterRule, 0, len(array))
	for _, e := range array {
		if name, ok := e.(string); ok {
			rules = append(rules, filterRule{name: name, features: abilities{true, true, true}})
			continue
		}
		rule := filterRule{features: abilities{equality: true}}
		if err := readFilterRule(e, &rule); err != nil {
			return err
		}
		rules = append(rules, rule)
	}
	s.filterable = rules
	return nil
}

// readFilterRule reads attributePatterns and features. Equality is allowed
// unless it is said not to be; the rest is not.
func readFilterRule(v any, rule *filterRule) error {
	const code = "invalid_settings_filterable_attributes"
	flag := func(to *bool, fallback bool) func(any) bool {
		return func(v any) bool {
			on, ok := v.(bool)
			*to = on
			if v == nil {
				*to = fallback
			}
			return ok
		}
	}
	err := part(v, code, map[string]func(any) bool{
		"attributePatterns": func(v any) bool {
			list, ok := stringList(v)
			rule.patterns = list
			return ok
		},
		"features": func(v any) bool {
			return part(v, code, map[string]func(any) bool{
				"facetSearch": flag(&rule.features.facetSearch, false),
				"filter": func(v any) bool {
					return part(v, code, map[string]func(any) bool{
						"equality": flag(&rule.features.equality, true), "comparison": flag(&rule.features.comparison, false),
					}) == nil
				},
			}) == nil
		},
	})
	if err == nil && rule.patterns == nil {
		return fail(code, "Missing field `attributePatterns`.")
	}
	return err
}

func filterRuleViews(rules []filterRule) []any {
	views := []any{}
	for _, r := range rules {
		if r.patterns == nil {
			views = append(views, r.name)
			continue
		}
		views = append(views, map[string]any{
			"attributePatterns": r.patterns,
			"features": map[string]any{
				"facetSearch": r.features.facetSearch,
				"filter":      map[string]bool{"equality": r.features.equality, "comparison": r.features.comparison},
			},
		})
	}
	return views
}

// usesGeo says whether documents are found or sorted by where they are.
func (s *settings) usesGeo() bool { return s.filtersGeo() || s.sortsGeo() }

func (s *settings) filtersGeo() bool {
	for i := range s.filterable {
		if s.filterable[i].name == geoField {
			return true
		}
	}
	return false
}

func (s *settings) sortsGeo() bool {
	for _, name := range s.sortable {
		if name == geoField {
			return true
		}
	}
	return false
}

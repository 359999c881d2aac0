package web

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// vocabulary lists every value that criteria can ask for, by dimension.
func (s *Site) vocabulary() map[string][]string {
	t := s.o.Taxonomy
	var roles []string
	for _, r := range t.Roles() {
		if r.Scope == "in" || r.Scope == "conditional" {
			roles = append(roles, r.ID)
		}
	}
	return map[string][]string{
		search.FacetRole:     roles,
		search.FacetNeed:     labelIDs(t.Needs()),
		search.FacetSetting:  labelIDs(t.Settings()),
		search.FacetPhase:    labelIDs(t.Phases()),
		search.FacetContract: {"permanent", "fixed-term", "temporary", "casual", "temp-to-perm", "maternity-cover", "apprenticeship"},
		search.FacetPattern:  {"full-time", "part-time"},
		search.FacetSupport:  spelt(sendwatch.Supports()),
		search.FacetEntry:    spelt(sendwatch.Entries()),
		search.FacetDriver:   spelt(sendwatch.Drivers()),
		search.FacetPaidBy:   spelt(sendwatch.Payers()),
		search.FacetKind:     spelt(sendwatch.Kinds()),
	}
}

func labelIDs(labels []taxonomy.Label) []string {
	out := make([]string, len(labels))
	for i := range labels {
		out[i] = labels[i].ID
	}
	return out
}

func spelt[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

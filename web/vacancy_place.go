package web

import (
	"net/url"

	"github.com/sendwatch/sendwatch/place"
)

// cameFrom sets what a vacancy's page says to those who came from a search: how far
// away it is, and the way back. A search that cannot be read is left unsaid.
func (s *Site) cameFrom(page *vacancyView, q url.Values) {
	req, err := ParseRequest(q)
	if err != nil {
		return
	}
	if asked := Values(req.Criteria, req.Sort); len(asked) > 0 {
		page.Back = address(asked)
	}
	if req.Criteria.Near == "" || !page.V.Place.Located() {
		return
	}
	if home, err := s.o.Matcher.Gazetteer.Find(req.Criteria.Near); err == nil {
		miles := place.Miles(home, page.V.Place)
		page.Miles, page.From = &miles, req.Criteria.Near
	}
}

package web

import (
	"net/http"

	"github.com/sendwatch/sendwatch/store"
)

// publicSource is how a source does, for everybody to see.
type publicSource struct {
	store.SourceHealth
	Alarms []store.Alarm
}

// faultWords say what was wrong with a crawl. Its note says more, and is the
// operator's: it may name an address that holds a feed's key.
var faultWords = map[string]string{
	"failed":     "the last reading could not be done",
	"incomplete": "the last reading did not reach the end",
	"unreadable": "most of its adverts could not be read",
	"shrunk":     "its list is much shorter than usual",
}

func (s *Site) sourcesPage(w http.ResponseWriter, r *http.Request) error {
	health, err := s.o.Store.SourceHealth(r.Context())
	if err != nil {
		return err
	}
	alarms, err := s.o.Store.Alarms(r.Context(), "")
	if err != nil {
		return err
	}
	of := map[string][]store.Alarm{}
	for _, a := range alarms {
		of[a.Source] = append(of[a.Source], a)
	}
	var sources []publicSource
	for _, h := range health {
		if !h.Healthy {
			h.Note = faultWords[h.Fault]
		}
		sources = append(sources, publicSource{h, of[h.Source]})
	}
	return s.render(w, http.StatusOK, "sources", view{Title: "Where the posts come from", Data: sources})
}

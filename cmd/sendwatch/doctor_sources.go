package main

import (
	"context"
	"errors"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

// missedBeats is how many crawls in a row a source may miss before it counts as
// silent.
const missedBeats = 3

func (d *doctor) checkSources(ctx context.Context) []finding {
	var enabled []configs.Source
	for _, s := range d.cfg.Sources {
		if !s.Disabled {
			enabled = append(enabled, s)
		}
	}
	if len(enabled) == 0 {
		return nil // which the configuration's check says
	}
	s, err := d.opened(ctx)
	if errors.Is(err, errNoStore) {
		return []finding{fine("%s enabled, none was crawled yet", plural(len(enabled), "source is", "sources are"))}
	}
	if err != nil {
		return []finding{warn("", "how the sources are is not known: the database does not say")}
	}
	health, err := s.SourceHealth(ctx)
	if err != nil {
		return []finding{fail("look at the database", "%v", err)}
	}
	alarms, err := s.Alarms(ctx, "")
	if err != nil {
		return []finding{fail("look at the database", "%v", err)}
	}
	known := map[string]store.SourceHealth{}
	for _, h := range health {
		known[h.Source] = h
	}
	well, found := 0, []finding(nil)
	for _, s := range enabled {
		wrong := []finding{judgeSource(s, known[s.ID], d.now())}
		if wrong[0].Verdict == verdictOK {
			wrong = nil
		}
		for _, a := range alarms {
			if a.Source == s.ID {
				wrong = append(wrong, warn(ingest.Advice(a.Kind), "%s, since %s", a.Says, clock(a.Since)))
			}
		}
		if len(wrong) == 0 {
			well++
		}
		for i := range wrong {
			wrong[i].Check = "source " + s.ID
		}
		found = append(found, wrong...)
	}
	if d.cfg.OperatorEmail() == "" && !placeholder(d.cfg, "crawl.contact") {
		found = append(found, warn("set operator.email", "alarms are told to nobody by email"))
	}
	if well > 0 {
		found = append([]finding{fine("%s well", plural(well, "source is", "sources are"))}, found...)
	}
	return found
}

// judgeSource says how a source is.
func judgeSource(s configs.Source, h store.SourceHealth, now time.Time) finding {
	const look = "sendwatch sources list says more; sendwatch sources try URL shows what is read"
	switch {
	case h.LastCrawl.IsZero():
		return warn("start serve, or crawl it once: sendwatch crawl "+s.ID, "it was never crawled")
	case !h.Healthy && h.LastHealthy.IsZero():
		return warn(look, "it was never crawled in health: %s", h.Note)
	case !h.Healthy:
		return warn(look, "its last crawl was not healthy (%s); the last that was ended %s", h.Note, clock(h.LastHealthy))
	case silent(s, h.LastHealthy, now):
		return warn("is a serve with the role crawl running? "+look, "nothing was read from it since %s", clock(h.LastHealthy))
	}
	return fine("")
}

// silent reports whether a source has missed too many of its crawls.
func silent(s configs.Source, last, now time.Time) bool {
	every, err := configs.ParseEvery(s.Every)
	if err != nil { // cannot be: the configuration is sound
		return false
	}
	for range missedBeats {
		last = every.Next(last)
	}
	return now.After(last.Add(time.Hour))
}

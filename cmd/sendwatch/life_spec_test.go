package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/notifier/email"
)

// This is the life of a listing, as one would tell it on paper. It shares nothing
// with what it is compared with: it knows what the sites publish, and of a crawl when
// it was and whether it came to its end.

// publication is an advert as its site publishes it.
type publication struct {
	ref string
	// text stands for everything the advert says but its closing date.
	text   string
	closes time.Time // zero when it names no date
}

// span is from when to when something was: a crawl, or a moment within it.
type span struct{ from, to time.Time }

func (s span) holds(t time.Time) bool {
	const slack = 2 * time.Millisecond // times are kept as milliseconds
	return !t.Before(s.from.Add(-slack)) && !t.After(s.to.Add(slack))
}

// life is an advert's as far as a crawler can know it. What no one can see from
// outside (how often it was missed) belongs to it.
type life struct {
	known, open bool
	// missed counts the complete and healthy crawls in a row without it; doomed says
	// why it is to be closed by the end of the next crawl that does not see it.
	missed              int
	doomed              string
	first, last, closed span
	text                string
	closes              time.Time
	turns               string // "changed, closed missing, reopened"
	// told says that who asks for everything has heard of it, and owed the new closing
	// dates that they are owed since.
	told bool
	owed string
}

func (l life) turn(what string) life {
	l.turns = strings.TrimPrefix(l.turns+", "+what, ", ")
	return l
}

func (l life) close(why string, at span) life {
	l.open, l.closed, l.missed, l.doomed = false, at, 0, ""
	return l.turn("closed " + why)
}

// over says whether a closing date has passed in a crawl: certainly, or perhaps.
func over(closes time.Time, at span) (surely, perhaps bool) {
	if closes.IsZero() {
		return false, false
	}
	return !closes.After(at.from), !closes.After(at.to)
}

// visit is one crawl of one site.
type visit struct {
	at span
	// listed are the adverts that the lists name. Whether the crawl is complete and
	// healthy is for the specification to say; broken says that the site did not
	// answer as it should.
	listed []publication
	broken bool
	// cut says that the crawl was killed: any part of it may have happened.
	cut bool
	// dated says that the lists tell when an advert changed, and err: a change may go
	// unseen for some days.
	dated bool
	// ownWord says that an advert which is past its date speaks for itself (its page is
	// read); else a list carries it whole.
	ownWord bool
}

// source is what the specification knows of one site: of each advert the lives that it
// may have had. There is more than one only when a crawl was killed, or a page may or
// may not have been asked for.
type source struct {
	lives map[string][]life
	// usual is what the last healthy crawl listed; shrunk are the lengths and times of
	// the suspiciously short ones since.
	usual  int
	shrunk []shrunkList
}

type shrunkList struct {
	listed int
	at     time.Time
}

func newSource() *source { return &source{lives: map[string][]life{}} }

// healthy says whether a complete crawl that listed so many is to be believed: not
// when the list fell to seven tenths or less (half, below twenty adverts), until it
// has stayed the same for three crawls and a day.
func (s *source) healthy(listed int, at span) bool {
	short := s.usual > 0 && listed == 0
	if s.usual >= 20 {
		short = 10*listed <= 7*s.usual
	} else if s.usual >= 4 {
		short = 2*listed <= s.usual
	}
	if !short {
		s.usual, s.shrunk = listed, nil
		return true
	}
	if n := len(s.shrunk); n > 0 && s.shrunk[n-1].listed != listed {
		s.shrunk = nil
	}
	s.shrunk = append(s.shrunk, shrunkList{listed, at.to})
	if len(s.shrunk) >= 3 && at.to.Sub(s.shrunk[0].at) >= 24*time.Hour {
		s.usual, s.shrunk = listed, nil
		return true
	}
	return false
}

// crawl takes every life through a crawl and returns whether it was healthy. Judged
// says whether the verdict on it was kept, which that on a killed one may not be.
func (s *source) crawl(v visit, judged bool) (healthy bool) {
	if !v.broken {
		after := &source{usual: s.usual, shrunk: slices.Clone(s.shrunk)}
		healthy = after.healthy(len(v.listed), v.at)
		if judged {
			s.usual, s.shrunk = after.usual, after.shrunk
		}
	}
	for _, p := range v.listed {
		if s.lives[p.ref] == nil {
			s.lives[p.ref] = []life{{}}
		}
	}
	for ref, before := range s.lives {
		var after []life
		i := slices.IndexFunc(v.listed, func(p publication) bool { return p.ref == ref })
		for _, l := range before {
			if v.cut {
				after = append(after, l) // it may not have come so far
			}
			seen := []life{l}
			if i >= 0 && !v.broken {
				seen = l.seen(v.listed[i], v)
			}
			for _, l := range seen {
				if v.cut {
					after = append(after, l)
				}
				if healthy {
					after = append(after, l.judged(i >= 0, v)...)
				} else {
					after = append(after, l.doom(v))
				}
			}
		}
		for i := range after {
			after[i].told = after[i].told || after[i].open
		}
		s.lives[ref] = distinct(after)
	}
	return healthy
}

// seen is what becomes of an advert that a crawl meets.
func (l life) seen(p publication, v visit) (out []life) {
	surely, perhaps := over(p.closes, v.at)
	if perhaps {
		out = append(out, l.seenOver(p, v)...)
	}
	if v.dated && l.known && l.changed(p) {
		out = append(out, l.seen(publication{p.ref, l.text, l.closes}, v)...)
	}
	if surely {
		return out
	}
	return append(out, l.seenLive(p, v))
}

func (l life) changed(p publication) bool { return l.text != p.text || !l.closes.Equal(p.closes) }

func (l life) seenLive(p publication, v visit) life {
	if l.told && !p.closes.IsZero() && !l.closes.Equal(p.closes) {
		l.owed = strings.TrimPrefix(l.owed+", closes:"+p.closes.In(email.London()).Format(time.DateOnly), ", ")
	}
	switch {
	case !l.known:
		l = life{known: true, open: true, first: v.at}
	case !l.open:
		l.open, l.closed = true, span{}
		l = l.turn("reopened")
	case l.changed(p):
		l = l.turn("changed")
	}
	l.text, l.closes, l.last, l.missed, l.doomed = p.text, p.closes, v.at, 0, ""
	return l
}

// seenOver is what becomes of one whose closing date has passed. Its page says that
// it is closed, which is no sighting; but nobody may have asked it, since its list
// says that it has not changed.
func (l life) seenOver(p publication, v visit) []life {
	met := l
	met.last, met.missed, met.doomed = v.at, 0, ""
	switch {
	case !l.known && v.ownWord:
		return []life{l} // it is nobody's business any more
	case !l.known:
		met = life{known: true, first: v.at, last: v.at, text: p.text, closes: p.closes}
		return []life{met.close("expired", v.at)}
	case !v.ownWord && l.changed(p):
		met.text, met.closes = p.text, p.closes
		return []life{met.turn("changed")}
	case !v.ownWord:
		return []life{met}
	}
	return []life{met, l}
}

// judged is what the end of a complete and healthy crawl makes of a life.
func (l life) judged(listed bool, v visit) []life {
	if !l.open {
		return []life{l}
	}
	surely, perhaps := over(l.closes, v.at)
	var out []life
	if perhaps {
		out = append(out, l.close("expired", v.at))
		if v.ownWord {
			out = append(out, l.close("gone", v.at))
		}
	}
	if surely {
		if v.cut { // marked, and not closed yet
			doomed := l
			doomed.doomed = "expired"
			out = append(out, doomed)
			if doomed.doomed = "gone"; v.ownWord {
				out = append(out, doomed)
			}
		}
		return out
	}
	if listed {
		return append(out, l.doom(v))
	}
	if l.doomed != "" {
		return append(out, l.doom(v))
	}
	if l.missed++; l.missed < 2 {
		return append(out, l)
	}
	out = append(out, l.close("missing", v.at))
	if v.cut {
		l.doomed = "missing"
		out = append(out, l)
	}
	return out
}

// doom closes what an earlier crawl, which was killed then, had found to be over.
func (l life) doom(v visit) life {
	if l.open && l.doomed != "" {
		return l.close(l.doomed, v.at)
	}
	return l
}

func distinct(lives []life) (out []life) {
	for _, l := range lives {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// listingRow is a posting as the store keeps it.
type listingRow struct {
	open                bool
	first, last, closed time.Time
	turns               string
}

// mismatch says what is wrong with a row for this life; empty when nothing is. A nil
// row is a posting that there is not.
func (l life) mismatch(r *listingRow) string {
	switch {
	case r == nil && l.known:
		return "it is not kept"
	case r == nil:
		return ""
	case !l.known:
		return "it is kept, and was never seen"
	case r.open != l.open:
		return fmt.Sprintf("open is %v, want %v", r.open, l.open)
	case !l.first.holds(r.first):
		return fmt.Sprintf("first seen %v, want within %v", r.first, l.first)
	case !l.last.holds(r.last):
		return fmt.Sprintf("last seen %v, want within %v", r.last, l.last)
	case !l.open && !l.closed.holds(r.closed):
		return fmt.Sprintf("closed %v, want within %v", r.closed, l.closed)
	case r.turns != l.turns:
		return fmt.Sprintf("its history is %q, want %q", r.turns, l.turns)
	}
	return ""
}

// observe keeps the lives that a site's rows allow, and says which rows none allows.
func (s *source) observe(rows map[string]*listingRow) (wrong []string) {
	for ref, r := range rows {
		if s.lives[ref] == nil {
			wrong = append(wrong, fmt.Sprintf("%s is kept (%+v) and was never published", ref, *r))
		}
	}
	for ref, lives := range s.lives {
		var left []life
		var why []string
		for _, l := range lives {
			if m := l.mismatch(rows[ref]); m == "" {
				left = append(left, l)
			} else {
				why = append(why, fmt.Sprintf("%s (it closes %v, history %q, missed %d)", m, l.closes, l.turns, l.missed))
			}
		}
		if len(left) == 0 {
			wrong = append(wrong, fmt.Sprintf("%s: %s", ref, strings.Join(why, "; or else ")))
			left = lives
		}
		s.lives[ref] = left
	}
	slices.Sort(wrong)
	return wrong
}

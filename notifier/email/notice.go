package email

import (
	"errors"
	"time"
)

// Notice is what tells the operator of alarms.
type Notice struct {
	// MessageID is the frozen Message-ID, with or without angle brackets.
	MessageID string
	// To is the operator's address.
	To string
	// New are the alarms that were not told before, Still those that are still on,
	// Over those that were told and have ended.
	New, Still, Over []NoticeLine
}

// NoticeLine is one alarm.
type NoticeLine struct {
	// Source is the operator's name for it. Says is what is wrong, Do what to do.
	Source, Says, Do string
	Since            time.Time
}

type noticeView struct {
	envelopeView
	Preheader, Sources string
	Groups             []noticeGroup
}

type noticeGroup struct {
	Title string
	Lines []noticeLineView
}

type noticeLineView struct{ Source, Says, Since, Do string }

// Notice renders n. It returns ErrEmpty when there is nothing in it.
func (r *Renderer) Notice(n Notice) (*Message, error) {
	view := noticeView{envelopeView: r.envelope(noticeSubject(n)), Sources: webAddress(r.o.Site + "/sources")}
	for _, g := range []struct {
		title string
		lines []NoticeLine
		over  bool
	}{{"Wants a look", n.New, false}, {"Still on", n.Still, false}, {"Over", n.Over, true}} {
		if len(g.lines) == 0 {
			continue
		}
		group := noticeGroup{Title: g.title}
		for _, l := range g.lines {
			group.Lines = append(group.Lines, viewNotice(l, g.over))
		}
		view.Groups = append(view.Groups, group)
	}
	if len(view.Groups) == 0 {
		return nil, ErrEmpty
	}
	first := view.Groups[0].Lines[0]
	view.Preheader = line(first.Source+": "+first.Says, 200)
	htmlPart, err := r.htmlPart("notice.html", view)
	if err != nil {
		return nil, err
	}
	textPart, err := r.textPart("notice.txt", view)
	if err != nil {
		return nil, err
	}
	if len(n.To) == 0 {
		return nil, errors.New("email: a notice needs an operator's address")
	}
	return r.build(parts{id: n.MessageID, to: n.To, subject: view.Subject, text: textPart, html: htmlPart})
}

// noticeSubject counts sources, since one may have several alarms.
func noticeSubject(n Notice) string {
	sources := map[string]bool{}
	for _, l := range n.New {
		sources[l.Source] = true
	}
	for _, l := range n.Still {
		sources[l.Source] = true
	}
	if len(sources) > 0 {
		return count(len(sources), "source wants a look", "sources want a look")
	}
	for _, l := range n.Over {
		sources[l.Source] = true
	}
	return count(len(sources), "source is well again", "sources are well again")
}

func viewNotice(l NoticeLine, over bool) noticeLineView {
	v := noticeLineView{Source: line(l.Source, 80), Says: line(l.Says, 400), Since: "Since " + l.Since.UTC().Format("2 January, 15:04 UTC") + "."}
	if over {
		v.Since = "It began on " + l.Since.UTC().Format("2 January") + " and has ended."
		return v
	}
	v.Do = line(l.Do, 400)
	return v
}

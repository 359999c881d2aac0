package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// diagnosis is what the doctor says in the end.
type diagnosis struct {
	OK     bool      `json:"ok"`
	Checks []finding `json:"checks"`
}

func diagnose(found []finding) diagnosis {
	d := diagnosis{OK: true, Checks: found}
	for i := range found {
		found[i].Says, found[i].Do = legible(found[i].Says), legible(found[i].Do)
		d.OK = d.OK && found[i].Verdict != verdictFail
	}
	return d
}

// legible puts a text on one line of bounded length: some of it was said by servers.
func legible(s string) string {
	const longest = 600
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return s
}

func (d diagnosis) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(d)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	last := ""
	for _, f := range d.Checks {
		said := string(f.Verdict)
		if f.Verdict == verdictFail {
			said = "FAIL"
		}
		check, time := f.Check, took(f.Seconds)
		if check == last {
			check, time = "", ""
		}
		last = f.Check
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", said, check, time, f.Says)
		if f.Do != "" {
			fmt.Fprintf(t, "\t\t\t→ %s\n", f.Do)
		}
	}
	return t.Flush()
}

// took writes how long a check took, as people read it.
func took(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

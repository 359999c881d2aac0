package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// runNormalise runs `sendwatch normalise KIND` on standard input and returns its lines.
func runNormalise(t *testing.T, kind, in string) (lines []string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), []string{"normalise", kind},
		streams{in: strings.NewReader(in), out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now})
	for line := range strings.Lines(out.String()) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	return lines, code
}

// TestIDsComeBack checks that an id leaves as it came, whatever it is, and also when
// its line cannot be read.
func TestIDsComeBack(t *testing.T) {
	tests := []struct{ line, id, says string }{
		{`{"id":"a"}`, `"a"`, ""},
		{`{"id":7}`, `7`, ""},
		{`{"id":12345678901234567890}`, `12345678901234567890`, ""},
		{`{"id":null}`, `null`, ""},
		{`{}`, `null`, ""},
		{`{"id":"<é>\u0000"}`, `"<é>\u0000"`, ""},
		{"{\"id\":\"caf\xe9\"}", `"caf�"`, ""},
		{`{"id":"b","title":1,"pay_text":1,"text":1}`, `"b"`, "a number stands where a string belongs"},
		{`{"pay_text":"x","id":"c","text":`, `"c"`, "not JSON"},
		{`{"id":"d"`, `"d"`, "not JSON"},
		{`{"id":"d"} {"id":"e"}`, `"d"`, "not JSON"},
		{`[{"id":"f"}]`, `null`, "an array stands where an object belongs"},
		{`"g"`, `null`, "a string stands where an object belongs"},
		{`nonsense`, `null`, "not JSON"},
		{"\x00\x01\xff", `null`, "not JSON"},
	}
	var in strings.Builder
	in.WriteString("\uFEFF") // as some editors begin a file
	for _, tt := range tests {
		in.WriteString(tt.line + "\r\n\n") // and end its lines; blank ones are no lines
	}
	for _, kind := range []string{"pay", "requirements", "vacancy"} {
		t.Run(kind, func(t *testing.T) {
			lines, code := runNormalise(t, kind, in.String())
			if code != exitFailed || len(lines) != len(tests) {
				t.Fatalf("exit %d and %d lines, want 1 and %d", code, len(lines), len(tests))
			}
			for i, tt := range tests {
				if !strings.HasPrefix(lines[i], `{"id":`+tt.id+`,`) {
					t.Errorf("%s gives %.60s, want the id %s", tt.line, lines[i], tt.id)
				}
				var out struct {
					Error string `json:"error"`
				}
				if err := json.Unmarshal([]byte(lines[i]), &out); err != nil {
					t.Errorf("%s gives what is not JSON: %v", tt.line, err)
				}
				if (out.Error == "") != (tt.says == "") || !strings.Contains(out.Error, tt.says) {
					t.Errorf("%s gives the error %q, want %q", tt.line, out.Error, tt.says)
				}
			}
		})
	}
}

// TestNullIsAbsent checks that a key with null is as no key.
func TestNullIsAbsent(t *testing.T) {
	for kind, keys := range map[string][]string{
		"pay":          {"pay_text", "hours_text", "contract_text", "dates_text", "published", "nation", "london", "employer", "employer_kind"},
		"requirements": {"section", "text"},
		"vacancy": {"title", "employer", "employer_kind", "location", "postcode", "postcode_area", "pay_text", "hours_text", "contract_text",
			"dates_text", "published", "url", "body_html", "body_markdown", "body_text"},
	} {
		nulls := `{"id":"1"`
		for _, k := range keys {
			nulls += `,"` + k + `":null`
		}
		lines, code := runNormalise(t, kind, nulls+"}\n"+`{"id":"1","something_else":{"deep":[1,2]}}`+"\n")
		if code != exitFine || len(lines) != 2 || lines[0] != lines[1] {
			t.Errorf("%s: exit %d, null and absent give\n%s", kind, code, strings.Join(lines, "\n"))
		}
	}
}

// TestDamagedText checks that text of any length and any damage gives an answer
// within reason.
func TestDamagedText(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"broken characters": "£2\xff5,000 \xc3\x28 a y\xe2\x82ear",
		"lone surrogate":    `\ud800 £25,000 a year`,
		"control":           `\u0000\u0007£25,000\u202e a year`,
		"long word":         strings.Repeat("x", 1<<19),
		"long list":         strings.Repeat("Essential: GCSE maths, £12.21 an hour; ", 5_000),
		"digits":            strings.Repeat("9", 1<<18),
		"brackets":          strings.Repeat("(", 1<<18),
		"tags":              strings.Repeat("<div><p>", 1<<16),
		"cp1252 as utf-8":   "Â£25,000 â€“ Â£26,000 a year",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			for kind, keys := range map[string][]string{"pay": {"pay_text", "hours_text"}, "requirements": {"text"}, "vacancy": {"title", "pay_text", "body_html"}} {
				line := `{"id":"1"`
				for _, k := range keys {
					line += `,"` + k + `":"` + text + `"`
				}
				started := time.Now()
				lines, code := runNormalise(t, kind, line+"}\n"+`{"id":"2"}`+"\n")
				if code != exitFine || len(lines) != 2 || !strings.HasPrefix(lines[0], `{"id":"1",`) || !json.Valid([]byte(lines[0])) {
					t.Errorf("%s: exit %d, %d lines", kind, code, len(lines))
				}
				if took := time.Since(started); took > 30*time.Second {
					t.Errorf("%s took %s", kind, took.Round(time.Second))
				}
			}
		})
	}
}

// TestALineTooLong checks that what is too long to be read is refused, and what
// follows is read.
func TestALineTooLong(t *testing.T) {
	lines, code := runNormalise(t, "requirements", `{"id":"1","text":"`+strings.Repeat("x", maxLine)+`"}`+"\n"+`{"id":"2"}`+"\n")
	if code != exitFailed || len(lines) != 2 || !strings.Contains(lines[0], "longer than") || !strings.HasPrefix(lines[1], `{"id":"2",`) {
		t.Errorf("exit %d, %.200q", code, lines)
	}
}

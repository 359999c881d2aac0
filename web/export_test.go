package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// table reads an export as a spreadsheet does: by its headings.
func (a answer) table() []map[string]string {
	a.t.Helper()
	body, marked := strings.CutPrefix(a.Body.String(), byteOrderMark)
	if !marked || a.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		a.t.Errorf("no UTF-8 to Excel: %q as %s", a.Body.String()[:3], a.Header().Get("Content-Type"))
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		a.t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		out = append(out, cells)
	}
	return out
}

type jsonExported struct {
	exported
	Vacancies []Hit `json:"vacancies"`
}

func TestExportCSV(t *testing.T) {
	b := newBench(t)
	postings := adverts()
	postings[0].Notice = "Contains public sector information."
	b.advertise(postings)
	a := b.get(pathCSV + "?near=RG41&within=30&sort=distance").is(http.StatusOK)
	if got := a.Header().Get("Content-Disposition"); got != `attachment; filename="sendwatch-2026-11-20.csv"` {
		t.Errorf("the file is %s", got)
	}
	rows := a.table()
	if len(rows) != 3 || rows[0]["id"] != "v1" || rows[1]["id"] != "v3" || rows[2]["id"] != "v4" {
		t.Fatalf("the rows are %v", rows)
	}
	want := map[string]string{
		"title": larch, "employer": "Larch Bank School", "kind of employer": "school", "who pays": "school",
		"where": "Wokingham, RG41 2AB", "postcode": "RG41 2AB", "what it pays": "£18,450 a year, actually paid (as stated)",
		"paid a year, from (£)": "18450", "paid a year, to (£)": "18450", "paid a year: how it is known": "stated",
		"hours a week": "32.5", "weeks a year": "39", "contract": "Permanent", "working pattern": "Full time",
		"pupils' needs": "Social, emotional and mental health", "desirable": "De-escalation",
		"closes": "2026-12-04 23:59", "published": "2026-11-18", "first seen here": "2026-11-20",
		"page here": site + "/vacancies/v1", "adverts": "https://jobs.larchbank.example/posts/1?from=board", "read at": "board",
		"terms of the source": "Contains public sector information.",
	}
	got := map[string]string{}
	for name := range want {
		got[name] = rows[0][name]
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if essential := rows[0]["essential"]; !strings.Contains(essential, " or ") || !strings.Contains(essential, "2 years") {
		t.Errorf("essential is %q", essential)
	}
	if rows[1]["paid an hour, from (£)"] != "13.05" || rows[1]["term time only"] != "yes" || rows[2]["what it pays"] == "" || rows[2]["paid a year, to (£)"] != "" {
		t.Errorf("the pay of others is %v and %v", rows[1], rows[2])
	}
	if !strings.Contains(a.Body.String(), "\r\n") {
		t.Error("lines do not end as RFC 4180 has them")
	}
	b.get(pathCSV + "?near=Nowherton").is(http.StatusBadRequest).says("Unknown place")
	if rows := b.get(pathCSV + "?q=nothing+like+it").is(http.StatusOK).table(); len(rows) != 0 {
		t.Errorf("nothing has %d rows", len(rows))
	}
}

// TestExportJSON: a record of the export is the record of the API.
func TestExportJSON(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	const search = "?q=teching&near=RG41&within=5"
	var whole jsonExported
	decode(t, b.get(pathJSON+search).is(http.StatusOK), "application/json", &whole)
	var page Answer
	decode(t, b.get(pathAPI+search+"&sort=newest").is(http.StatusOK), "application/json", &page)
	if whole.Total != 1 || whole.Given != 1 || whole.Note != "" || whole.Search != site+"/?near=RG41&q=teaching&within=5" || !whole.MadeAt.Equal(b.now) {
		t.Errorf("the export tells %+v of itself", whole.exported)
	}
	if d := cmp.Diff(page.Hits, whole.Vacancies, cmpopts.IgnoreUnexported(Hit{})); d != "" {
		t.Errorf("-page +export\n%s", d)
	}
}

// TestExportsCapped: an export that is not all says so, in its name and in it.
func TestExportsCapped(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	b.more = 20_000
	const note = "These are the first 4 of 20004 posts."
	a := b.get(pathCSV).is(http.StatusOK)
	rows := a.table()
	if last := rows[len(rows)-1]; len(rows) != 5 || last["id"] != "" || !strings.HasPrefix(last["title"], note) {
		t.Errorf("the last row is %v", rows[len(rows)-1])
	}
	if got := a.Header().Get("Content-Disposition"); !strings.Contains(got, "-first-4-of-20004.csv") {
		t.Errorf("the file is %s", got)
	}
	var whole jsonExported
	decode(t, b.get(pathJSON).is(http.StatusOK), "application/json", &whole)
	if whole.Total != 20_004 || whole.Given != 4 || !strings.HasPrefix(whole.Note, note) {
		t.Errorf("the export tells %+v of itself", whole.exported)
	}
}

// TestExportFindsWhatSearchFinds: for any search, the export, the pages of the API
// and the specification of the filter agree on what is found, as they do for
// searches known to find something.
func TestExportFindsWhatSearchFinds(t *testing.T) {
	b := newBench(t)
	var many []sendwatch.Posting
	for i := range 60 {
		p := adverts()[i%5]
		p.Reference = fmt.Sprint(i)
		p.Title = []string{"", "SEMH ", "Autism "}[i%3] + p.Title
		p.PayText = []string{p.PayText, "", "£12.90 an hour"}[i/5%3]
		many = append(many, p)
	}
	b.advertise(many)
	var all []*sendwatch.Vacancy
	for i := range many {
		v, err := b.store.Vacancy(t.Context(), fmt.Sprintf("v%d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	agree := func(t rapid.TB, c sendwatch.Criteria, sort search.Sort) (found int) {
		if c.Near == "" && sort == search.SortDistance {
			sort = search.SortPay
		}
		f, err := b.matcher.Compile(c)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{}
		for _, v := range all {
			if at := b.matcher.Attributes(v); f.Accepts(&at) {
				want = append(want, v.ID)
			}
		}
		slices.Sort(want)
		q := Values(c, sort)
		q.Set("as_typed", "1")
		get := func(path string) []byte {
			w := httptest.NewRecorder()
			b.site.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, under("", path, q), http.NoBody))
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", under("", path, q), w.Code, w.Body)
			}
			return w.Body.Bytes()
		}
		var whole jsonExported
		if err := json.Unmarshal(get(pathJSON), &whole); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(get(pathCSV), []byte(byteOrderMark)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		q.Set("per_page", "100")
		var page Answer
		if err := json.Unmarshal(get(pathAPI), &page); err != nil {
			t.Fatal(err)
		}
		table, paged := []string{}, ids(page.Hits)
		for _, row := range rows[1:] {
			table = append(table, row[0])
		}
		if exported := ids(whole.Vacancies); sort != "" && sort != search.SortRelevance && !slices.Equal(exported, paged) || !slices.Equal(exported, table) {
			t.Fatalf("by %s: exported %v\ntable %v\npage  %v", sort, exported, table, paged)
		}
		slices.Sort(table)
		slices.Sort(paged)
		if !slices.Equal(table, want) || !slices.Equal(paged, want) {
			t.Fatalf("accepted %v\nexported %v\npaged    %v", want, table, paged)
		}
		return len(want)
	}
	for _, c := range []sendwatch.Criteria{{}, {Words: "semh"}, {Needs: []string{"asd"}, Refuses: []string{"agency"}}, {Near: "Reading", WithinMiles: 40}, {MinHourly: 12}} {
		for _, sort := range append(search.Sorts(), "") {
			if found := agree(t, c, sort); found == 0 {
				t.Errorf("%+v finds nothing: the test tests nothing", c)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := asked().Draw(t, "criteria")
		sort := rapid.SampledFrom(append(search.Sorts(), "")).Draw(t, "sort")
		agree(t, c, sort)
	})
}

func ids(hs []Hit) []string {
	out := []string{}
	for i := range hs {
		out = append(out, hs[i].ID)
	}
	return out
}

// asked draws searches of what the adverts speak of.
func asked() *rapid.Generator[sendwatch.Criteria] {
	return rapid.Custom(func(t *rapid.T) sendwatch.Criteria {
		some := func(name string, of ...string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 2, rapid.ID).Draw(t, name)
		}
		c := sendwatch.Criteria{
			Words: rapid.SampledFrom([]string{"", "", "semh", "assistant", "autism pupils", `"special school"`, "-semh", `pupils -"one to one"`, "lorry"}).Draw(t, "words"),
			Needs: some("needs", "semh", "asd", "send"), Contracts: some("contracts", "permanent", "temporary"), Support: some("support", "one-to-one"),
			PaidBy: some("paid by", "school", "agency", "trust"), Refuses: some("refuses", "agency", "one-to-one"),
			MinHourly: rapid.SampledFrom([]float64{0, 0, 12, 13}).Draw(t, "hourly"), StatedPayOnly: rapid.Bool().Draw(t, "stated"),
		}
		if c.Near = rapid.SampledFrom([]string{"", "", "Reading", "LS6"}).Draw(t, "near"); c.Near != "" {
			c.WithinMiles = rapid.SampledFrom([]float64{5, 40, 300}).Draw(t, "within")
		}
		return c
	})
}

// TestExportBreaksOff: an export that fails half way is no whole file to anybody.
func TestExportBreaksOff(t *testing.T) {
	b := newBench(t)
	b.advertise(manyAdverts(3))
	srv := httptest.NewServer(b.site)
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.afterSearch = func() {
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{pathCSV, pathJSON} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := srv.Client().Do(r)
		if err != nil {
			continue // broken off before anything was sent
		}
		body, err := io.ReadAll(resp.Body)
		if err == nil {
			t.Errorf("%s: a broken export reads as a whole one: %q", path, body)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	srv.Close() // its answers have ended, and what they log is there
	if !strings.Contains(b.log.String(), "export broken off") {
		t.Errorf("the log says nothing of it: %s", b.log.String())
	}
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"Teaching Assistant":          "Teaching Assistant",
		"£18,450 - £19,000 a year":    "£18,450 - £19,000 a year",
		"Mon-Fri, 1:1":                "Mon-Fri, 1:1",
		"=1+1":                        "'=1+1",
		"+44 20":                      "'+44 20",
		"-2":                          "'-2",
		"@SUM(A1)":                    "'@SUM(A1)",
		"\t=1":                        "'=1",
		"\r\n=1":                      "'=1",
		" =1":                         "'=1",
		"\u00a0=1":                    "'=1",
		"＝1":                          "'＝1",
		`"=1"`:                        `"'=1"`,
		"a;=1":                        "a;'=1",
		"a, =1":                       "a, '=1",
		"a|@x":                        "a|'@x",
		`a",=HYPERLINK("x")`:          `a",'=HYPERLINK("x")`,
		"a\n=1":                       "a =1",
		"two\r\nlines":                "two lines",
		"damaged \xff text":           "damaged \ufffd text",
		"a\u2028b":                    "a b",
		`=cmd|' /C calc'!A0`:          `'=cmd|' /C calc'!A0`,
		`x|=cmd`:                      `x|'=cmd`,
		"https://jobs.example/?a=1;b": "https://jobs.example/?a=1;b",
	} {
		if got := cell(text); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

// FuzzCell: no cell begins a formula, alone or where some spreadsheet parts it, and
// the table reads back as it was written.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"", "=1", "a;=1", "\t+1", `"',;|=@`, "＝", "a\r\n-b", "\xff=", ",,=", "''=", "|\u00a0@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := cell(text)
		if strings.ContainsAny(got, "\t\r\n") || !utf8.ValidString(got) {
			t.Fatalf("%q is written %q", text, got)
		}
		for _, part := range append(strings.FieldsFunc(got, func(r rune) bool { return strings.ContainsRune(",;|", r) }), got) {
			if strings.ContainsRune("=+-@＝＋－＠", firstRune(strings.TrimLeft(part, " \"'"))) && !strings.Contains(part[:strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune(" \"'", r) })], "'") {
				t.Fatalf("%q is written %q, where %q is a formula", text, got, part)
			}
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = true
		if err := errors.Join(w.Write([]string{got, "next"}), func() error { w.Flush(); return w.Error() }()); err != nil {
			t.Fatal(err)
		}
		row, err := csv.NewReader(&b).Read()
		if err != nil || len(row) != 2 || row[0] != got {
			t.Fatalf("%q reads back as %q: %v", got, row, err)
		}
	})
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

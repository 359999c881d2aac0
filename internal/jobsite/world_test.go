package jobsite

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T) *World {
	t.Helper()
	w, err := Start(func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func get(t *testing.T, url, tag string) (int, string, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", tag)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header.Get("ETag")
}

func TestThereAreSixtyAdvertsAndMore(t *testing.T) {
	adverts, err := Adverts()
	if err != nil {
		t.Fatal(err)
	}
	if len(adverts) < 60 {
		t.Errorf("%d adverts, want 60 or more", len(adverts))
	}
}

func TestPagesAnswerNotModified(t *testing.T) {
	w := start(t)
	url := w.URL(Agency) + "/job/70102"
	code, body, tag := get(t, url, "")
	if code != http.StatusOK || !strings.Contains(body, "JobPosting") {
		t.Fatalf("got %d %q", code, body)
	}
	if code, _, _ := get(t, url, tag); code != http.StatusNotModified {
		t.Errorf("a second visit got %d, want 304", code)
	}
	if got := w.Requests(Agency, "304"); got != 1 {
		t.Errorf("%d answers of 304 counted, want 1", got)
	}
}

func TestDaysAndReposts(t *testing.T) {
	w := start(t)
	w.SetDay(1)
	if code, _, _ := get(t, w.URL(Agency)+"/job/70155", ""); code != http.StatusGone {
		t.Errorf("a re-post before its day got %d, want 410", code)
	}
	w.SetDay(4)
	if code, _, _ := get(t, w.URL(Agency)+"/job/70155", ""); code != http.StatusOK {
		t.Errorf("a re-post on its day got %d, want 200", code)
	}
}

func TestFaultsHideListsAndKeepPages(t *testing.T) {
	w := start(t)
	w.SetFault(FaultEmpty)
	if _, body, _ := get(t, w.URL(Council)+"/vacancies", ""); !strings.Contains(body, "0 vacancies") {
		t.Errorf("the list is not empty: %s", body)
	}
	if code, _, _ := get(t, w.URL(Council)+"/vacancy/C-2001", ""); code != http.StatusOK {
		t.Errorf("the page behind it got %d, want 200", code)
	}
	w.SetFault(FaultError)
	if code, _, _ := get(t, w.URL(Council)+"/vacancies", ""); code != http.StatusInternalServerError {
		t.Errorf("got %d, want 500", code)
	}
}

func TestVisitsAreWatched(t *testing.T) {
	w := start(t)
	var seen []Visit
	w.Watch(func(v Visit) { seen = append(seen, v) })
	get(t, w.URL(Agency)+"/jobs?page=2", "")
	get(t, w.URL(School)+"/join-us", "")
	if len(seen) != 2 || seen[0].Site != Agency || seen[0].Path != "/jobs?page=2" || seen[1].Site != School || seen[1].Agent == "" {
		t.Errorf("seen %+v", seen)
	}
}

// TestTheSchoolLinksItsPapers follows the links of the small school's pages.
func TestTheSchoolLinksItsPapers(t *testing.T) {
	w := start(t)
	for _, ref := range []string{"behaviour-and-wellbeing-assistant", "speech-and-language-assistant"} {
		_, body, _ := get(t, w.URL(School)+"/join-us/"+ref, "")
		_, link, ok := strings.Cut(body, `<a href="/papers/`)
		name, _, _ := strings.Cut(link, `"`)
		code, paper, _ := get(t, w.URL(School)+"/papers/"+name, "")
		if !ok || code != http.StatusOK || !strings.HasPrefix(paper, "%PDF") && !strings.HasPrefix(paper, "PK") {
			t.Errorf("%s links to %q, which answers %d", ref, name, code)
		}
	}
	if code, _, _ := get(t, w.URL(School)+"/papers/none.pdf", ""); code != http.StatusNotFound {
		t.Errorf("a paper that is not there got %d, want 404", code)
	}
}

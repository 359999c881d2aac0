package meilitest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/internal/meilitest"
)

var update = flag.Bool("update", false, "write down the answers of the server that TEST_MEILISEARCH_URL names")

// TestConformance asks the requests of testdata/conformance and compares the
// answers with those that a real server gave. The files hold requests, each
// with the answer that is expected under it, and are written by
//
//	TEST_MEILISEARCH_URL=… TEST_MEILISEARCH_KEY=… go test -run Conformance -update
//
// With TEST_MEILISEARCH_URL set the real server is asked as well, so that a
// version which answers otherwise is noticed. What differs between any two
// runs, such as times, and what is worded, such as messages, is left out.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("testdata/conformance/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no requests found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			steps := readSteps(t, file)
			if url := os.Getenv("TEST_MEILISEARCH_URL"); url != "" {
				t.Run("real", func(t *testing.T) {
					ask := &asker{url: url, key: os.Getenv("TEST_MEILISEARCH_KEY"), prefix: "meilitest-" + strings.TrimSuffix(filepath.Base(file), ".txt") + "-"}
					if *update {
						record(t, ask, file, steps)
						steps = readSteps(t, file)
						return
					}
					ask.play(t, steps)
				})
			} else if *update {
				t.Fatal("only the answers of a real server are written down: set TEST_MEILISEARCH_URL")
			}
			t.Run("fake", func(t *testing.T) {
				s := meilitest.Start(t, meilitest.Options{MaxPayload: 1 << 20})
				ask := &asker{url: s.URL(), key: s.Key(), prefix: "meilitest-"}
				ask.play(t, steps)
			})
		})
	}
}

// step is a request and the answer to it.
type step struct {
	// notes are the lines before the request.
	notes   []string
	method  string
	path    string
	headers []string
	body    string
	answers []string
}

// readSteps reads blocks with blank lines between them: notes that begin with
// #, METHOD path, headers, a body, and answers that begin with =.
func readSteps(t *testing.T, file string) []step {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		var st step
		for line := range strings.SplitSeq(strings.Trim(block, "\n"), "\n") {
			switch {
			case strings.HasPrefix(line, "= "):
				st.answers = append(st.answers, line[2:])
			case st.method == "" && strings.HasPrefix(line, "#"):
				st.notes = append(st.notes, line)
			case st.method == "":
				st.method, st.path, _ = strings.Cut(line, " ")
			case strings.HasPrefix(line, "@"):
				st.headers = append(st.headers, line[1:])
			default:
				st.body += line + "\n"
			}
		}
		if st.method == "" {
			t.Fatalf("%s: a block without a request:\n%s", file, block)
		}
		steps = append(steps, st)
	}
	return steps
}

// asker sends requests to one server.
type asker struct {
	url, key, prefix string
}

// play asks all requests and compares the answers.
func (a *asker) play(t *testing.T, steps []step) {
	t.Helper()
	a.clear(t)
	t.Cleanup(func() { a.clear(t) })
	for _, st := range steps {
		want, got := strings.Join(st.answers, "\n       "), strings.Join(a.ask(t, st), "\n       ")
		if got != want {
			t.Errorf("%s\n%s %s\n%swanted %s\ngot    %s", strings.Join(st.notes, "\n"), st.method, st.path, st.body, want, got)
		}
	}
}

// record writes the answers into the file.
func record(t *testing.T, a *asker, file string, steps []step) {
	t.Helper()
	a.clear(t)
	defer a.clear(t)
	var b strings.Builder
	for i, st := range steps {
		if i > 0 {
			b.WriteString("\n")
		}
		for _, line := range st.notes {
			fmt.Fprintln(&b, line)
		}
		fmt.Fprintln(&b, st.method, st.path)
		for _, h := range st.headers {
			fmt.Fprintln(&b, "@"+h)
		}
		b.WriteString(st.body)
		for _, line := range a.ask(t, st) {
			fmt.Fprintln(&b, "=", line)
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// clear deletes the indexes that the requests use: {a} to {d}.
func (a *asker) clear(t *testing.T) {
	t.Helper()
	for _, name := range []string{"a", "b", "c", "d"} {
		a.ask(t, step{method: http.MethodDelete, path: "/indexes/{" + name + "}"})
	}
}

// named puts the real names of indexes in place of {a} and so on, and long
// texts in place of {long:468}.
func (a *asker) named(s string) string {
	for _, name := range []string{"a", "b", "c", "d"} {
		s = strings.ReplaceAll(s, "{"+name+"}", a.prefix+name)
	}
	for _, n := range []int{400, 401, 467, 468, 469, 511, 512, 2 << 20} {
		s = strings.ReplaceAll(s, fmt.Sprintf("{long:%d}", n), strings.Repeat("x", n))
	}
	return s
}

func (a *asker) unnamed(s string) string {
	for _, name := range []string{"a", "b", "c", "d"} {
		s = strings.ReplaceAll(s, a.prefix+name, "{"+name+"}")
	}
	for _, n := range []int{512, 511, 469, 468, 467} {
		s = strings.ReplaceAll(s, strings.Repeat("x", n), fmt.Sprintf("{long:%d}", n))
	}
	return s
}

// ask sends a request and sums the answer up: the status, what of the body
// does not change from run to run, and what became of the task.
func (a *asker) ask(t *testing.T, st step) []string {
	t.Helper()
	status, body := a.send(t, st)
	var v any
	if err := json.Unmarshal(body, &v); err != nil && len(bytes.TrimSpace(body)) > 0 {
		return []string{fmt.Sprint(status, " (no JSON)")}
	}
	if status != http.StatusAccepted {
		return []string{strings.TrimSpace(fmt.Sprint(status, " ", a.summary(v, strings.Contains(st.body, "attributesToRetrieve"))))}
	}
	m, ok := v.(map[string]any)
	uid, isTask := m["taskUid"].(float64)
	if !ok || !isTask {
		t.Fatalf("202 without a task: %s", body)
	}
	task := a.wait(t, int(uid))
	return []string{fmt.Sprint(status, " ", a.summary(v, false)), a.summary(task, false)}
}

func (a *asker) send(t *testing.T, st step) (int, []byte) {
	t.Helper()
	var body io.Reader
	if st.body != "" {
		body = strings.NewReader(strings.TrimSuffix(a.named(st.body), "\n"))
	}
	r, err := http.NewRequestWithContext(t.Context(), st.method, a.url+a.named(st.path), body)
	if t.Context().Err() != nil { // The test is being cleaned up.
		r, err = http.NewRequest(st.method, a.url+a.named(st.path), body) //nolint:noctx // There is no context any more.
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+a.key)
	if st.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range st.headers {
		name, value, _ := strings.Cut(h, ":")
		if r.Header.Del(name); strings.TrimSpace(value) != "" {
			r.Header.Set(name, strings.TrimSpace(value))
		}
	}
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, text
}

// wait asks for a task until it is done.
func (a *asker) wait(t *testing.T, uid int) any {
	t.Helper()
	for {
		_, body := a.send(t, step{method: http.MethodGet, path: fmt.Sprint("/tasks/", uid)})
		var task map[string]any
		if err := json.Unmarshal(body, &task); err != nil {
			t.Fatal(err)
		}
		switch task["status"] {
		case "enqueued", "processing":
			time.Sleep(2 * time.Millisecond)
		case "succeeded", "failed", "canceled":
			return task
		default:
			t.Fatalf("task %d: %s", uid, body)
		}
	}
}

// changing are the fields that differ from run to run, or from one server to
// another, without meaning anything here.
var changing = []string{"processingTimeMs", "requestUid", "createdAt", "updatedAt", "enqueuedAt", "startedAt", "finishedAt", "duration",
	"taskUid", "uid", "batchUid", "message", "link", "type", "rawDocumentDbSize", "avgDocumentSize", "facetQuery"}

// summary writes a body as one line of JSON with its keys in order.
func (a *asker) summary(v any, whole bool) string {
	if v == nil {
		return ""
	}
	if m, ok := v.(map[string]any); ok {
		if _, isTask := m["batchUid"]; isTask {
			v = map[string]any{"status": m["status"], "error": m["error"], "details": m["details"], "type": m["type"]}
		}
	}
	text, err := json.Marshal(stable(v, whole))
	if err != nil {
		return err.Error()
	}
	return a.unnamed(string(text))
}

// stable leaves out what changes, and of hits keeps what was asked for.
func stable(v any, whole bool) any {
	switch v := v.(type) {
	case float64:
		return math.Round(v*1e6) / 1e6
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = stable(e, whole)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, e := range v {
			switch name {
			case "hits", "results":
				out[name] = stable(hitList(e, whole), whole)
			case "type":
				if s, _ := e.(string); s != "invalid_request" && s != "auth" {
					out[name] = e
				}
			default:
				out[name] = stable(e, whole)
			}
		}
		for _, name := range changing {
			if name != "type" {
				delete(out, name)
			}
		}
		return out
	}
	return v
}

// hitList keeps of documents their ids and what the server has added.
func hitList(v any, whole bool) any {
	list, ok := v.([]any)
	if !ok || whole {
		return v
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = e
		hit, ok := e.(map[string]any)
		id, has := hit["id"]
		if !ok || !has {
			continue
		}
		kept := map[string]any{"id": id}
		for name, e := range hit {
			if strings.HasPrefix(name, "_") && name != "_geo" && name != "_vectors" {
				kept[name] = e
			}
		}
		out[i] = kept
		if len(kept) == 1 {
			out[i] = id
		}
	}
	return out
}

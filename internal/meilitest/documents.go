package meilitest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// write is a batch of documents to be added.
type write struct {
	uid        string
	primaryKey string
	documents  []map[string]any
	// merge adds the fields to what the index holds, instead of replacing it.
	merge bool
	// onlyKnown leaves out documents that the index does not hold yet.
	onlyKnown bool
}

func addDocuments(merge bool) handler {
	return func(c *call) (int, any, error) {
		w := write{uid: c.uid(), merge: merge}
		delimiter := ""
		var metadata string
		err := decodeQuery(c.query, map[string]param{
			"primaryKey":   textParam("invalid_index_primary_key", &w.primaryKey),
			"csvDelimiter": {"invalid_document_csv_delimiter", func(s string) bool { delimiter = s; return len(s) == 1 && s[0] < 128 }},
			"skipCreation": boolParam("invalid_skip_creation", &w.onlyKnown), "customMetadata": textParam("invalid_index_custom_metadata", &metadata),
		})
		if err != nil {
			return 0, nil, err
		}
		media, err := c.media(mediaJSON, mediaNDJSON, mediaCSV)
		if err != nil {
			return 0, nil, err
		}
		if delimiter != "" && media != mediaCSV {
			return 0, nil, fail("invalid_content_type", "A csv delimiter is for %s only.", mediaCSV)
		}
		body, err := c.raw("payload_too_large")
		if err != nil {
			return 0, nil, err
		}
		if w.documents, err = readDocuments(media, body, delimiter); err != nil {
			return 0, nil, err
		}
		return c.enqueue(&task{
			kind: documentAdditionOrUpdate, index: w.uid, batches: true,
			details: map[string]any{"receivedDocuments": len(w.documents), "indexedDocuments": nil},
			run:     func(s *Server, t *task) error { return s.write(t, &w) },
		})
	}
}

// readDocuments reads a payload: an array of objects or one alone, one object a
// line, or rows under their headings.
func readDocuments(media string, body []byte, delimiter string) ([]map[string]any, error) {
	what := map[string]string{mediaJSON: "json", mediaNDJSON: "ndjson", mediaCSV: "csv"}[media]
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, fail("missing_payload", "A %s payload is missing.", what)
	}
	var docs []map[string]any
	var err error
	switch media {
	case mediaJSON:
		docs, err = readJSONDocuments(body)
	case mediaNDJSON:
		docs, err = readNDJSON(body)
	default:
		docs, err = readCSV(body, delimiter)
	}
	var e *apiError
	if errors.As(err, &e) {
		return nil, e
	}
	if err != nil {
		return nil, fail("malformed_payload", "The `%s` payload provided is malformed: %v.", what, err)
	}
	return docs, nil
}

func readJSONDocuments(body []byte) ([]map[string]any, error) {
	v, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	array, ok := v.([]any)
	if !ok {
		one, ok := v.(map[string]any)
		if !ok {
			return nil, errors.New("a document is an object")
		}
		return []map[string]any{one}, nil
	}
	docs := make([]map[string]any, 0, len(array))
	for _, e := range array {
		d, ok := e.(map[string]any)
		if !ok {
			// A mistake of the caller, and an internal error all the same.
			return nil, fail("internal", "invalid type: expected a map, but found %s", describe(e))
		}
		docs = append(docs, d)
	}
	return docs, nil
}

func readNDJSON(body []byte) ([]map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var docs []map[string]any
	for {
		var doc map[string]any
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, err
		}
		if doc == nil {
			return nil, errors.New("a document is an object")
		}
		docs = append(docs, doc)
	}
}

// readCSV reads rows. A heading may end in a type: `price:number`, `open:boolean`.
func readCSV(body []byte, delimiter string) ([]map[string]any, error) {
	r := csv.NewReader(bytes.NewReader(body))
	if delimiter != "" {
		r.Comma = rune(delimiter[0])
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var docs []map[string]any
	for _, row := range rows[1:] {
		doc := map[string]any{}
		for i, cell := range row {
			name, kind, _ := strings.Cut(rows[0][i], ":")
			switch kind {
			case "number":
				n := json.Number(strings.TrimSpace(cell))
				if _, err := n.Float64(); err != nil {
					return nil, err
				}
				doc[name] = n
			case "boolean":
				if doc[name], err = strconv.ParseBool(cell); err != nil {
					return nil, err
				}
			default:
				doc[name] = cell
			}
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// write adds documents: all of them or, when one is wrong, none.
func (s *Server) write(t *task, w *write) error {
	x, created, err := s.indexFor(t)
	if err != nil {
		return err
	}
	primaryKey, err := x.keyFor(w)
	if err != nil {
		// A new index stays, empty, when its first documents are wrong.
		if created {
			s.indexes[x.uid] = x
		}
		return err
	}
	docs, skipped, err := x.prepare(w, primaryKey)
	if created {
		s.indexes[x.uid] = x
	}
	if err != nil {
		return err
	}
	x.primaryKey = primaryKey
	for _, d := range docs {
		x.put(d)
	}
	t.details["indexedDocuments"] = len(docs) + skipped
	return nil
}

// keyFor is the primary key that a write goes by: the index's, or the one that
// the write names, or the one that the first document suggests.
func (x *index) keyFor(w *write) (string, error) {
	switch {
	case x.primaryKey != "" && w.primaryKey != "" && w.primaryKey != x.primaryKey:
		return "", fail("index_primary_key_already_exists", "Index `%s`: Index already has a primary key: `%s`.", x.uid, x.primaryKey)
	case x.primaryKey != "":
		return x.primaryKey, nil
	case w.primaryKey != "":
		return w.primaryKey, nil
	case len(w.documents) == 0:
		return "", nil
	}
	key, err := inferPrimaryKey(w.documents[0])
	var e *apiError
	if errors.As(err, &e) {
		return "", fail(e.code, "Index `%s`: %s", x.uid, e.message)
	}
	return key, nil
}

// prepare makes the documents that a write leaves behind, without touching the
// index. Of several with one id the later ones are applied to the earlier. What
// is left out is counted all the same.
func (x *index) prepare(w *write, primaryKey string) (order []*document, skipped int, err error) {
	pending := map[string]*document{}
	for _, source := range w.documents {
		id, err := documentID(source, primaryKey)
		if err != nil {
			return nil, 0, err
		}
		before := pending[id]
		if before == nil {
			before = x.byID(id)
		}
		if before == nil && w.onlyKnown {
			skipped++
			continue
		}
		d := &document{id: id, source: source}
		if before != nil && w.merge {
			d.source = maps.Clone(before.source)
			maps.Copy(d.source, source)
		}
		if pending[id] == nil {
			order = append(order, d)
		} else {
			*pending[id] = *d
			d = pending[id]
		}
		pending[id] = d
	}
	for _, d := range order {
		if x.settings.usesGeo() {
			if _, _, err := d.readGeo(); err != nil {
				return nil, 0, err
			}
		}
		d.size = len(describe(d.source))
		d.derive(&x.settings)
	}
	return order, skipped, nil
}

// erase removes documents by their ids, and counts them.
func (x *index) erase(ids []string) int {
	n := 0
	for _, id := range ids {
		if d := x.byID(id); d != nil {
			x.remove(d)
			n++
		}
	}
	return n
}

// pick keeps the fields of a list; a name brings what is below it.
func pick(source map[string]any, names []string) map[string]any {
	if names == nil {
		return maps.Clone(source)
	}
	out := map[string]any{}
	for name, v := range source {
		if kept, ok := pickUnder(name, v, names); ok {
			out[name] = kept
		}
	}
	return out
}

// pickUnder keeps of a value what the names ask for.
func pickUnder(at string, v any, names []string) (any, bool) {
	if slices.Contains(names, at) {
		return v, true
	}
	inside := slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, at+".") })
	if !inside {
		return nil, false
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, e := range v {
			if kept, ok := pickUnder(at+"."+key, e, names); ok {
				out[key] = kept
			}
		}
		return out, len(out) > 0
	case []any:
		var out []any
		for _, e := range v {
			if kept, ok := pickUnder(at, e, names); ok {
				out = append(out, kept)
			}
		}
		return out, len(out) > 0
	}
	return nil, false
}

package meilitest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
)

func documentRoutes() []route {
	const all = "/indexes/{uid}/documents"
	return []route{
		{"POST " + all, "documents.add", addDocuments(false)},
		{"PUT " + all, "documents.add", addDocuments(true)},
		{"GET " + all, "documents.get", listDocuments},
		{"POST " + all + "/fetch", "documents.get", fetchDocuments},
		{"GET " + all + "/{id}", "documents.get", getDocument},
		{"DELETE " + all, "documents.delete", deleteAllDocuments},
		{"DELETE " + all + "/{id}", "documents.delete", deleteDocument},
		{"POST " + all + "/delete-batch", "documents.delete", deleteBatch},
		{"POST " + all + "/delete", "documents.delete", deleteByFilter},
	}
}

// selection is which documents are read, and what of them.
type selection struct {
	page
	fields, ids, sort []string
	filter            any
	vectors           bool
}

func listDocuments(c *call) (int, any, error) {
	sel := selection{page: page{limit: 20}}
	filter := ""
	params := pageParams(&sel.page, "invalid_document_offset", "invalid_document_limit")
	params["fields"] = listParam("invalid_document_fields", &sel.fields)
	params["ids"] = listParam("invalid_document_ids", &sel.ids)
	params["sort"] = listParam("invalid_document_sort", &sel.sort)
	params["filter"] = textParam("invalid_document_filter", &filter)
	params["retrieveVectors"] = boolParam("invalid_document_retrieve_vectors", &sel.vectors)
	if err := decodeQuery(c.query, params); err != nil {
		return 0, nil, err
	}
	if filter != "" {
		// A filter in an address may be a text or JSON.
		sel.filter = filter
		if v, err := parseJSON([]byte(filter)); err == nil {
			if _, isArray := v.([]any); isArray {
				sel.filter = v
			}
		}
	}
	return c.readDocuments(&sel)
}

func fetchDocuments(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	sel := selection{page: page{limit: 20}}
	err = decode(body, map[string]field{
		"offset": countField("invalid_document_offset", &sel.offset), "limit": countField("invalid_document_limit", &sel.limit),
		"fields": stringsField("invalid_document_fields", &sel.fields), "filter": anyField(&sel.filter),
		"ids": idsField(&sel.ids), "sort": stringsField("invalid_document_sort", &sel.sort),
		"retrieveVectors": boolField("invalid_document_retrieve_vectors", &sel.vectors),
	})
	if err != nil {
		return 0, nil, err
	}
	if slices.Contains(sel.fields, "*") {
		sel.fields = nil
	}
	return c.readDocuments(&sel)
}

// idsField takes ids as texts or numbers.
func idsField(to *[]string) field {
	return field{"invalid_document_ids", func(v any) bool {
		array, ok := v.([]any)
		if v == nil {
			return true
		}
		*to = []string{}
		for _, e := range array {
			id, good := idOf(e)
			ok = ok && good
			*to = append(*to, id)
		}
		return ok
	}, "an array of document ids"}
}

func idOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// recoded gives an error of the filter language the code of the route.
func recoded(err error, from, to string) error {
	var e *apiError
	if errors.As(err, &e) && e.code == from {
		return fail(to, "%s", e.message)
	}
	return err
}

func (c *call) readDocuments(sel *selection) (int, any, error) {
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	x, err := c.index()
	if err != nil {
		return 0, nil, err
	}
	f, err := c.s.filterFor(x, sel.filter)
	if err != nil {
		return 0, nil, recoded(err, "invalid_search_filter", "invalid_document_filter")
	}
	keys, err := readSort(sel.sort, &x.settings, "invalid_document_sort")
	if err != nil {
		return 0, nil, err
	}
	var found []*document
	for _, d := range x.ordered() {
		if f.accepts(x, d) && (sel.ids == nil || slices.Contains(sel.ids, d.id)) {
			found = append(found, d)
		}
	}
	slices.SortStableFunc(found, func(a, b *document) int { return compareAll(keys, a, b) })
	total := len(found)
	if len(keys) > 0 { // What has nothing to be sorted by is counted and not shown.
		found = slices.DeleteFunc(found, func(d *document) bool { return keys[0].of(d).kind == sortedNothing })
	}
	views := make([]map[string]any, 0, len(found))
	for _, d := range found {
		view := pick(d.source, sel.fields)
		delete(view, vectorsField)
		views = append(views, view)
	}
	return http.StatusOK, results{cutPage(sel.page, views), sel.offset, sel.limit, total}, nil
}

func getDocument(c *call) (int, any, error) {
	var fields []string
	vectors := false
	err := decodeQuery(c.query, map[string]param{
		"fields": listParam("invalid_document_fields", &fields), "retrieveVectors": boolParam("invalid_document_retrieve_vectors", &vectors),
	})
	if err != nil {
		return 0, nil, err
	}
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	x, err := c.index()
	if err != nil {
		return 0, nil, err
	}
	d := x.byID(c.PathValue("id"))
	if d == nil {
		return 0, nil, fail("document_not_found", "Document `%s` not found.", c.PathValue("id"))
	}
	return http.StatusOK, pick(d.source, fields), nil
}

// deletion is a task that deletes documents of an index. Deletions by id go into
// a batch with others.
func (c *call) deletion(batches bool, details map[string]any, erase func(s *Server, x *index) (int, error)) (int, any, error) {
	uid := c.uid()
	details["deletedDocuments"] = nil
	return c.enqueue(&task{
		kind: documentDeletion, index: uid, details: details, batches: batches,
		run: func(s *Server, t *task) error {
			x, ok := s.indexes[uid]
			if !ok {
				return noIndex(uid)
			}
			n, err := erase(s, x)
			if err == nil {
				t.details["deletedDocuments"] = n
			}
			return err
		},
	})
}

func deleteAllDocuments(c *call) (int, any, error) {
	return c.deletion(false, map[string]any{}, func(_ *Server, x *index) (int, error) {
		n := len(x.docs)
		x.docs, x.numbers, x.free, x.words = map[int]*document{}, map[string]int{}, nil, &vocabulary{}
		return n, nil
	})
}

func deleteDocument(c *call) (int, any, error) {
	id := c.PathValue("id")
	return c.deletion(true, map[string]any{"providedIds": 1, "originalFilter": nil}, func(_ *Server, x *index) (int, error) {
		return x.erase([]string{id}), nil
	})
}

func deleteBatch(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	array, ok := body.([]any)
	if !ok {
		return 0, nil, fail("bad_request", "Invalid value type: expected an array, but found %s.", describe(body))
	}
	ids := make([]string, 0, len(array))
	for _, e := range array {
		id, ok := idOf(e)
		if !ok {
			id = describe(e) // No document has such an id; that is no mistake.
		}
		ids = append(ids, id)
	}
	return c.deletion(true, map[string]any{"providedIds": len(ids), "originalFilter": nil}, func(_ *Server, x *index) (int, error) {
		return x.erase(ids), nil
	})
}

func deleteByFilter(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	var filter any
	if err := decode(body, map[string]field{"filter": anyField(&filter)}); err != nil {
		return 0, nil, err
	}
	object, _ := body.(map[string]any)
	if _, ok := object["filter"]; !ok {
		return 0, nil, fail("missing_document_filter", "Missing field `filter`.")
	}
	parsed, err := parseFilter(filter)
	if err == nil && parsed == nil {
		err = fail("invalid_document_filter", "Sending an empty filter is forbidden.")
	}
	if err != nil {
		return 0, nil, recoded(err, "invalid_search_filter", "invalid_document_filter")
	}
	return c.deletion(false, map[string]any{"providedIds": 0, "originalFilter": describeFilter(filter)}, func(s *Server, x *index) (int, error) {
		f, err := s.filterFor(x, filter)
		if err != nil {
			return 0, recoded(err, "invalid_search_filter", "invalid_document_filter")
		}
		var ids []string
		for _, d := range x.ordered() {
			if f.accepts(x, d) {
				ids = append(ids, d.id)
			}
		}
		return x.erase(ids), nil
	})
}

// describeFilter writes a filter down as JSON, as details tell it.
func describeFilter(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

package meilitest

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// MaxUID is how long an index's name may be, in bytes.
const MaxUID = 400

var uidShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func checkUID(uid string) error {
	if len(uid) > MaxUID || !uidShape.MatchString(uid) {
		return fail("invalid_index_uid", "`%s` is not a valid index uid: up to %d letters a-z A-Z, digits, hyphens and underscores.", uid, MaxUID)
	}
	return nil
}

// index is one index.
type index struct {
	uid              string
	primaryKey       string
	created, updated time.Time
	settings         settings
	// docs are by their internal number, the order that breaks all ties. numbers
	// finds the number of a document id.
	docs    map[int]*document
	numbers map[string]int
	// free are the numbers of deleted documents, which new ones take first, the
	// lowest of them before all.
	free []int
	// words are the words of all documents. They are gathered when they are first
	// asked for and forgotten with every change.
	words *vocabulary
	// fields are the names of all fields that any document ever had, nested ones
	// with dots, in order of their first coming. A field that is not among them
	// is not known, even when the settings name it.
	fields []string
	known  map[string]bool
}

func newIndex(uid, primaryKey string, now time.Time) *index {
	return &index{
		uid: uid, primaryKey: primaryKey, created: now, updated: now, settings: defaultSettings(),
		docs: map[int]*document{}, numbers: map[string]int{}, known: map[string]bool{}, words: &vocabulary{},
	}
}

// ordered lists the documents in the order of their numbers.
func (x *index) ordered() []*document {
	out := make([]*document, 0, len(x.docs))
	for _, n := range slices.Sorted(maps.Keys(x.docs)) {
		out = append(out, x.docs[n])
	}
	return out
}

// byID finds a document; nil when there is none.
func (x *index) byID(id string) *document {
	n, ok := x.numbers[id]
	if !ok {
		return nil
	}
	return x.docs[n]
}

// put adds a document, in place of one with the same id.
func (x *index) put(d *document) {
	n, ok := x.numbers[d.id]
	switch {
	case ok:
	case len(x.free) > 0:
		n, x.free = x.free[0], x.free[1:]
	default:
		n = len(x.docs)
	}
	d.number = n
	x.words = &vocabulary{}
	x.docs[n], x.numbers[d.id] = d, n
	for _, name := range fieldNames(d.source) {
		if !x.known[name] {
			x.known[name] = true
			x.fields = append(x.fields, name)
		}
	}
}

// clone is a copy to go back to. Documents are never changed, only replaced.
func (x *index) clone() *index {
	c := *x
	c.docs, c.numbers, c.known = maps.Clone(x.docs), maps.Clone(x.numbers), maps.Clone(x.known)
	c.fields, c.free = slices.Clone(x.fields), slices.Clone(x.free)
	return &c
}

func (x *index) remove(d *document) {
	delete(x.docs, d.number)
	delete(x.numbers, d.id)
	at, _ := slices.BinarySearch(x.free, d.number)
	x.free = slices.Insert(x.free, at, d.number)
	x.words = &vocabulary{}
}

// vocabulary are the words of an index, gathered once by whoever asks first.
type vocabulary struct {
	once sync.Once
	all  map[string]bool
}

// holds says whether a word stands anywhere in the index.
func (v *vocabulary) holds(x *index, word string) bool {
	v.once.Do(func() {
		v.all = map[string]bool{}
		for _, d := range x.docs {
			for _, tokens := range d.words {
				for _, t := range tokens {
					if !t.stop {
						v.all[t.word] = true
					}
				}
			}
		}
	})
	return v.all[word]
}

func indexRoutes() []route {
	return []route{
		{"GET /indexes", "indexes.get", reading(listIndexes)},
		{"POST /indexes", "indexes.create", createIndex},
		{"GET /indexes/{uid}", "indexes.get", reading(getIndex)},
		{"PATCH /indexes/{uid}", "indexes.update", updateIndex},
		{"DELETE /indexes/{uid}", "indexes.delete", deleteIndex},
		{"POST /swap-indexes", "indexes.swap", swapIndexes},
	}
}

// indexView is an index as it is told.
type indexView struct {
	UID        string  `json:"uid"`
	CreatedAt  string  `json:"createdAt"`
	UpdatedAt  string  `json:"updatedAt"`
	PrimaryKey *string `json:"primaryKey"`
}

func (x *index) view() indexView {
	return indexView{x.uid, stamp(x.created), stamp(x.updated), nullable(x.primaryKey)}
}

func listIndexes(c *call) (int, any, error) {
	var p page
	if err := decodeQuery(c.query, pageParams(&p, "invalid_index_offset", "invalid_index_limit")); err != nil {
		return 0, nil, err
	}
	views := []indexView{}
	for _, uid := range slices.Sorted(maps.Keys(c.s.indexes)) {
		if c.key.mayIndex(uid) {
			views = append(views, c.s.indexes[uid].view())
		}
	}
	return http.StatusOK, results{cutPage(p, views), p.offset, p.limit, len(views)}, nil
}

func getIndex(c *call) (int, any, error) {
	x, err := c.index()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, x.view(), nil
}

func createIndex(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	var uid, primaryKey *string
	err = decode(body, map[string]field{
		"uid": optionalString("invalid_index_uid", &uid), "primaryKey": optionalString("invalid_index_primary_key", &primaryKey),
	})
	switch {
	case err != nil:
		return 0, nil, err
	case uid == nil:
		return 0, nil, fail("missing_index_uid", "Missing field `uid`.")
	}
	if err := checkUID(*uid); err != nil {
		return 0, nil, err
	}
	if !c.key.mayIndex(*uid) {
		return 0, nil, errBadKey
	}
	return c.enqueue(&task{
		kind: indexCreation, index: *uid, details: map[string]any{"primaryKey": primaryKey},
		run: func(s *Server, t *task) error {
			if _, ok := s.indexes[*uid]; ok {
				return fail("index_already_exists", "Index `%s` already exists.", *uid)
			}
			s.indexes[*uid] = newIndex(*uid, text(primaryKey), s.o.Now())
			return nil
		},
	})
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// immutable refuses a field that may be read but not written.
func immutable(code string) field {
	return field{code, func(any) bool { return false }, "nothing, since the field is immutable,"}
}

func updateIndex(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	var primaryKey, newUID *string
	err = decode(body, map[string]field{
		"primaryKey": optionalString("invalid_index_primary_key", &primaryKey), "uid": optionalString("invalid_index_uid", &newUID),
		"createdAt": immutable("immutable_index_created_at"), "updatedAt": immutable("immutable_index_updated_at"),
	})
	if err == nil && newUID != nil {
		err = checkUID(*newUID)
	}
	if err != nil {
		return 0, nil, err
	}
	uid := c.uid()
	details := map[string]any{"primaryKey": primaryKey}
	if newUID != nil {
		details["oldIndexUid"], details["newIndexUid"] = uid, *newUID
	}
	return c.enqueue(&task{
		kind: indexUpdate, index: uid, details: details,
		run: func(s *Server, t *task) error { return s.updateIndex(t, text(primaryKey), text(newUID)) },
	})
}

// updateIndex changes a primary key, which must not be known yet unless the
// index is empty, and the name of an index.
func (s *Server) updateIndex(t *task, primaryKey, newUID string) error {
	uid := t.index
	x, ok := s.indexes[uid]
	if !ok {
		return noIndex(uid)
	}
	if primaryKey != "" && len(x.docs) > 0 && x.primaryKey != primaryKey {
		return fail("index_primary_key_already_exists", "Index `%s`: Index already has a primary key: `%s`.", uid, x.primaryKey)
	}
	if newUID != "" && newUID != uid {
		if _, taken := s.indexes[newUID]; taken {
			return fail("index_already_exists", "Index `%s` already exists.", newUID)
		}
		delete(s.indexes, uid)
		s.indexes[newUID], x.uid = x, newUID
		s.renameTasks(t, uid, newUID)
	}
	if primaryKey != "" {
		x.primaryKey = primaryKey
	}
	x.updated = s.o.Now()
	return nil
}

func deleteIndex(c *call) (int, any, error) {
	uid := c.uid()
	return c.enqueue(&task{
		kind: indexDeletion, index: uid, details: map[string]any{"deletedDocuments": nil},
		run: func(s *Server, t *task) error {
			x, ok := s.indexes[uid]
			if !ok {
				return noIndex(uid)
			}
			t.details["deletedDocuments"] = len(x.docs)
			delete(s.indexes, uid)
			return nil
		},
	})
}

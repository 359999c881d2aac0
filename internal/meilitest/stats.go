package meilitest

import (
	"net/http"
)

func serverRoutes() []route {
	return []route{
		{"GET /health", "", func(*call) (int, any, error) {
			return http.StatusOK, map[string]string{"status": "available"}, nil
		}},
		{"GET /{$}", "", func(*call) (int, any, error) {
			return http.StatusOK, map[string]string{"status": "Meilisearch is running"}, nil
		}},
		{"GET /version", "version", reading(func(c *call) (int, any, error) {
			return http.StatusOK, map[string]string{"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": c.s.o.Version}, nil
		})},
		{"GET /stats", "stats.get", reading(serverStats)},
		{"GET /indexes/{uid}/stats", "stats.get", reading(func(c *call) (int, any, error) {
			x, err := c.index()
			if err != nil {
				return 0, nil, err
			}
			return http.StatusOK, c.s.stats(x), nil
		})},
		{"GET /experimental-features", "experimental.get", reading(func(c *call) (int, any, error) {
			return http.StatusOK, c.s.experiments(), nil
		})},
		{"PATCH /experimental-features", "experimental.update", updateFeatures},
	}
}

// indexStats is what is counted of an index. Sizes are made up: this server
// keeps nothing on a disk.
type indexStats struct {
	Documents         int            `json:"numberOfDocuments"`
	DatabaseSize      int            `json:"rawDocumentDbSize"`
	DocumentSize      int            `json:"avgDocumentSize"`
	Indexing          bool           `json:"isIndexing"`
	Embeddings        int            `json:"numberOfEmbeddings"`
	EmbeddedDocuments int            `json:"numberOfEmbeddedDocuments"`
	Fields            map[string]int `json:"fieldDistribution"`
}

func (s *Server) stats(x *index) indexStats {
	st := indexStats{Documents: len(x.docs), Fields: map[string]int{}}
	for _, d := range x.docs {
		for name := range d.source {
			st.Fields[name]++
		}
		st.DatabaseSize += d.size
	}
	if st.Documents > 0 {
		st.DocumentSize = st.DatabaseSize / st.Documents
	}
	for _, t := range s.tasks {
		st.Indexing = st.Indexing || t.status == processing && t.index == x.uid
	}
	return st
}

func serverStats(c *call) (int, any, error) {
	all := struct {
		DatabaseSize int                   `json:"databaseSize"`
		Used         int                   `json:"usedDatabaseSize"`
		LastUpdate   *string               `json:"lastUpdate"`
		Indexes      map[string]indexStats `json:"indexes"`
	}{Indexes: map[string]indexStats{}}
	if !c.s.updated.IsZero() {
		all.LastUpdate = nullable(stamp(c.s.updated))
	}
	for uid, x := range c.s.indexes {
		if c.key.mayIndex(uid) {
			all.Indexes[uid] = c.s.stats(x)
			all.DatabaseSize += all.Indexes[uid].DatabaseSize
		}
	}
	all.Used = all.DatabaseSize
	return http.StatusOK, all, nil
}

// The experimental features that do something here.
const (
	// containsFilter allows the operator CONTAINS.
	containsFilter = "containsFilter"
	// legacySearch counts no hits beyond maxTotalHits, as servers before 1.47 did
	// and the documentation says.
	legacySearch = "legacySearch"
)

var features = []string{"metrics", "logsRoute", "editDocumentsByFunction", containsFilter, "dynamicSearchRules", "network",
	"getTaskDocumentsRoute", "taskQueueCompactionRoute", "compositeEmbedders", "chatCompletions", "multimodal", "foreignKeys",
	"disableDocumentsFetchQueue", legacySearch, "renderRoute"}

func (s *Server) experiments() map[string]bool {
	all := map[string]bool{}
	for _, f := range features {
		all[f] = s.features[f]
	}
	return all
}

func updateFeatures(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	next := c.s.experiments()
	fields := map[string]field{}
	for _, f := range features {
		fields[f] = field{"bad_request", func(v any) bool {
			on, ok := v.(bool)
			next[f] = on
			return ok || v == nil
		}, "a boolean"}
	}
	if err := decode(body, fields); err != nil {
		return 0, nil, err
	}
	c.s.features = next
	return http.StatusOK, next, nil
}

package web

import (
	_ "embed" // for the document
	"net/http"
	"strings"
)

// openapi is the description of the API, kept by hand. The tests hold it to the
// routes, the parameters and the types of this package, and to real answers.
//
//go:embed openapi.json
var openapi string

// openapiServer stands in the document for the site's own address.
const openapiServer = "https://sendwatch.example"

func (s *Site) apiDocument(w http.ResponseWriter, r *http.Request) error {
	return s.cacheable(w, r, "application/json", func() ([]byte, error) {
		return []byte(strings.TrimSpace(strings.ReplaceAll(openapi, openapiServer, s.o.Links.Base))), nil
	})
}

package meilitest

import (
	"net/http"
	"net/url"
)

// call is one request on its way.
type call struct {
	*http.Request
	s *Server
	// key is whose request it is; nil stands for the master key, or for anyone
	// when the server is open.
	key *apiKey
	// query are the parameters of the address.
	query url.Values
}

// handler answers a call with a status and a body, or an error.
type handler func(c *call) (int, any, error)

// route is one path of the API. Action is what a key must be allowed; a path
// with {uid} needs a key for that index as well.
type route struct {
	pattern, action string
	answer          handler
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, rs := range [][]route{serverRoutes(), keyRoutes(), indexRoutes(), settingsRoutes(), documentRoutes(),
		taskRoutes(), searchRoutes()} {
		for _, r := range rs {
			mux.HandleFunc(r.pattern, s.guarded(r))
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead { // The mux would take it for GET.
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		// An address or a method that does not exist is answered without a body.
		rep := reply{header: http.Header{}}
		mux.ServeHTTP(&rep, r)
		w.WriteHeader(rep.code())
	})
}

// guarded checks the key, the index's name and the parameters before a handler.
func (s *Server) guarded(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, s: s, query: r.URL.Query()}
		status, body, err := c.answer(rt)
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, status, body)
	}
}

func (c *call) answer(rt route) (int, any, error) {
	if err := c.authorise(rt.action); err != nil {
		return 0, nil, err
	}
	if uid := c.uid(); uid != "" {
		if err := checkUID(uid); err != nil {
			return 0, nil, err
		}
		if !c.key.mayIndex(uid) {
			return 0, nil, errBadKey
		}
	}
	return rt.answer(c)
}

// uid is the index that the path names.
func (c *call) uid() string { return c.PathValue("uid") }

// index gives the index that the path names. The caller holds the lock.
func (c *call) index() (*index, error) {
	x, ok := c.s.indexes[c.uid()]
	if !ok {
		return nil, noIndex(c.uid())
	}
	return x, nil
}

// reading answers under the read lock.
func reading(answer handler) handler {
	return func(c *call) (int, any, error) {
		c.s.mu.RLock()
		defer c.s.mu.RUnlock()
		return answer(c)
	}
}

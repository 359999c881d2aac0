package hostileserver

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Case is one way in which a host does harm.
type Case struct {
	// Name says what the host does.
	Name string
	// Path is where it does it.
	Path string
	// Small reports that the answer is whole and within any sensible cap, so that
	// it may be taken.
	Small bool

	handler http.HandlerFunc
}

// Cases are all that New serves.
func Cases() []Case {
	return []Case{
		{Name: "gzip bomb", Path: "/bomb.html", handler: gzipBomb("text/html", "gzip")},
		{Name: "gzip bomb as a file", Path: "/bomb.xml.gz", handler: gzipBomb("application/gzip", "")},
		{Name: "gzip bomb in a gzip bomb", Path: "/bomb-in-bomb.xml.gz", handler: nestedBomb},
		{Name: "brotli bomb", Path: "/bomb-br.html", handler: brotliBomb},
		{Name: "gzip that breaks off", Path: "/torn.html", handler: tornGzip},
		{Name: "endless body", Path: "/endless", handler: endless},
		{Name: "a byte a second", Path: "/drip", handler: drip},
		{Name: "a length that never comes", Path: "/short", handler: shortBody},
		{Name: "a length of exabytes", Path: "/announced", handler: announced},
		{Name: "chunks that are none", Path: "/chunks", handler: script("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")},
		{Name: "a header a byte a second", Path: "/header-drip", handler: headerDrip},
		{Name: "endless header lines", Path: "/header-flood", handler: flood("HTTP/1.1 200 OK\r\n", "X-Flood: 0123456789abcdef0123456789abcdef\r\n")},
		{Name: "a header line without end", Path: "/header-giant", handler: flood("HTTP/1.1 200 OK\r\nX-Giant: ", "0123456789abcdef0123456789abcdef")},
		{Name: "endless interim answers", Path: "/interim", handler: flood("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")},
		{Name: "endless trailers", Path: "/trailers", handler: flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", "X-Flood: 0123456789abcdef\r\n")},
		{Name: "endless chunk extensions", Path: "/extensions", handler: flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "0123456789abcdef")},
		{Name: "an answer in no language", Path: "/noise", handler: script("\x00\x01\x02 not HTTP at all\r\n\r\n")},
		{Name: "no answer", Path: "/silence", handler: silence},
		{Name: "a connection torn down", Path: "/hangup", handler: script("")},
		{Name: "redirect to itself", Path: "/loop", handler: redirect("/loop")},
		{Name: "redirects without end", Path: "/chain", handler: redirectChain},
		{Name: "redirect with an endless body", Path: "/fat-loop", handler: fatLoop},
		{Name: "redirect to a file", Path: "/file", handler: redirect("file:///etc/passwd")},
		{Name: "redirect to another protocol", Path: "/gopher", handler: redirect("gopher://127.0.0.1:70/1")},
		{Name: "redirect to an address without end", Path: "/long", handler: longRedirect},
		{Name: "UTF-16 that is none", Path: "/utf16", Small: true, handler: charsetLie("text/html; charset=utf-16")},
		{Name: "a charset nobody knows", Path: "/no-charset", Small: true, handler: charsetLie("text/html; charset=klingon")},
		{Name: "a charset that switches", Path: "/switching", Small: true, handler: charsetLie("text/html; charset=iso-2022-jp")},
		{Name: "bytes called a page", Path: "/bytes", Small: true, handler: bytesAsPage},
		{Name: "deep HTML", Path: "/deep", Small: true, handler: repeated("text/html", "", "<div>")},
		{Name: "HTML that multiplies", Path: "/tangle", handler: tangle},
		{Name: "an element of attributes", Path: "/attributes", handler: attributes},
		{Name: "deep JSON", Path: "/deep-json", Small: true, handler: repeated("text/html", `<script type="application/ld+json">`, "[")},
		{Name: "XML that multiplies", Path: "/laughs.xml", Small: true, handler: laughs},
		{Name: "spider trap", Path: "/trap", Small: true, handler: trap},
		{Name: "sitemaps without end", Path: "/sitemaps.xml", Small: true, handler: sitemapTrap},
		{Name: "one page under every address", Path: "/calendar", Small: true, handler: calendar},
	}
}

// New serves every case by its path, and what lies below it, the redirects of
// RedirectTo, and a robots.txt that allows all.
func New(t testing.TB) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("User-agent: *\nAllow: /\n")) })
	mux.HandleFunc("/anywhere", anywhere)
	for _, c := range Cases() {
		mux.HandleFunc(c.Path, c.handler)
		mux.HandleFunc(c.Path+"/", c.handler)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

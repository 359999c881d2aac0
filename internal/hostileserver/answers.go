package hostileserver

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// raw takes the connection from the server and hands it to speak.
func raw(speak func(r *http.Request, conn net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // the servers here all speak HTTP/1.1
		}
		defer func() { _ = conn.Close() }()
		speak(r, conn)
	}
}

// script says one thing and hangs up.
func script(text string) http.HandlerFunc {
	return raw(func(_ *http.Request, conn net.Conn) { _, _ = io.WriteString(conn, text) })
}

// flood says one thing, and then another for as long as anybody listens.
func flood(first, again string) http.HandlerFunc {
	return raw(func(_ *http.Request, conn net.Conn) {
		if _, err := io.WriteString(conn, first); err != nil {
			return
		}
		again := []byte(strings.Repeat(again, 1+(32<<10)/len(again)))
		for {
			if _, err := conn.Write(again); err != nil {
				return
			}
		}
	})
}

// trickle says one thing, and then a letter a second for as long as anybody
// listens.
func trickle(first string) http.HandlerFunc {
	return raw(func(_ *http.Request, conn net.Conn) {
		gone := make(chan struct{})
		go func() {
			_, _ = io.Copy(io.Discard, conn) // until they hang up
			close(gone)
		}()
		_, err := io.WriteString(conn, first)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for err == nil {
			select {
			case <-tick.C:
				_, err = io.WriteString(conn, "x")
			case <-gone:
				return
			}
		}
		_ = conn.Close()
		<-gone
	})
}

var (
	drip       = trickle("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n")
	headerDrip = trickle("HTTP/1.1 200 OK\r\nX-Slow: ")
	shortBody  = trickle("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>")
)

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

func redirectChain(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	redirect("/chain?n="+strconv.Itoa(n+1))(w, r)
}

func fatLoop(w http.ResponseWriter, r *http.Request) {
	redirect("/fat-loop")(w, r)
	endless(w, r)
}

func longRedirect(w http.ResponseWriter, r *http.Request) {
	redirect("/long/"+strings.Repeat("x", 100<<10))(w, r)
}

// RedirectTo is the path that redirects to an address.
func RedirectTo(address string) string { return "/anywhere?to=" + url.QueryEscape(address) }

// anywhere redirects to the address it is asked for, and closes its connection, so
// that the next request must look the name up again.
func anywhere(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	redirect(r.FormValue("to"))(w, r)
}

// trap is a page that leads to ever deeper pages, each new.
func trap(w http.ResponseWriter, r *http.Request) {
	set(w, "text/html", "")
	_, _ = io.WriteString(w, "<h1>Teaching Assistant</h1>")
	for i := range 20 {
		_, _ = fmt.Fprintf(w, "<a class=job href='%s/%d?session=%d'>more</a>\n", strings.TrimSuffix(r.URL.Path, "/"), i, len(r.URL.Path)*20+i)
	}
	_, _ = fmt.Fprintf(w, "<a class=next href='%s/next'>next</a>", strings.TrimSuffix(r.URL.Path, "/"))
}

// sitemapTrap is an index of indexes of itself.
func sitemapTrap(w http.ResponseWriter, r *http.Request) {
	set(w, "application/xml", "")
	_, _ = io.WriteString(w, `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range 20 {
		_, _ = fmt.Fprintf(w, "<sitemap><loc>http://%s/sitemaps.xml/%d/%s</loc></sitemap>", r.Host, i, strings.TrimPrefix(r.URL.Path, "/sitemaps.xml/"))
	}
	_, _ = io.WriteString(w, "</sitemapindex>")
}

// calendar has a next month for ever, and the same advert on each.
func calendar(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("month"))
	set(w, "text/html", "")
	_, _ = fmt.Fprintf(w, "<h1>Teaching Assistant</h1><a class=job href='/calendar/job?from=%d'>a job</a><a class=next href='/calendar?month=%d'>next</a>", n, n+1)
}

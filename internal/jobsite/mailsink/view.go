package mailsink

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
)

//go:embed templates
var files embed.FS

// frameAllows is what the frame with a stranger's HTML may do: be styled, and
// open links in a window of their own.
const frameAllows = "allow-popups allow-popups-to-escape-sandbox"

// Handler shows the messages: the list at /, a message at /{number}, its HTML
// part at /{number}/html and its source at /{number}/raw. Links are relative, so
// that it may be mounted under a prefix that ends in a slash.
func (s *Sink) Handler() http.Handler {
	pages := template.Must(template.ParseFS(files, "templates/*.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		var list []view
		for _, m := range slices.Backward(s.Messages()) {
			list = append(list, read(m))
		}
		show(w, pages, "list.html", list)
	})
	mux.HandleFunc("GET /{number}/{$}", s.each(func(w http.ResponseWriter, m Message) {
		show(w, pages, "message.html", read(m))
	}))
	mux.HandleFunc("GET /{number}/raw", s.each(func(w http.ResponseWriter, m Message) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(m.Raw)
	}))
	mux.HandleFunc("GET /{number}/html", s.each(func(w http.ResponseWriter, m Message) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy",
			"sandbox "+frameAllows+"; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
		_, _ = io.WriteString(w, `<base target="_blank">`+read(m).HTML)
	}))
	return mux
}

// each finds the message that the address names.
func (s *Sink) each(show func(http.ResponseWriter, Message)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.PathValue("number"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		m, ok := s.message(number)
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		show(w, m)
	}
}

func show(w http.ResponseWriter, pages *template.Template, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
	_, _ = b.WriteTo(w)
}

// view is a message as a page shows it.
type view struct {
	Message
	Subject string
	Headers []string
	Text    string
	HTML    string
	// Fault says why a part could not be read.
	Fault string
}

// read takes a message apart; what cannot be read is shown as a fault.
func read(m Message) view {
	v := view{Message: m}
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		v.Fault = err.Error()
		return v
	}
	if v.Subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		v.Subject = parsed.Header.Get("Subject")
	}
	for name, values := range parsed.Header {
		for _, value := range values {
			v.Headers = append(v.Headers, name+": "+value)
		}
	}
	slices.Sort(v.Headers)
	if err := v.readPart(parsed.Header.Get("Content-Type"), parsed.Header.Get("Content-Transfer-Encoding"), parsed.Body, 0); err != nil {
		v.Fault = err.Error()
	}
	return v
}

// readPart reads a part and, when it has several, those inside it.
func (v *view) readPart(contentType, encoding string, body io.Reader, depth int) error {
	const deepest = 5
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && depth < deepest {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("part: %w", err)
			}
			if err := v.readPart(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1); err != nil {
				return err
			}
		}
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("part %s: %w", kind, err)
	}
	switch kind {
	case "text/html":
		v.HTML = string(text)
	case "text/plain":
		v.Text = string(text)
	}
	return nil
}

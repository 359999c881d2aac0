package hostileserver

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// pageSize is the size of the bodies that are big and whole: below a crawler's cap
// on purpose, so that they reach what reads them.
const pageSize = 4 << 20

// bombSize is what a bomb would unfold to from 4 MiB. The server never holds it.
const bombSize = 4 << 30

// zeroes is a gzip member of 16 MiB of nothing. Members one after another are one
// stream, so a bomb of any size is this many times over.
var zeroes = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	zip, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // a constant level
	}
	piece := make([]byte, 1<<20)
	for range 16 {
		_, _ = zip.Write(piece)
	}
	_ = zip.Close()
	return b.Bytes()
})

func gzipBomb(media, encoding string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		set(w, media, encoding)
		member := zeroes()
		for range bombSize >> 24 {
			if _, err := w.Write(member); err != nil || r.Context().Err() != nil {
				return
			}
		}
	}
}

// nestedBomb is small twice over: what its first layer unfolds to is within any
// cap, and the second is not.
func nestedBomb(w http.ResponseWriter, _ *http.Request) {
	set(w, "application/gzip", "gzip")
	zip := gzip.NewWriter(w)
	member := zeroes()
	for range 64 {
		_, _ = zip.Write(member)
	}
	_ = zip.Close()
}

// brotliZeroes is 256 MiB of nothing, compressed once.
const brotliZeroes = "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f0220" +
	"0e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc1300715800a07bffc7ffff3ff82700e2b00040f7fe8fff" +
	"ff7ff04f00c4610180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c16" +
	"00e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc1300715800a07bffc7ffff3ff82700e2b00040f7fe8fffff7ff04f00c4610180eefd1fffffff" +
	"e09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0" +
	"bdffe3ffff1ffc1300715800a07bffc7ffff3ff82700e2b00040f7fe8fffff7ff04f00c4610180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f" +
	"0110870500baf77ffcffff837f02200e0b0074effff8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffe3ffff1ffc1300715800a07bff" +
	"37"

// brotliBomb sends a compression that was not offered.
func brotliBomb(w http.ResponseWriter, _ *http.Request) {
	set(w, "text/html", "br")
	body, err := hex.DecodeString(brotliZeroes)
	if err != nil {
		panic(err) // a constant
	}
	_, _ = w.Write(body)
}

func tornGzip(w http.ResponseWriter, _ *http.Request) {
	set(w, "text/html", "gzip")
	member := zeroes()
	_, _ = w.Write(member[:len(member)/16])
}

func endless(w http.ResponseWriter, r *http.Request) {
	set(w, "text/html", "")
	line := []byte(strings.Repeat("<p>and another thing</p>\n", 1000))
	for r.Context().Err() == nil {
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}

// announced promises more than anybody has, and sends none of it.
func announced(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "9000000000000000000")
	w.WriteHeader(http.StatusOK)
}

// charsetLie sends UTF-8, and some octets that are none, under another name.
func charsetLie(contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		set(w, contentType, "")
		_, _ = io.WriteString(w, `<meta charset="hz-gb-2312"><h1>Café</h1>`+"\x1b$B~{\xff\xfe\x00"+strings.Repeat("\xe2\x82", 1000))
	}
}

func bytesAsPage(w http.ResponseWriter, _ *http.Request) {
	set(w, "text/html", "")
	all := make([]byte, 0, 256)
	for b := range 256 {
		all = append(all, byte(b))
	}
	_, _ = w.Write(bytes.Repeat(all, pageSize/256))
}

func repeated(media, before, part string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		set(w, media, "")
		_, _ = io.WriteString(w, before+strings.Repeat(part, pageSize/len(part)))
	}
}

// tangle leaves open four hundred elements of the kind that a parser opens again
// in every paragraph: each four bytes more are four hundred elements.
func tangle(w http.ResponseWriter, _ *http.Request) {
	set(w, "text/html", "")
	var b strings.Builder
	b.WriteString("<p>")
	for i := range 400 {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	b.WriteString(strings.Repeat("<p>x", pageSize/4))
	_, _ = io.WriteString(w, b.String())
}

// attributes is one element with more of them than anybody reads.
func attributes(w http.ResponseWriter, _ *http.Request) {
	set(w, "text/html", "")
	out := bufio.NewWriter(w)
	n, _ := io.WriteString(out, "<h1>Teaching Assistant</h1><p")
	for i := 0; n < pageSize; i++ {
		k, err := fmt.Fprintf(out, " %x", i)
		if err != nil {
			return // they hung up
		}
		n += k
	}
	_, _ = io.WriteString(out, ">Calm and kind.")
	_ = out.Flush()
}

// laughs is an XML entity of a thousand million laughs.
func laughs(w http.ResponseWriter, _ *http.Request) {
	set(w, "application/xml", "")
	_, _ = io.WriteString(w, `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a0 "ha">`)
	for i := range 9 {
		_, _ = fmt.Fprintf(w, `<!ENTITY a%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	_, _ = io.WriteString(w, "]><urlset><url><loc>&a9;</loc></url></urlset>")
}

func set(w http.ResponseWriter, contentType, encoding string) {
	w.Header().Set("Content-Type", contentType)
	if encoding != "" {
		w.Header().Set("Content-Encoding", encoding)
	}
}

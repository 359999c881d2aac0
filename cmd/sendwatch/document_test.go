//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/document"
)

// known are the errors that a reader of documents may give.
var known = []error{document.ErrBroken, document.ErrEncrypted, document.ErrFormat, document.ErrNoText, document.ErrScanned, document.ErrTimeout, document.ErrTooLarge}

// TestHostileDocuments reads every file of the corpus in a process of its own,
// as serve and crawl do, and then a good one.
func TestHostileDocuments(t *testing.T) {
	r := newDocumentReader()
	for _, h := range hostileDocuments(t) {
		t.Run(h.name, func(t *testing.T) {
			d, err := r.Read(t.Context(), h.format, h.data)
			t.Logf("%d blocks, %q, %v", len(d.Blocks), d.Notes, err)
			if h.want != nil && !errors.Is(err, h.want) {
				t.Errorf("got %v, want %v", err, h.want)
			}
			if err == nil {
				return
			}
			for _, k := range known {
				if errors.Is(err, k) {
					return
				}
			}
			t.Errorf("nobody can tell people what %v means", err)
		})
	}
	d, err := r.Read(t.Context(), document.FormatPDF, pdfFile(pdfPage("", "BT /F1 12 Tf 50 700 Td (Learning mentor) Tj ET")...))
	if err != nil || d.Text() != "Learning mentor" {
		t.Errorf("after the corpus a good file gives %q, %v", d.Text(), err)
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		t.Fatal(err)
	}
	if most := used.Maxrss << 10; most > documentData+256<<20 {
		t.Errorf("a reader used %d MB, want at most %d", most>>20, documentData>>20)
	} else {
		t.Logf("the largest reader used %d MB", most>>20)
	}
}

// TestDamagedDocuments cuts and twists a good file. Any answer will do.
func TestDamagedDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for every file")
	}
	good, err := os.ReadFile("../../document/testdata/job-description.pdf")
	if err != nil {
		t.Fatal(err)
	}
	r := newDocumentReader()
	for i := 1; i < 40; i++ {
		twisted := bytes.Clone(good)
		for at := i * 131; at < len(twisted); at += len(twisted) / 7 {
			twisted[at] ^= 0x15
		}
		for _, data := range [][]byte{twisted, good[:len(good)*i/40]} {
			if _, err := r.Read(t.Context(), document.FormatPDF, data); err != nil && errors.Is(err, document.ErrTimeout) {
				t.Errorf("file %d: %v", i, err)
			}
		}
	}
}

func TestDocumentReaderStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newDocumentReader().Read(ctx, document.FormatPDF, []byte("%PDF-1.4")); !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop, it says %v", err)
	}
	r := newDocumentReader()
	r.deadline = time.Nanosecond
	if _, err := r.Read(t.Context(), document.FormatPDF, []byte("%PDF-1.4")); !errors.Is(err, document.ErrTimeout) {
		t.Errorf("past its deadline it says %v", err)
	}
}

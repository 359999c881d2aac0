package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/sendwatch/sendwatch/document"
)

// Limits of one document and of the process that reads it. The longest job
// packs take a tenth of a second and 60 MB.
const (
	maxDocument      = 20 << 20  // bytes of the file
	documentMemory   = 512 << 20 // that the runtime tries to keep to
	documentData     = 1 << 30   // that the system holds it to
	documentAddress  = 4 << 30   // of address space, most of it never touched
	documentSeconds  = 20        // of processor time
	documentDeadline = 40 * time.Second
	documentStack    = 64 << 20
	documentAnswer   = 64 << 20 // bytes that it may answer
	documentReaders  = 2        // at one time
)

type readDocumentCmd struct {
	Format document.Format `arg:"" help:"pdf, docx, html, markdown or text."`
}

func (readDocumentCmd) Help() string {
	return `Reads one document from standard input and prints its blocks as JSON. Sendwatch
starts this for every PDF and Word file, so that a hostile one can harm nothing
but the process that reads it: the process limits its own memory and time first.

Examples:
  sendwatch read-document pdf < job-description.pdf`
}

func (c *readDocumentCmd) Run(e *env) error {
	if err := limitProcess(); err != nil {
		return err
	}
	debug.SetMaxStack(documentStack)
	debug.SetMemoryLimit(documentMemory)
	data, err := io.ReadAll(io.LimitReader(e.in, maxDocument+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	var d document.Document
	if len(data) > maxDocument {
		err = fmt.Errorf("%w: over %d bytes", document.ErrTooLarge, maxDocument)
	} else {
		d, err = document.Read(c.Format, data)
	}
	return document.Encode(e.out, d, err)
}

// documentReader reads documents of strangers: PDF and Word files each in a
// process of its own, the others here. It is safe for concurrent use.
type documentReader struct {
	slots    chan struct{}
	deadline time.Duration
}

func newDocumentReader() *documentReader {
	return &documentReader{slots: make(chan struct{}, documentReaders), deadline: documentDeadline}
}

// Read reads a document of a format. Its error wraps one of package document's,
// or the context's.
func (r *documentReader) Read(ctx context.Context, format document.Format, data []byte) (document.Document, error) {
	if len(data) > maxDocument {
		return document.Document{}, fmt.Errorf("%w: over %d bytes", document.ErrTooLarge, maxDocument)
	}
	if !format.Binary() {
		return document.Read(format, data)
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return document.Document{}, ctx.Err()
	}
	return r.apart(ctx, format, data)
}

// open reads a file as Read does, by its extension.
func (r *documentReader) open(ctx context.Context, name string) (document.Document, error) {
	format := document.FormatOf(name)
	if format == "" {
		return document.Document{}, fmt.Errorf("open %s: %w", name, document.ErrFormat)
	}
	f, err := os.Open(name)
	if err != nil {
		return document.Document{}, err
	}
	defer func() { _ = f.Close() }() // opened for reading
	data, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	if err != nil {
		return document.Document{}, err
	}
	d, err := r.Read(ctx, format, data)
	if err != nil {
		return document.Document{}, fmt.Errorf("open %s: %w", filepath.Base(name), err)
	}
	return d, nil
}

// apart reads a document in a process of its own. The process gets nothing of
// our environment, and what it complains of is thrown away: it may be the
// document's own words.
func (r *documentReader) apart(ctx context.Context, format document.Format, data []byte) (document.Document, error) {
	self, err := ownBinary()
	if err != nil {
		return document.Document{}, fmt.Errorf("read document: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, r.deadline)
	defer cancel()
	child := exec.CommandContext(limited, self)
	child.Args = []string{"sendwatch", "read-document", string(format)}
	child.Env = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}
	child.Stdin = bytes.NewReader(data)
	answer := &cappedBuffer{left: documentAnswer}
	child.Stdout = answer
	child.WaitDelay = time.Second
	ownGroup(child)
	err = child.Run()
	switch {
	case ctx.Err() != nil:
		return document.Document{}, ctx.Err()
	case limited.Err() != nil:
		return document.Document{}, fmt.Errorf("%w: over %v", document.ErrTimeout, r.deadline)
	case err == nil:
		return document.Decode(&answer.Buffer)
	case answer.left < 0:
		return document.Document{}, fmt.Errorf("%w: its text", document.ErrTooLarge)
	}
	var died *exec.ExitError
	if !errors.As(err, &died) {
		return document.Document{}, fmt.Errorf("read document: %w", err)
	}
	if died.UserTime()+died.SystemTime() >= documentSeconds*time.Second {
		return document.Document{}, fmt.Errorf("%w: over %d s of processor time", document.ErrTimeout, documentSeconds)
	}
	return document.Document{}, fmt.Errorf("%w: its reader ran out of room", document.ErrBroken)
}

// ownBinary is the program that runs. Under Linux it is found even after an
// upgrade replaced the file.
func ownBinary() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// cappedBuffer keeps what is written until it is too much.
type cappedBuffer struct {
	bytes.Buffer
	left int
}

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, document.ErrTooLarge
	}
	return b.Buffer.Write(p)
}

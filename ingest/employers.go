package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

const (
	// employersWrite is how many schools one transaction writes.
	employersWrite = 500
	// shrunkRegister is which part of the register may vanish by one import; what
	// loses more is another kind of file.
	shrunkRegister = 0.5
	// outdateWrite is how many readings one transaction marks.
	outdateWrite = 500
)

// EmployersOptions say what ImportEmployers reads.
type EmployersOptions struct {
	File io.Reader
	// Refused is told of every line that is passed over; it may be nil.
	Refused func(line int, why error)
	// Progress is told now and then how many lines are read; it may be nil.
	Progress func(lines int)
}

// EmployersReport counts what an import did.
type EmployersReport struct {
	Schools, Closed, Refused      int
	New, Changed, Removed, Marked int
	// Kept says why what the file lacks was not removed; empty when it was, or when
	// nothing was to be.
	Kept string
}

// ImportEmployers takes in the national register of schools, a piece at a time;
// stopped half-way it leaves what it has written, and runs again from the start to
// the same end. Closed schools are left out. What the file no longer has is
// removed, unless a line could not be read or the file lost half of the register.
// When anything changed, every posting is marked to be read again.
func (in *Ingest) ImportEmployers(ctx context.Context, o EmployersOptions) (rep EmployersReport, err error) {
	began := in.Now()
	had, err := in.Store.EmployerCount(ctx)
	if err != nil {
		return rep, err
	}
	if err := in.readEmployers(ctx, o, &rep, func(entries []store.RegisterEntry) error {
		done, err := in.Store.PutEmployers(ctx, entries, began)
		rep.New += done.New
		rep.Changed += done.Changed
		return err
	}); err != nil {
		return rep, fmt.Errorf("import employers: %w", err)
	}
	switch {
	case rep.Refused > 0:
		rep.Kept = "lines could not be read"
	case float64(rep.Schools) < shrunkRegister*float64(had):
		rep.Kept = fmt.Sprintf("the file has %d schools, and %d are known", rep.Schools, had)
	default:
		if err := repeatedly(&rep.Removed, func() (int, error) { return in.Store.DropEmployers(ctx, began, employersWrite) }); err != nil {
			return rep, fmt.Errorf("import employers: %w", err)
		}
	}
	if rep.New+rep.Changed+rep.Removed > 0 {
		if err := repeatedly(&rep.Marked, func() (int, error) { return in.Store.Outdate(ctx, outdateWrite) }); err != nil {
			return rep, fmt.Errorf("import employers: %w", err)
		}
	}
	return rep, nil
}

// repeatedly calls fn until it does nothing more, and adds up what it did.
func repeatedly(sum *int, fn func() (int, error)) error {
	for {
		n, err := fn()
		*sum += n
		if err != nil || n == 0 {
			return err
		}
	}
}

// readEmployers hands the open schools of a file to put, some hundred at a time.
func (in *Ingest) readEmployers(ctx context.Context, o EmployersOptions, rep *EmployersReport, put func([]store.RegisterEntry) error) error {
	file, err := newGIASReader(o.File)
	if err != nil {
		return err
	}
	var entries []store.RegisterEntry
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, closed, err := file.school()
		var bad *lineError
		switch {
		case errors.Is(err, io.EOF):
			return put(entries)
		case errors.As(err, &bad):
			rep.Refused++
			if o.Refused != nil {
				o.Refused(bad.line, bad.err)
			}
			continue
		case err != nil:
			return err
		case closed:
			rep.Closed++
			continue
		}
		rep.Schools++
		entries = append(entries, store.RegisterEntry{Employer: e, NameKey: normalise.NameKey(e.Name)})
		if len(entries) == employersWrite {
			if err := put(entries); err != nil {
				return err
			}
			entries = entries[:0]
		}
		if o.Progress != nil && rep.Schools%employersWrite == 0 {
			o.Progress(file.line)
		}
	}
}

package notifier

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sendwatch/sendwatch/notifier/email"
)

// previewID stands for the Message-ID of a digest that is not frozen yet.
const previewID = "preview@localhost"

// Preview writes what Deliver would send now, as text, and sends and claims
// nothing. People are named by their ids.
func (d *Dispatcher) Preview(ctx context.Context, w io.Writer) error {
	var jobs []job
	confirmations, err := d.o.Store.DueConfirmations(ctx)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	for i := range confirmations {
		jobs = append(jobs, &confirmationJob{d: d, c: &confirmations[i]})
	}
	digests, err := d.o.Store.DueDigests(ctx)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	for i := range digests {
		if digests[i].MessageID == "" {
			digests[i].MessageID = previewID
		}
		jobs = append(jobs, &digestJob{d: d, g: &digests[i]})
	}
	if notice, err := d.dueNotice(ctx); err != nil {
		return fmt.Errorf("preview: %w", err)
	} else if notice != nil {
		jobs = append(jobs, notice)
	}
	for _, j := range jobs {
		if err := preview(ctx, w, j); err != nil {
			return fmt.Errorf("preview: %w", err)
		}
	}
	return nil
}

func preview(ctx context.Context, w io.Writer, j job) error {
	a := j.about()
	m, err := j.compose(ctx)
	var unwanted *dropError
	if errors.As(err, &unwanted) {
		_, err = fmt.Fprintf(w, "%s to %s would be dropped: %s\n\n", a.kind, a.person, unwanted.why)
		return err
	}
	if err != nil {
		return err
	}
	return writePreview(w, a, m)
}

func writePreview(w io.Writer, a about, m *email.Message) error {
	_, err := fmt.Fprintf(w, "%s to %s\nSubject: %s\n\n%s\n", a.kind, cmp.Or(a.person, "the operator"), m.Subject, m.Text)
	return err
}

package notifier

import (
	"context"
	"time"

	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/store"
)

// noticeJob is a claimed notice.
type noticeJob struct {
	d *Dispatcher
	n *store.Notice
}

// nextNotice claims what the operator is to be told, if there is an operator.
func (d *Dispatcher) nextNotice(ctx context.Context) (job, error) {
	if d.o.Operator == "" {
		return nil, nil
	}
	n, err := d.o.Store.ClaimNotice(ctx, d.o.Lease)
	if err != nil || n == nil {
		return nil, err
	}
	return &noticeJob{d: d, n: n}, nil
}

// dueNotice is what nextNotice would claim, for a preview.
func (d *Dispatcher) dueNotice(ctx context.Context) (job, error) {
	if d.o.Operator == "" {
		return nil, nil
	}
	n, err := d.o.Store.DueNotice(ctx)
	if err != nil || n == nil {
		return nil, err
	}
	if n.MessageID == "" {
		n.MessageID = previewID
	}
	return &noticeJob{d: d, n: n}, nil
}

func (j *noticeJob) about() about {
	return about{kind: kindNotice, id: j.n.ID, attempts: j.n.Attempts, since: j.n.At}
}

func (j *noticeJob) compose(context.Context) (*email.Message, error) {
	m := email.Notice{MessageID: j.n.MessageID, To: j.d.o.Operator}
	for _, l := range j.n.Lines {
		line := email.NoticeLine{Source: l.Source, Says: l.Says, Since: l.Since}
		if j.d.o.Advice != nil {
			line.Do = j.d.o.Advice(l.Kind)
		}
		switch l.State {
		case store.NoticeOver:
			m.Over = append(m.Over, line)
		case store.NoticeStill:
			m.Still = append(m.Still, line)
		default:
			m.New = append(m.New, line)
		}
	}
	return j.d.o.Renderer.Notice(m)
}

func (j *noticeJob) sent(ctx context.Context) error {
	return j.d.o.Store.NoticeSent(ctx, j.n.ID, j.n.Token)
}

func (j *noticeJob) retry(ctx context.Context, at time.Time, why string) error {
	return j.d.o.Store.NoticeRetry(ctx, j.n.ID, j.n.Token, at, why)
}

func (j *noticeJob) drop(ctx context.Context, why string) error {
	return j.d.o.Store.NoticeDropped(ctx, j.n.ID, j.n.Token, why)
}

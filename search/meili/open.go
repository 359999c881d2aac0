package meili

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/terms"
)

// DefaultName is the first part of the index's uid when Options name none.
const DefaultName = "vacancies"

// Options says where the server is and what vacancies are read with.
type Options struct {
	// URL is the server's address, without a path unless a proxy adds one.
	URL string
	// Key is an API key that allows what Check looks for. It may be empty for a
	// server that asks for none.
	Key string
	// Name is the first part of the uid of every index of ours; empty means
	// DefaultName. Indexes called so and a hyphen belong to this package.
	Name string
	// Matcher lays vacancies flat; Terms finds the words for ranking and
	// vocabulary. Both are needed.
	Matcher *matcher.Matcher
	Terms   *terms.Analyser
	// Now tells the time. It is needed.
	Now func() time.Time
	// Timeout bounds one answer that somebody waits for; zero means two seconds.
	Timeout time.Duration
	// TaskTimeout bounds one request that writes and, apart from it, the wait for
	// its task; zero means five minutes.
	TaskTimeout time.Duration
	// Log hears what an operator may want to know; nil keeps quiet.
	Log *slog.Logger
}

// Index is an index of vacancies on a Meilisearch server.
type Index struct {
	o         Options
	uid       string
	layout    layout
	client    meilisearch.ServiceManager
	transport *http.Transport

	// writing lets one batch in at a time: whoever takes the token may write.
	writing chan struct{}
	// ready says, under the token, that the index is there with our settings.
	ready bool

	words  *vocabulary
	closed chan struct{}
	close  func()
}

var _ search.Renewable = (*Index)(nil)

var named = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,99}$`)

// Open makes an Index over the server at o.URL. A server that does not answer is
// no error: it is asked again with every call. One that answers and refuses us,
// or that is too old, is.
func Open(ctx context.Context, o Options) (*Index, error) {
	if o.Name == "" {
		o.Name = DefaultName
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Second
	}
	if o.TaskTimeout <= 0 {
		o.TaskTimeout = 5 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Matcher == nil || o.Terms == nil || o.Now == nil {
		return nil, errors.New("open the Meilisearch index: Matcher, Terms and Now are needed")
	}
	if !named.MatchString(o.Name) {
		return nil, fmt.Errorf("open the Meilisearch index: its name %q must be lower-case letters, digits and hyphens", o.Name)
	}
	address, err := checkAddress(o.URL)
	if err != nil {
		return nil, fmt.Errorf("open the Meilisearch index: %w", err)
	}
	x := newIndex(o, address)
	if err := x.supported(ctx); err != nil {
		if !isTemporary(err) || ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("open the Meilisearch index: %w", err), x.Close())
		}
		o.Log.Warn("Meilisearch does not answer yet", slog.Any("error", err))
	}
	return x, nil
}

func newIndex(o Options, address string) *Index {
	l := newLayout()
	x := &Index{o: o, layout: l, uid: o.Name + "-" + hash(l), writing: make(chan struct{}, 1), words: newVocabulary(), closed: make(chan struct{})}
	x.layout.Settings.Synonyms = synonyms(o.Terms)
	x.client, x.transport = newClient(address, o.Key)
	x.close = sync.OnceFunc(func() {
		close(x.closed)
		x.transport.CloseIdleConnections()
	})
	return x
}

// UID is the uid of the index on the server.
func (x *Index) UID() string { return x.uid }

// Close lets the connections go. The index stays. Closing twice does no harm.
func (x *Index) Close() error {
	x.close()
	return nil
}

// usable refuses what comes after Close, and what its caller has given up.
func (x *Index) usable(ctx context.Context) error {
	select {
	case <-x.closed:
		return errClosed
	default:
		return ctx.Err()
	}
}

// lock waits for the writers before us. unlock must follow.
func (x *Index) lock(ctx context.Context) error {
	if err := x.usable(ctx); err != nil {
		return err
	}
	select {
	case x.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *Index) unlock() { <-x.writing }

// ask runs one call that somebody waits for.
func (x *Index) ask(ctx context.Context, op string, call func(context.Context) error) error {
	return bounded(ctx, x.o.Timeout, op, call)
}

// send runs one call that writes.
func (x *Index) send(ctx context.Context, op string, call func(context.Context) error) error {
	return bounded(ctx, x.o.TaskTimeout, op, call)
}

func bounded(ctx context.Context, most time.Duration, op string, call func(context.Context) error) error {
	timed, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return failed(ctx, op, call(timed))
}

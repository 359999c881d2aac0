package meili

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// rights are what the key must allow. The right "version" helps and is not among
// them: the server gives it to no key that is bound to certain indexes.
var rights = []string{"search", "documents.*", "indexes.*", "settings.*", "tasks.*", "stats.get"}

// maxReply is how much of a reply is read. The largest that we ask for is the
// list of all words.
const maxReply = 64 << 20

// checkAddress refuses addresses that would send the key elsewhere, or nowhere.
func checkAddress(address string) (string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "", errors.New("the address of the Meilisearch server cannot be read")
	case u.User != nil:
		return "", errors.New("the address of the Meilisearch server holds a name or a password: give the key as the key")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", fmt.Errorf("the address of the Meilisearch server, %q, must begin with http:// or https:// and name a host", address)
	case u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("the address of the Meilisearch server, %q, must be that of the server alone", address)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// newClient makes a client that asks once, follows nobody elsewhere, reads no
// proxy out of the environment and never waits without an end: every call has a
// context with a deadline of its own.
func newClient(address, key string) (meilisearch.ServiceManager, *http.Transport) {
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		MaxIdleConns:        32, MaxIdleConnsPerHost: 32,
		IdleConnTimeout: 30 * time.Second, // less than the server keeps them
		// The client of the library reads replies as they come.
		DisableCompression: true,
	}
	client := &http.Client{
		Transport:     capping{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return meilisearch.New(address,
		meilisearch.WithAPIKey(key), meilisearch.WithCustomClient(client), meilisearch.DisableRetries()), transport
}

// capping cuts replies off at maxReply.
type capping struct{ next http.RoundTripper }

func (c capping) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		resp.Body = &cappedBody{ReadCloser: resp.Body, left: maxReply}
	}
	return resp, err
}

type cappedBody struct {
	io.ReadCloser
	left int64
}

func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

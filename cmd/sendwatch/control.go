package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/sendwatch/sendwatch/search"
)

// The index belongs to one process. A running `serve` answers other commands
// over a socket in the data folder: the site's own routes, and the cursor of
// the index below /control.

const socketFile = "sendwatch.sock"

func (a *app) socketPath() string { return filepath.Join(a.cfg.DataDir, socketFile) }

// listenControl opens the socket. One that a killed process left is removed.
func (a *app) listenControl(ctx context.Context) (net.Listener, error) {
	path := a.socketPath()
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		_ = conn.Close()
		return nil, fmt.Errorf("another sendwatch serves %s", a.cfg.DataDir)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}

// control answers on the socket.
func control(site http.Handler, ix search.Index) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", site)
	mux.HandleFunc("GET /control/cursor", func(w http.ResponseWriter, r *http.Request) {
		at, err := ix.Cursor(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(at) // the reader has gone when this fails
	})
	return mux
}

// ask gets an answer from the running serve.
func (a *app) ask(ctx context.Context, path string, q url.Values, v any) error {
	var d net.Dialer
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", a.socketPath())
		},
		DisableKeepAlives: true,
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://sendwatch"+path+"?"+q.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		var p struct {
			Detail string `json:"detail"`
		}
		if json.Unmarshal(body, &p) == nil && p.Detail != "" {
			return errors.New(p.Detail)
		}
		return fmt.Errorf("the running sendwatch answered %s", resp.Status)
	}
	return json.Unmarshal(body, v)
}

// waitForServe returns when the running serve's index has reached the head of
// the change log as it stands now.
func (a *app) waitForServe(ctx context.Context) error {
	head, err := a.store.Head(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		var at int64
		if err := a.ask(ctx, "/control/cursor", nil, &at); err != nil {
			return fmt.Errorf("the index is held by another process that does not answer: %w", err)
		}
		if at >= head {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

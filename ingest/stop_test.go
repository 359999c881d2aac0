package ingest

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestOutlasting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		later, release := outlasting(ctx, time.Second)
		defer release()
		stop()
		time.Sleep(time.Second - time.Millisecond)
		synctest.Wait()
		if later.Err() != nil {
			t.Error("it ended with the other")
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if later.Err() == nil {
			t.Error("it does not end")
		}
	})
	released, release := outlasting(t.Context(), time.Hour)
	release()
	if released.Err() == nil {
		t.Error("it was released and does not end")
	}
}

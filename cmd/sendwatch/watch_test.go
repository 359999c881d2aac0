package main

import (
	"testing"
	"time"
)

func TestLongestGap(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for every, want := range map[string]time.Duration{
		"": time.Hour, "90m": 90 * time.Minute, "30 6 * * *": 24 * time.Hour, "30 6 * * 1-5": 72 * time.Hour, "0 9 * * 1": 7 * 24 * time.Hour, "soon": 0,
	} {
		if got := longestGap(every, now); got != want {
			t.Errorf("every %q: at most %v between two crawls, want %v", every, got, want)
		}
	}
}

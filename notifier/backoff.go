package notifier

import "time"

// The pauses between attempts: doubled from a minute up to six hours, as mail
// servers do, and given up after five days (RFC 5321, 4.5.4.1).
const (
	firstPause  = time.Minute
	longestWait = 6 * time.Hour
	giveUpAfter = 5 * 24 * time.Hour
)

// backOff is the pause after the given attempt, the first being 1. Jitter, in
// [0, 1), spreads it from three quarters to five quarters, so that messages that
// failed together do not come back together.
func backOff(attempt int, jitter float64) time.Duration {
	pause := firstPause
	for i := 1; i < attempt && pause < longestWait; i++ {
		pause *= 2
	}
	pause = min(pause, longestWait)
	return time.Duration(float64(pause) * (0.75 + jitter/2))
}

package notifier

import (
	"errors"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
)

// ErrBadToken is the answer to a token that this key did not sign for this purpose.
var ErrBadToken = errors.New("this link is not valid")

// NextHour is when an alert that is owed now may be told.
func NextHour(f sendwatch.Frequency, now time.Time) time.Time { return now }

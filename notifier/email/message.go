package email

import (
	sendwatch "github.com/sendwatch/sendwatch"
)

// Message is one finished email.
type Message struct {
	// ID is the Message-ID without its angle brackets.
	ID string
	// From and To are the bare addresses of the envelope.
	From, To string
	// Subject and Text are what a dry run shows.
	Subject, Text string
	// Data is the whole message, headers first, lines ended by CR LF.
	Data []byte
}

// Entry is one vacancy of a digest.
type Entry struct {
	Vacancy *sendwatch.Vacancy
	// URL is the vacancy's page on the site.
	URL string
	// Events is what is told of it, EventNew first when it is there.
	Events  []sendwatch.AlertEvent
	Fit     sendwatch.Fit
	Score   int
	Reasons []sendwatch.Reason
	Why     string
	// Miles is the distance from the nearest home, nil when it cannot be told.
	Miles *float64
	// OwnAdvert says that this is the employer's own advert of a post that the
	// person was told of before through an agency.
	OwnAdvert bool
}

// Pause is a link that pauses one subscription.
type Pause struct {
	// Asked is the subscription in words.
	Asked string
	URL   string
}

// Digest is what a digest email says.
type Digest struct {
	// MessageID is the frozen Message-ID, with or without angle brackets.
	MessageID string
	// To is the person's address.
	To      string
	Entries []Entry
	// Closed counts the posts that fitted and closed before this message left.
	Closed int
	// Pauses has one link for each subscription that this digest answers.
	Pauses []Pause
	// Manage is the person's page; Unsubscribe takes a one-click POST.
	Manage, Unsubscribe string
}

// Asked is one subscription in words, and how often it may be told.
type Asked struct {
	What      string
	Frequency sendwatch.Frequency
}

// Confirmation is what a confirmation email says.
type Confirmation struct {
	MessageID string
	To        string
	// Asked is what the person asked for: one link confirms all of it.
	Asked []Asked
	// URL opens the page that confirms.
	URL string
}

package email

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"
)

// SendError says why a message was not taken, and what that means for the next
// attempt. Nothing in it names an address.
type SendError struct {
	// Step is where it failed: connect, sender, recipient, data or content.
	Step Step
	// Permanent means that this message will never be taken: do not try again.
	// A refusal before the recipient was named is the fault of the settings, not
	// of the message, and never permanent.
	Permanent bool
	// Recipient means that the address itself was refused for good (no such
	// mailbox, disabled): do not write to it again.
	Recipient bool
	// Uncertain means that the server may have taken the message: the connection
	// broke between the last byte and the answer. A repeat carries the same
	// Message-ID.
	Uncertain bool
	// Code is the SMTP reply code, 0 when the server did not answer.
	Code int
	// Status is the enhanced status code (RFC 3463), such as "5.1.1", or empty.
	Status string
	Err    error
}

// Step is a stage of the conversation with the server.
type Step string

// The steps, in order.
const (
	StepConnect   Step = "connect"   // dial, TLS, EHLO, AUTH
	StepSender    Step = "sender"    // MAIL FROM
	StepRecipient Step = "recipient" // RCPT TO
	StepData      Step = "data"      // DATA
	StepContent   Step = "content"   // the message and the answer to it
)

// Error names the step and the server's answer, with addresses blotted out.
func (e *SendError) Error() string { return fmt.Sprintf("smtp %s: %v", e.Step, e.Err) }

// Unwrap gives the cause, scrubbed as well.
func (e *SendError) Unwrap() error { return e.Err }

var (
	addressLike  = regexp.MustCompile(`[^\s<>]*@[^\s<>]*`)
	enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)
)

// sendError classifies a failure of one step.
func sendError(step Step, err error) *SendError {
	var known *SendError
	if errors.As(err, &known) {
		return known
	}
	e := &SendError{Step: step, Err: scrub(err)}
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		e.Uncertain = step == StepContent
		return e
	}
	e.Code, e.Status = reply.Code, enhancedCode.FindString(reply.Msg)
	e.Permanent = reply.Code >= 500 && !ourFault(step, reply, e.Status)
	e.Recipient = e.Permanent && badAddress(step, reply.Code, e.Status)
	return e
}

// ourFault reports whether a 5xx answer is about the connection, the sender or
// the right to relay: things that an operator mends, after which the same
// message is welcome. To drop such a message, or to suppress its address, would
// lose every person's mail to one wrong setting.
func ourFault(step Step, reply *textproto.Error, status string) bool {
	switch {
	case step == StepConnect, step == StepSender:
		return true
	case reply.Code == 530, reply.Code == 535, reply.Code == 503: // log in first, bad sequence
		return true
	case step == StepRecipient && strings.HasPrefix(status, "5.7."):
		return true
	default:
		return step == StepRecipient && status == "" && strings.Contains(strings.ToLower(reply.Msg), "relay")
	}
}

// badAddress reports whether a 5xx answer is about the mailbox itself. With an
// enhanced code (RFC 3463) it is: 5.1.x is a bad address, except 5.1.7 and 5.1.8
// which are about the sender; 5.2.1 is a disabled mailbox. 5.7.x is policy and
// 5.2.2 a full mailbox: neither says that nobody lives there. Without one, only
// a refusal of RCPT by 550, 551 or 553 (RFC 5321, 4.2.3) counts.
func badAddress(step Step, code int, status string) bool {
	if status != "" {
		return status == "5.2.1" ||
			(strings.HasPrefix(status, "5.1.") && status != "5.1.7" && status != "5.1.8")
	}
	return step == StepRecipient && (code == 550 || code == 551 || code == 553)
}

// scrub keeps an error's words and its SMTP code and blots out addresses:
// servers like to repeat them.
func scrub(err error) error {
	const longest = 300
	clean := func(s string) string {
		return addressLike.ReplaceAllString(line(s, longest), "<address>")
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &textproto.Error{Code: reply.Code, Msg: clean(reply.Msg)}
	}
	if words := clean(err.Error()); words != err.Error() {
		return errors.New(words)
	}
	return err
}

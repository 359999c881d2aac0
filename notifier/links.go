package notifier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// ErrBadToken is the answer to a token that this key did not sign for this
// purpose.
var ErrBadToken = errors.New("this link is not valid")

// MinKey is the least length of a signing key, in bytes: that of the hash.
const MinKey = sha256.Size

// Links makes the signed addresses that emails carry. A token is the id and the
// HMAC-SHA256 of purpose and id, both in base64url, joined by a point. It holds
// for as long as the key; what it names may be gone before.
type Links struct {
	// Key signs; at least MinKey bytes. A shorter key verifies nothing.
	Key []byte
	// Base is the site's address, without a final slash.
	Base string
}

// Purpose says what a token lets its holder do.
type Purpose string

// The purposes. A token signed for one is worth nothing for another.
const (
	PurposeConfirm     Purpose = "confirm"     // id is a person
	PurposeManage      Purpose = "manage"      // id is a person
	PurposeUnsubscribe Purpose = "unsubscribe" // id is a person
	PurposePause       Purpose = "pause"       // id is a subscription
)

// Confirm is the page where a person confirms by POST.
func (l Links) Confirm(person string) string {
	return l.page(l.Token(PurposeConfirm, person), "confirm")
}

// Manage is the person's page.
func (l Links) Manage(person string) string {
	return l.page(l.Token(PurposeManage, person), "")
}

// Unsubscribe takes a one-click POST (RFC 8058) and shows a page on GET.
func (l Links) Unsubscribe(person string) string {
	return l.page(l.Token(PurposeUnsubscribe, person), "unsubscribe")
}

// Pause is the page where one subscription is paused by POST.
func (l Links) Pause(subscription string) string {
	return l.page(l.Token(PurposePause, subscription), "pause")
}

// Vacancy is the vacancy's page, which everybody may see.
func (l Links) Vacancy(id string) string {
	return strings.TrimSuffix(l.Base, "/") + "/vacancies/" + url.PathEscape(id)
}

// page is /alerts/{token} or /alerts/{token}/{action}.
func (l Links) page(token, action string) string {
	address := strings.TrimSuffix(l.Base, "/") + "/alerts/" + token
	if action != "" {
		address += "/" + action
	}
	return address
}

// Token signs id for purpose.
func (l Links) Token(purpose Purpose, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(id)) + "." +
		base64.RawURLEncoding.EncodeToString(l.sign(purpose, id))
}

// Verify gives the id of a token signed for purpose, or ErrBadToken. It takes
// the same time for every wrong signature.
func (l Links) Verify(purpose Purpose, token string) (string, error) {
	const longest = 1024
	if len(l.Key) < MinKey || len(token) > longest {
		return "", ErrBadToken
	}
	encodedID, encodedSum, found := strings.Cut(token, ".")
	if !found {
		return "", ErrBadToken
	}
	strict := base64.RawURLEncoding.Strict()
	id, err := strict.DecodeString(encodedID)
	if err != nil || len(id) == 0 || strings.ContainsAny(token, "\r\n") {
		return "", ErrBadToken
	}
	sum, err := strict.DecodeString(encodedSum)
	if err != nil || !hmac.Equal(sum, l.sign(purpose, string(id))) {
		return "", ErrBadToken
	}
	return string(id), nil
}

// sign is the HMAC of the purpose, a zero byte, which no purpose holds, and the id.
func (l Links) sign(purpose Purpose, id string) []byte {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(id))
	return mac.Sum(nil)
}

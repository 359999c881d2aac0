// Package web is the site and its JSON API: pages that work without
// JavaScript, rendered on the server.
//
// A request is what a person asks of the search, held in the address so that a
// search can be shared, saved as an alert and asked through the API in the same
// words. An answer is what comes back. The pages behind signed links (confirm,
// manage, unsubscribe) need no account: the token in the address says whose they
// are, and every change of theirs is made by POST.
package web

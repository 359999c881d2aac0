// Package browsertest opens the site in Chromium, for tests: as its users do, with
// scripts and without, on a phone and on a desk, by day and by night.
//
// A Browser is one running Chromium, a Tab one page in it with cookies of its own. A
// Tab clicks and types as a person does, holds what it shows to the rules of axe-core
// (Audit), and watches for everything that the site's own pages never do: a request to
// another host, a dialog, a script's error, a breach of the Content-Security-Policy.
// What it saw of that fails its test when the Tab closes.
//
// Everything that Chromium asks of a host that is not this machine goes to a proxy of
// the Browser's, which refuses it and remembers what was asked.
package browsertest

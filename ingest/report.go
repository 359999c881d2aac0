package ingest

// Report is what a crawl did. Its JSON form is what `sendwatch crawl --json`
// prints.
type Report struct {
	Source string `json:"source"`
	// Listed counts the distinct adverts the lists named; Fetched those fetched
	// anew, NotModified those the site said were as before.
	Listed      int `json:"listed"`
	Fetched     int `json:"fetched"`
	NotModified int `json:"not_modified"`
	// New counts adverts met for the first time, Changed those whose text changed,
	// Unchanged those that were as before (NotModified ones included).
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	// Closed and Reopened count adverts, not vacancies.
	Closed   int `json:"closed"`
	Reopened int `json:"reopened"`
	// Quarantined counts adverts that could not be read.
	Quarantined int     `json:"quarantined"`
	Requests    int     `json:"requests"`
	Bytes       int64   `json:"bytes"`
	Seconds     float64 `json:"seconds"`
	// Healthy is the verdict; Note explains it.
	Healthy bool   `json:"healthy"`
	Note    string `json:"note"`
}

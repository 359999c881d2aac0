package document

// FromHTML reads a page or a fragment of one.
func FromHTML(s string) Document { return FromText(s) }

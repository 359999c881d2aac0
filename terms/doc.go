// Package terms turns texts and searches into terms, so that search, alerts,
// feeds and exports all mean the same by the same words.
//
// A token is a word as it stands in a text, folded: lower case, without accents
// and apostrophes. "T.A." is the token "ta", "1:1" is one token, "&" is "and".
// A stem is a token without its English ending ("assistants" and "assistant"
// are both "assist"). A group is a set of forms that mean the same ("TA",
// "teaching assistant"); the data file synonyms.yaml lists them. A bigram is
// two neighbouring stems.
//
// A document's terms are its stems, its bigrams (two stems with a space between)
// and the ids of the groups whose forms stand in it (with a "#" before). Forms
// may overlap and all count: "higher level teaching assistant" holds #hlta and
// #ta, so that a search for any phrase of a text finds it. A search takes the
// longest forms only, so "HLTA" never widens to "TA".
//
// A form that is also a verb ("send your CV") counts as the verb before the
// words that synonyms.yaml lists, in texts and searches alike.
package terms

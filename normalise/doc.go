// Package normalise turns postings into readings.
//
// A posting is an advert as one source publishes it; a reading is what was
// understood of it: its kind, its scope and role, the needs of the pupils, the
// setting, what is asked of the candidate, what is paid, and where it is. Read
// makes a reading of a posting, Split finds the postings of one document, and
// Merge makes one reading of several of the same vacancy.
//
// An advert is read as passages: the sentences, list items and cells of its
// body, each with the part of the advert (requirements, duties, offer, about,
// apply) that its heading opens. What a passage says counts according to where
// it stands: "autism" among the duties is a need of the pupils, among the
// requirements it is something to know, among the offers it is a course.
//
// Titles lie: "Psychology Graduate" is often a teaching assistant, and a
// "support assistant" may be a teacher. So role and scope are judged on title
// and body together, and where they disagree on who the body says it wants.
//
// Everything here is pure: the same posting gives the same reading, whatever
// the time and wherever it runs. Work grows in step with the text.
package normalise

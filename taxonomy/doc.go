// Package taxonomy knows what adverts for school support posts ask for, in what
// words, and what satisfies what. It is pure: text in, findings out.
//
// A Concept is one thing that can be asked of a candidate: GCSE English, two
// years with autistic pupils, patience, an enhanced DBS check. Its Kind says
// how it can be tested. Concepts imply each other (a Level 3 teaching assistant
// holds Level 2) and some stand for each other (Functional Skills at Level 2
// for a GCSE at grade 4); Satisfies follows both.
//
// A Role is a kind of post under the titles that adverts give it; its Scope
// says whether it is the work that Sendwatch watches. A Need is what pupils
// have, a Setting where they are taught, a Phase how old they are: each is a
// Label with its wordings. FindRoles, FindNeeds, FindSettings and FindPhases
// find those wordings in a text.
//
// A Section is the heading that a line stands under: essential, desirable or
// none. Heading and Part recognise headings. Requirements reads one line under
// its section into requirements: concept, level, least years of experience,
// alternatives and the words that ask.
//
// # How a line is read
//
// A line is split into sentences. One that gives duties, describes the school
// or the pupils, tells how to apply or makes an offer asks nothing; outside a
// person specification a long sentence must say that it asks. In what is left
// the words of level ("ideally", "is a must") beat the heading; denials,
// purposes ("so that pupils can …") and provenance ("gained in a nursery or at
// home") are taken out. Grammars read what dictionaries cannot hold: school
// subjects with grades, levels with fields, degrees with subjects, lengths of
// time. Everything else is the longest wording of the data file, and its head
// word decides between experience and knowledge: "experience of autism and
// SEMH" is two experiences, "understanding of SEMH" is knowledge. Of two
// concepts in one phrase the narrower one counts. "Or", a slash and "such as"
// make a group of alternatives; willingness to obtain a thing joins its group.
//
// Wordings, cues and headings are data (taxonomy.yaml): a new wording needs no
// Go. Only rules of grammar are code. A wording may be a pattern of
// alternatives, "(build|form) trust", and a concept's wording is found across
// words that do not change it, "part of a (busy, friendly) team", and in every
// form of its verbs, "building trust"; so a wording that fits a single line is
// never needed. What is done with people ("engage reluctant learners") is read
// from a class of verbs and the words for pupils and adults.
package taxonomy

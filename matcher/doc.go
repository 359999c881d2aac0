// Package matcher decides whether a vacancy fits a saved search or a candidate,
// and says why.
//
// A vacancy's attributes are the vacancy laid flat: what filters and search
// engines look at. A filter is the criteria of a saved search with its places
// resolved to circles and its words to terms; Filter.Accepts is the plain
// specification that every engine agrees with.
//
// A candidate is matched by demands and constraints. A demand is one requirement
// of the advert, or several joined by "or". Only qualifications, training,
// experience and licences are tested: an advert's skills, qualities, knowledge,
// checks and attitudes cannot be told from a profile, and are never held against
// anyone. A constraint is what the candidate will take: distance, pay, hours,
// contract, setting, and the work that is refused. A constraint is kept, broken,
// or in doubt when the advert does not tell.
//
// The fit is "no" when the vacancy is out of scope, a constraint is broken or two
// essential demands are unmet; "possible" when exactly one is unmet or anything is
// in doubt; else "strong". What is merely wanted (needs, settings, phases, desirable
// requirements) never changes the fit: it ranks, through the score.
//
// A percolator holds subscriptions and finds those that a vacancy fits. It says
// exactly what Matcher.Match says for every pair, only sooner.
package matcher

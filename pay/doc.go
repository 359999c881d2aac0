// Package pay reads what a UK school or agency advert says about pay, hours,
// contract and dates, and works out figures by which two adverts can be
// compared. It is pure: no network, no clock, no state beyond the tables.
//
// Its nouns:
//
//   - A quote is an amount as it was printed: pounds a year, month, week, day or
//     hour, with a basis. FTE (full-time equivalent, "pro rata") is what the post
//     would pay for a full-time week all year; actual is what this post pays.
//     What was printed is never overwritten, even when it looks wrong: a doubtful
//     quote gets a flag.
//   - A spine is a numbered list of salaries; a point (SCP, spinal column point)
//     is one line of it; an award is a year's edition of the spine, named
//     "2025-26". A grade is an employer's name for some neighbouring points.
//   - The share of a term-time post is the part of the year that is paid: the
//     weeks worked and the leave they earn, over 52.143 weeks.
//   - A comparable figure is stated, derived (it follows from what is printed) or
//     assumed (it needed a default that the advert does not print). A figure that
//     does not follow is nil: "not enough to say".
//
// Reading goes in three steps. Text is cleaned and cut to a cap. Small readers,
// one to a file, each find one kind of thing: amounts, units, bases, points,
// grades, hours, weeks, contract, dates. Then the calculator derives the
// comparable figures, with the working in sentences, and sets the flags.
package pay

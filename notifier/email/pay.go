package email

import (
	"github.com/sendwatch/sendwatch/pay"
)

// viewPay says an offer in words, cut to the lengths of a message: what is
// really paid first, then the other figures, then how they were reached and what
// to be careful about. Allowances and grades carry words of the advert.
func viewPay(o pay.Offer) pay.Words {
	const (
		mostWorking  = 4
		mostCautions = 7
		wordsLength  = 220
	)
	w := o.Say()
	return pay.Words{
		Headline: line(w.Headline, wordsLength),
		Also:     upperFirst(line(w.Also, wordsLength)),
		Cautions: lines(w.Cautions, mostCautions, wordsLength),
		Working:  lines(w.Working, mostWorking, wordsLength),
	}
}

// pounds writes an amount that a person asked for.
func pounds(x float64) string { return (&pay.Figure{Min: &x, Max: &x}).String() }

package pay

// holiday is what a pay text says about holiday pay in its rates.
type holiday struct {
	// inside is set where the rates include holiday pay.
	inside bool
	// rate is the printed part of the rate, 0.1207 for 12.07%; 0 when none is
	// printed.
	rate float64
}

var (
	holidayIn   = compile(`\b(?:inc|incl|includes?|including|inclusive(?: of)?)\b\.?\s*(?:of )?(?:an? )?(?:\w+ ){0,3}?(?:[\d.]+% )?(?:\w+ )?holiday|holiday (?:pay )?(?:is |are )?(?:included|inclusive|incl|inc\b)|with holiday pay (?:included|rolled)|rolled[ -]up holiday`)
	holidayOut  = compile(`\b(?:not incl\w*|exclu\w*|excl?\.?)(?: of)?\s*(?:any )?holiday|paid (?:school )?holidays`)
	holidayRate = compile(`(\d{1,2}(?:\.\d{1,3})?) ?%`)
)

// readHoliday reads the sentence that speaks of holiday pay.
func readHoliday(lower string) holiday {
	m := holidayIn.FindStringIndex(lower)
	if m == nil || holidayOut.MatchString(lower[max(0, m[0]-6):min(len(lower), m[1]+4)]) {
		return holiday{}
	}
	h := holiday{inside: true}
	around := lower[max(0, m[0]-10):min(len(lower), m[1]+40)]
	for _, r := range holidayRate.FindAllStringSubmatch(around, 4) {
		if v := parse(r[1]); v >= 8 && v <= 20 {
			h.rate = v / 100
		}
	}
	return h
}

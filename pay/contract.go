package pay

// contractWords are the kinds of contract with the words for them, the most
// telling first: an apprenticeship is also fixed-term, a maternity cover also
// temporary.
var contractWords = []struct {
	kind  string
	words *pattern
}{
	{"apprenticeship", compile(`\bapprentice`)},
	{"maternity-cover", compile(`\b(?:maternity|paternity|parental|adoption)(?: leave)?(?: \w+)? cover|\bcover(?:ing)? (?:for )?(?:a )?(?:period of )?(?:maternity|paternity|parental)|\bmaternity\b`)},
	{"temp-to-perm", compile(`\btemp(?:orary)?(?:[ -]+to[ -]+| - )perm`)},
	{"casual", compile(`\bcasual\b|\bzero[ -]hours?\b|\b0[ -]hours? contract|\bbank (?:staff|worker|contract)|\brelief\b|\bas and when\b`)},
	{"fixed-term", compile(`\bfixed[ -]?term\b|\bftc\b|\bfixed contract|\btime[ -]limited\b|\bcyfnod penodol|\bcontract until\b`)},
	{"temporary", compile(`\btemp\b|\btemporary\b|\bdros dro\b|\bsecondment\b`)},
	{"permanent", compile(`\bperm\b|\bpermanent\b|\bparhaol\b`)},
}

var (
	// contractLabel names the field and not the contract: "Perm / FTC Permanent".
	contractLabel = compile(`(?:perm(?:anent)?|temp(?:orary)?)\s*/\s*(?:ftc|fixed[ -]term|temp(?:orary)?)\s*:?\s*(perm|temp|fixed|ftc)`)
	mayBecome     = compile(`(?:with )?(?:a |the )?(?:view to|possib\w*|potential\w*|may|could|opportunity)[^.\n]{0,40}\b(?:permanent|perm)\b`)

	fullTimeWord = compile(`\bfull[ -]?time\b|\bf/t\b|\bft(?:$|\s*[,;|/)\n])|\bllawn amser\b`)
	partTimeWord = compile(`\bpart[ -]?time\b|\bp/t\b|\bpt(?:$|\s*[,;|/)\n])|\brhan[ -]amser\b|\bjob[ -]?share\b`)
	bothTimes    = compile(`\bfull\s?(?:/|&|and|or)\s?part[ -]?time\b|\bpart\s?(?:/|&|and|or)\s?full[ -]?time\b`)
	// notPattern is full or part time said of something else than this post.
	notPattern = compile(`pro rata[^.\n;]{0,20}\bpart[ -]?time[^.\n;)]{0,30}|full[ -]?time(?:[/ ]+full[ -]?year)?[ -]+(?:equiv\w*|salary|amount|figure|rate|pay|week|staff|employees|contract hours)|full[ -]?time hours(?:[^:\w]|$)|\(full[ -]?time:? £|\bfor (?:full|part)[ -]?time\b|\bof (?:an? )?full[ -]?time|\b(?:annum|p\.?a\.?|a year) full[ -]?time\b|£[\d,.]+ full[ -]?time(?:[,;/]? ?(?:£|actual)|\))|fte[^.\n;]{0,12}full[ -]?time|part[ -]?time (?:staff|employees|hours)`)
)

// findContract reads the kind of contract; empty when the text does not tell.
func findContract(contract, hours, dates string) string {
	for _, s := range []string{contract, hours, dates} {
		s = contractLabel.ReplaceAllString(s, "$1")
		for i, c := range contractWords {
			if i == len(contractWords)-1 {
				s = mayBecome.ReplaceAllString(s, " ")
			}
			if c.words.MatchString(s) {
				return c.kind
			}
		}
	}
	return ""
}

// findPattern reads the working pattern: full-time, part-time, either or empty.
// The pay text counts only when nothing else names a pattern.
func findPattern(contract, hours, pay string) string {
	full, part := patternIn(contract + "\n" + hours)
	if !full && !part {
		full, part = patternIn(pay)
	}
	switch {
	case full && part:
		return "either"
	case full:
		return "full-time"
	case part:
		return "part-time"
	}
	return ""
}

func patternIn(s string) (full, part bool) {
	if bothTimes.MatchString(s) {
		return true, true
	}
	s = notPattern.ReplaceAllString(s, " ")
	return fullTimeWord.MatchString(s), partTimeWord.MatchString(s)
}

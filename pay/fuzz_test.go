package pay

import "testing"

func FuzzRead(f *testing.F) {
	tables := load(f)
	for _, seed := range [][4]string{
		{"SCP 5 - 6 £25,583 - £25,989 pro rata", "27.5 hours per week, 39 weeks", "Permanent", "Closing date: 5 March 2026"},
		{"£89 - 103 per day inc. holiday pay at 12.07%", "6.5 hours a day", "Temp to perm", "asap"},
		{"£24,910 x 45.6/52.18 weeks x 27.5/36 hours = £16,629 per year (£1,386 per month", "36¼hours", "until 31.8.25", "29/6/"},
		{"Grade C3-C6: 12,416-13,930 (pro rata of £24,413", "26 or 31 hours", "Perm / FTC Permanent", "2026-08-31T23:59:00+01:00"},
		{"\xa324,000 \x96 £26k + SEN allowance £2,679", "0.6 FTE, 44.6 paid weeks of 52.143", "zero hours", "31 st August 2026"},
		{"£28,142 - £26,403", "32 hours 5 minutes", "maternity cover", "99/99/9999"},
		{"50wk 0/37h=10000", "0", "0", "0"},
		{"\xa30 10000 holidAY 10000", "0", "0", "0"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], "2026-01", "school")
	}
	f.Fuzz(func(t *testing.T, pay, hours, contract, dates, published, kind string) {
		o := tables.Read(Input{PayText: pay, HoursText: hours, ContractText: contract, DatesText: dates, Published: published, EmployerKind: kind, Employer: contract})
		if err := checkOffer(o); err != nil {
			t.Errorf("%q, %q: %v", pay, hours, err)
		}
	})
}

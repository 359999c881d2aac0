package notifier

import (
	"strconv"
	"strings"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/pay"
)

// The fields of a change that are told of again (Change.Fields).
const (
	fieldCloses = "closes_at"
	fieldPay    = "pay"
)

// changedEvents are the events of change that a vacancy's present state gives
// to people who were told of it. The event names the new date or figures, so
// that each is told once; a date or pay that is gone is not told of.
func changedEvents(v *sendwatch.Vacancy, fields map[string]bool) []sendwatch.AlertEvent {
	var out []sendwatch.AlertEvent
	if fields[fieldCloses] && v.ClosesAt != nil {
		out = append(out, sendwatch.AlertEvent("closes:"+v.ClosesAt.In(email.London()).Format("2006-01-02")))
	}
	if figures := payFigures(v.Pay); fields[fieldPay] && figures != "" {
		out = append(out, sendwatch.AlertEvent("pay:"+figures))
	}
	return out
}

// payFigures writes the pay that a person would compare, as "18412-19033/year":
// the first known of actual annual, daily, hourly, full-time annual, and the
// first amount quoted.
func payFigures(o pay.Offer) string {
	c := o.Comparable
	for _, f := range []struct {
		figure *pay.Figure
		unit   string
	}{{c.ActualAnnual, "year"}, {c.Daily, "day"}, {c.Hourly, "hour"}, {c.FullTimeAnnual, "fte-year"}} {
		if f.figure != nil && (f.figure.Min != nil || f.figure.Max != nil) {
			return span(f.figure.Min, f.figure.Max) + "/" + f.unit
		}
	}
	for _, q := range o.Quoted {
		if q.Min != nil || q.Max != nil {
			return span(q.Min, q.Max) + "/" + q.Unit
		}
	}
	return ""
}

// span writes a pair of bounds; an open one is empty.
func span(min, max *float64) string {
	text := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strings.TrimSuffix(strconv.FormatFloat(*x, 'f', 2, 64), ".00")
	}
	if min != nil && max != nil && *min == *max {
		return text(min)
	}
	return text(min) + "-" + text(max)
}

// eventRank puts `new` first.
func eventRank(e sendwatch.AlertEvent) int {
	if e == sendwatch.EventNew {
		return 0
	}
	return 1
}

package replica

import (
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// ParseInstant reads a date, which stands for the end of that day in the city, or a
// moment (RFC 3339), which stands for the whole second that it is in, so that all who
// look back to about the same time share one past. The error is of kind geo.ErrInvalid.
func ParseInstant(text string) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, geo.CityTime()); err == nil {
		return endOfDay(day), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		if end := endOfDay(at.In(geo.CityTime())); at.Equal(end) {
			return end, nil // as we write a day
		}
		return at.Truncate(time.Second).UTC(), nil
	}
	return time.Time{},
		lang.Errorf("%.40q is not a valid time; write a day as 2024-05-01 or a moment as 2024-05-01T08:00:00+08:00: %w",
			text, geo.ErrInvalid)
}

// endOfDay is the last moment that the ledger can tell of the day that a moment of the
// city is in.
func endOfDay(at time.Time) time.Time {
	year, month, day := at.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, at.Location()).Add(-time.Microsecond).UTC()
}

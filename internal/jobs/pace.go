package jobs

import "time"

// Speed of transfers: after a grace period, a minimum average rate since the beginning; and a
// maximum duration.
const (
	MinRate       = 4 << 10 // bytes a second
	uploadGrace   = 30 * time.Second
	uploadLongest = time.Hour
)

// Pace decides how long a transfer may last.
type Pace struct {
	Began   time.Time
	Grace   time.Duration
	Rate    int64 // bytes a second
	Longest time.Duration
}

// due is when more than the given bytes must have arrived, and when all must have.
func (p Pace) due(bytes int64) (more, all time.Time) {
	earned := time.Duration(float64(bytes) / float64(p.Rate) * float64(time.Second))
	return p.Began.Add(p.Grace + earned), p.Began.Add(p.Longest)
}

// Until is the earlier of both deadlines after the given bytes.
func (p Pace) Until(bytes int64) time.Time {
	more, all := p.due(bytes)
	if all.Before(more) {
		return all
	}
	return more
}

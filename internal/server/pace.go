package server

import (
	"net/http"
	"time"
)

// How fast bytes must come and go: on the average since the beginning, after a while
// that is given to everybody, and to the end in so long.
const (
	leastRate     = 4 << 10 // bytes a second
	uploadGrace   = 30 * time.Second
	uploadLongest = time.Hour
	answerLongest = time.Hour
)

// pace is until when a transfer may last.
type pace struct {
	began   time.Time
	grace   time.Duration
	rate    int64 // bytes a second
	longest time.Duration
}

// due is when more than so many bytes must have passed, and when all must have.
func (p pace) due(bytes int64) (more, all time.Time) {
	earned := time.Duration(float64(bytes) / float64(p.rate) * float64(time.Second))
	return p.began.Add(p.grace + earned), p.began.Add(p.longest)
}

// until is the earlier of the two.
func (p pace) until(bytes int64) time.Time {
	more, all := p.due(bytes)
	if all.Before(more) {
		return all
	}
	return more
}

// pacedAnswer is an answer whose taker must keep pace, from the first byte on, however
// long the work before that took.
type pacedAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	pace    pace
	written int64
}

// paced gives answers behind it as long as they take, and who takes them no longer
// than is fair.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&pacedAnswer{ResponseWriter: w, control: http.NewResponseController(w)}, r)
	})
}

// Unwrap is for [http.ResponseController].
func (p *pacedAnswer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Write sends bytes, or fails when they are not taken in time.
func (p *pacedAnswer) Write(b []byte) (int, error) {
	if p.pace.began.IsZero() {
		p.pace = pace{began: time.Now(), grace: sendTimeout, rate: leastRate, longest: answerLongest}
	}
	if err := p.control.SetWriteDeadline(p.pace.until(p.written)); err != nil {
		return 0, err
	}
	n, err := p.ResponseWriter.Write(b)
	p.written += int64(n)
	return n, err
}

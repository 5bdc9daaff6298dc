package server

import (
	"net/http"
	"time"

	"yizhan/internal/jobs"
)

// answerLongest is how long sending one answer may take.
const answerLongest = time.Hour

// pacedAnswer is an answer whose client must keep pace from the first byte on, however long
// the work before that took.
type pacedAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	pace    jobs.Pace
	written int64
}

// paced lets answers take as long as they need to prepare, and limits how slowly clients
// may read them.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&pacedAnswer{ResponseWriter: w, control: http.NewResponseController(w)}, r)
	})
}

// Unwrap is for [http.ResponseController].
func (p *pacedAnswer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Write sends bytes, or fails when they are not taken in time.
func (p *pacedAnswer) Write(b []byte) (int, error) {
	if p.pace.Began.IsZero() {
		p.pace = jobs.Pace{Began: time.Now(), Grace: sendTimeout, Rate: jobs.MinRate, Longest: answerLongest}
	}
	if err := p.control.SetWriteDeadline(p.pace.Until(p.written)); err != nil {
		return 0, err
	}
	n, err := p.ResponseWriter.Write(b)
	p.written += int64(n)
	return n, err
}

// unhurried removes the server's deadlines from a request with long work; once expired, they
// would end the request or lose its answer. Its body has been read by then, and its answer
// has a pace of its own ([paced], [stream]).
func unhurried(w http.ResponseWriter) error { return jobs.LiftDeadlines(http.NewResponseController(w)) }

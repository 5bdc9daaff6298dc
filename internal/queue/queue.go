package queue

import (
	"context"
	"slices"
	"sync"
	"time"

	"yizhan/internal/lang"
)

// Limits of a queue.
type Limits struct {
	Work    lang.Label    // what is waited for, in the words of a refusal: "reading history"
	AtOnce  int           // how much is done at a time
	Waiting int           // how many may wait, of all clients
	Each    int           // how many of one client may be at work or wait; 0 for no limit
	Share   int           // how many of one client may be at work; 0 for no limit
	Budget  time.Duration // of work that a client may have done in a minute; 0 for no limit
	// delay of a refusal, so that a client that retries at once does not keep the server busy refusing
	Pause time.Duration
}

// Queue gives out turns, to the clients that wait by rotation.
type Queue struct {
	limits Limits

	mu       sync.Mutex
	working  int
	waiting  int
	clients  map[string]*client
	rotation []*client // those with somebody waiting; the first is next
	swept    time.Time
}

// client is one who has somebody at work or waiting, or has used up some of its budget.
type client struct {
	held    int // at work or waiting
	working int
	waiting []chan struct{} // each is closed when its turn has come; oldest first
	spent   time.Duration   // of the budget, at the time noted; it comes back evenly
	noted   time.Time
}

// New makes a queue in which nobody waits.
func New(l Limits) *Queue {
	return &Queue{limits: l, clients: map[string]*client{}}
}

// Enter waits for a turn; leave gives it back and must be called once. The error is a
// [*Refused] where there is no room, and the context's where it ends first: then the
// place in the queue is given up.
func (q *Queue) Enter(ctx context.Context, name string) (leave func(), err error) {
	turn, refused := q.join(name)
	if refused != nil {
		q.holdBack(ctx)
		return nil, refused
	}
	select {
	case <-turn:
	case <-ctx.Done():
		q.giveUp(name, turn)
		return nil, ctx.Err()
	}
	started := time.Now()
	return func() { q.leave(name, started) }, nil
}

func (q *Queue) holdBack(ctx context.Context) {
	pause := time.NewTimer(q.limits.Pause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
}

// join takes a place; the turn is closed already where there is room at once.
func (q *Queue) join(name string) (turn chan struct{}, refused *Refused) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	q.sweep(now)
	c := q.clients[name]
	if c == nil {
		c = &client{noted: now}
	}
	q.refund(c, now)
	switch l := q.limits; {
	case l.Budget > 0 && c.spent >= l.Budget:
		return nil, &Refused{After: q.backIn(c), Client: name,
			why: lang.Errorf("%s: your share of %s a minute is used up; try again later", l.Work, l.Budget)}
	case l.Each > 0 && c.held >= l.Each:
		return nil, &Refused{After: time.Second, Client: name,
			why: lang.Errorf("%s: %d requests of yours are already in progress; wait for them", l.Work, c.held)}
	case q.waiting >= l.Waiting && (q.working >= l.AtOnce || !q.mayWork(c)):
		return nil, &Refused{After: 2 * time.Second,
			why: lang.Errorf("%s: too many requests, %d are waiting; try again later", l.Work, q.waiting)}
	}
	q.clients[name] = c
	c.held++
	turn = make(chan struct{})
	if q.working < q.limits.AtOnce && q.mayWork(c) {
		q.working++
		c.working++
		close(turn)
		return turn, nil
	}
	q.waiting++
	if c.waiting = append(c.waiting, turn); len(c.waiting) == 1 {
		q.rotation = append(q.rotation, c)
	}
	return turn, nil
}

// giveUp removes a waiting request; a turn that arrived meanwhile is passed on.
func (q *Queue) giveUp(name string, turn chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.clients[name]
	c.held--
	i := slices.Index(c.waiting, turn)
	if i < 0 {
		c.working--
		q.pass()
		return
	}
	q.waiting--
	if c.waiting = slices.Delete(c.waiting, i, i+1); len(c.waiting) == 0 {
		q.rotation = slices.DeleteFunc(q.rotation, func(o *client) bool { return o == c })
	}
}

func (q *Queue) leave(name string, started time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	c := q.clients[name]
	c.held--
	c.working--
	if q.limits.Budget > 0 {
		q.refund(c, now)
		c.spent += now.Sub(started)
	}
	q.pass()
}

// mayWork reports whether one more of the client may be at work. It needs q.mu.
func (q *Queue) mayWork(c *client) bool { return q.limits.Share == 0 || c.working < q.limits.Share }

// pass gives a finished turn to the next eligible client. It needs q.mu.
func (q *Queue) pass() {
	q.working--
	i := slices.IndexFunc(q.rotation, q.mayWork)
	if i < 0 {
		return
	}
	next := q.rotation[i]
	q.rotation = slices.Delete(q.rotation, i, i+1)
	turn := next.waiting[0]
	if next.waiting = next.waiting[1:]; len(next.waiting) > 0 {
		q.rotation = append(q.rotation, next)
	}
	q.waiting--
	q.working++
	next.working++
	close(turn)
}

// refund restores the budget for the time that has passed. It needs q.mu.
func (q *Queue) refund(c *client, now time.Time) {
	back := time.Duration(now.Sub(c.noted).Seconds() / 60 * float64(q.limits.Budget))
	c.spent, c.noted = max(0, c.spent-back), now
}

// backIn is when a client has budget again, and a little more, so that it is not used up at
// once.
func (q *Queue) backIn(c *client) time.Duration {
	over := c.spent - q.limits.Budget + q.limits.Budget/20
	return time.Duration(float64(over) / float64(q.limits.Budget) * float64(time.Minute))
}

// sweepEvery is how often inactive clients are forgotten.
const sweepEvery = 10 * time.Second

// sweep needs q.mu.
func (q *Queue) sweep(now time.Time) {
	if now.Sub(q.swept) < sweepEvery {
		return
	}
	q.swept = now
	for name, c := range q.clients {
		if q.refund(c, now); c.held == 0 && c.spent == 0 {
			delete(q.clients, name)
		}
	}
}

// Load is how many are at work and how many wait.
func (q *Queue) Load() (working, waiting int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.working, q.waiting
}

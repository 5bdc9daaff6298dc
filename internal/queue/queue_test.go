package queue_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/queue"
)

// worker enters a queue and works until it is told to stop.
type worker struct{ begun, stop chan struct{} }

func enter(t *testing.T, q *queue.Queue, client string) worker {
	w := worker{begun: make(chan struct{}), stop: make(chan struct{})}
	go func() {
		leave, err := q.Enter(t.Context(), client)
		if err != nil {
			t.Error(err)
			return
		}
		close(w.begun)
		<-w.stop
		leave()
	}()
	synctest.Wait()
	return w
}

func (w worker) works() bool {
	select {
	case <-w.begun:
		return true
	default:
		return false
	}
}

func (w worker) finish() {
	close(w.stop)
	synctest.Wait()
}

func refusal(t *testing.T, q *queue.Queue, client string) *queue.Refused {
	t.Helper()
	var refused *queue.Refused
	if _, err := q.Enter(t.Context(), client); !errors.As(err, &refused) || !errors.Is(err, geo.ErrUnavailable) {
		t.Fatalf("%s is told %v, and is not refused", client, err)
	}
	return refused
}

// One who has many waiting delays another by no more than one of them.
func TestClientsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(queue.Limits{AtOnce: 1, Waiting: 10})
		first := enter(t, q, "many")
		var others []worker
		for range 3 {
			others = append(others, enter(t, q, "many"))
		}
		one := enter(t, q, "one")
		first.finish()
		if !others[0].works() || one.works() {
			t.Error("who came first is not served first")
		}
		others[0].finish()
		if !one.works() || others[1].works() {
			t.Error("the client with one waits for all of the client with many")
		}
		one.finish()
		others[1].finish()
		others[2].finish()
		if working, waiting := q.Load(); working != 0 || waiting != 0 {
			t.Errorf("%d work and %d wait in the end", working, waiting)
		}
	})
}

func TestNoMoreWaitThanThereIsRoomFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(queue.Limits{Work: lang.Label{EN: "looking back"}, AtOnce: 1, Waiting: 2, Each: 2,
			Pause: time.Second})
		works, waits := enter(t, q, "a"), enter(t, q, "a")
		if own := refusal(t, q, "a"); !own.Concerns("a") || own.Concerns("b") || own.Seconds() < 1 {
			t.Errorf("a third of one client is told %v", own)
		}
		last := enter(t, q, "b")
		started := time.Now()
		if all := refusal(t, q, "c"); !all.Concerns("d") || !strings.Contains(all.Error(), "looking back") {
			t.Errorf("one too many is told %v", all)
		}
		if time.Since(started) != time.Second {
			t.Error("a refusal is not held back")
		}
		works.finish()
		waits.finish()
		last.finish()
	})
}

func TestOneWhoGoesAwayLeavesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(queue.Limits{AtOnce: 1, Waiting: 1, Each: 1})
		works := enter(t, q, "a")
		ctx, goAway := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { _, err := q.Enter(ctx, "b"); gone <- err }()
		synctest.Wait()
		goAway()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("it is told %v", err)
		}
		again := enter(t, q, "b")
		works.finish()
		if !again.works() {
			t.Error("the place of one who went away is kept")
		}
		again.finish()
	})
}

func TestOneClientLeavesRoomAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(queue.Limits{AtOnce: 2, Waiting: 10, Share: 1})
		first, second := enter(t, q, "a"), enter(t, q, "a")
		other := enter(t, q, "b")
		if second.works() || !other.works() {
			t.Error("one client has all that there is")
		}
		other.finish()
		if second.works() {
			t.Error("a turn that another gave back goes to one who has its share")
		}
		first.finish()
		if !second.works() {
			t.Error("its own turn does not come to it")
		}
		second.finish()
	})
}

func TestWhatAClientUsesUpComesBackWithTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue.New(queue.Limits{AtOnce: 1, Waiting: 10, Budget: 6 * time.Second})
		long := enter(t, q, "a")
		time.Sleep(9 * time.Second)
		long.finish()
		own := refusal(t, q, "a")
		if !own.Concerns("a") || own.Concerns("b") {
			t.Errorf("another is refused too: %v", own)
		}
		enter(t, q, "b").finish()
		time.Sleep(time.Duration(own.Seconds()) * time.Second)
		enter(t, q, "a").finish()
		if own.Seconds() < 30 {
			t.Errorf("half as much again as there is for a minute is back after %d s", own.Seconds())
		}
	})
}

package replica_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"yizhan/geo/index"
	"yizhan/internal/lang"
	"yizhan/internal/queue"
	"yizhan/internal/replica"
)

// All instants between one change of a layer and the next have one past, which is held
// once however many are asked for.
func TestInstantsBetweenTwoChangesShareOnePast(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, geom) values ('M1', 'rain', 'damaged', "+
			"false, 'SRID=4326;POINT(112.6 33)')")
	b.exec(t, "update city.manhole set condition = 'intact'")
	b.exec(t,
		"update journal.entry set at = date_trunc('second', now()) - interval '1 h' * (case op when 'insert' then 3 "+
			"else 1 end)")
	c, now := b.layer(t, "manhole"), time.Now()
	var first *index.Collection
	for i := range 5 {
		past, err := b.history.AsOf(t.Context(), "", c, now.Add(-2*time.Hour+time.Duration(i)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = past
		}
		if past != first {
			t.Error("the same past is held twice")
		}
	}
	later, err := b.history.AsOf(t.Context(), "", c, now.Add(-time.Minute))
	if err != nil || later == first || rows(later)[1] == rows(first)[1] {
		t.Errorf("after the change it is %v, as before it: %v", rows(later), err)
	}
	nothing, err := b.history.Between(t.Context(), "", c, now.Add(-2*time.Hour), now.Add(-2*time.Hour+time.Minute))
	if err != nil || nothing.Len() != 0 {
		t.Errorf("where nothing changed %d features differ: %v", nothing.Len(), err)
	}
}

// One who goes away while waiting leaves the queue, unless somebody else waits for the
// same past.
func TestNobodyWaitsForThoseWhoWentAway(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, geom) values ('M1', 'rain', 'damaged', "+
			"false, 'SRID=4326;POINT(112.6 33)')")
	c, at := b.layer(t, "manhole"), b.now(t)
	turns := queue.New(queue.Limits{Work: lang.Label{EN: "looking back"}, AtOnce: 1, Waiting: 8})
	history := replica.NewHistory(b.ledger, turns, func() int { return 0 })
	leave, err := turns.Enter(t.Context(), "another")
	if err != nil {
		t.Fatal(err)
	}
	gone, goAway := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if _, err := history.AsOf(gone, "a", c, at.Add(time.Second)); !errors.Is(err, context.Canceled) {
				t.Errorf("one who went away is told %v", err)
			}
		})
		wait.Go(func() {
			if _, err := history.AsOf(gone, "a", c, at); !errors.Is(err, context.Canceled) {
				t.Errorf("one who went away is told %v", err)
			}
		})
	}
	stays := make(chan error)
	go func() { _, err := history.AsOf(t.Context(), "b", c, at); stays <- err }()
	waiting := func(n int) {
		for _, now := turns.Load(); now != n; _, now = turns.Load() {
			time.Sleep(time.Millisecond)
		}
	}
	waiting(2) // two pasts, however many wait for them
	goAway()
	wait.Wait()
	waiting(1)
	leave()
	if err := <-stays; err != nil {
		t.Errorf("one who waits on is told %v", err)
	}
}

// A past that one client may not have is not refused to another who asks for it.
func TestARefusalIsOnlyForWhomItConcerns(t *testing.T) {
	t.Parallel()
	b := lookBack(t)
	b.exec(t,
		"insert into city.manhole (code, utility, condition, owner_known, geom) values ('M1', 'rain', 'damaged', "+
			"false, 'SRID=4326;POINT(112.6 33)')")
	c, at := b.layer(t, "manhole"), b.now(t)
	turns := queue.New(queue.Limits{Work: lang.Label{EN: "looking back"}, AtOnce: 2, Waiting: 8, Each: 1,
		Pause: 50 * time.Millisecond})
	history := replica.NewHistory(b.ledger, turns, func() int { return 0 })
	leave, err := turns.Enter(t.Context(), "greedy")
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	var wait sync.WaitGroup
	wait.Go(func() {
		var refused *queue.Refused
		if _, err := history.AsOf(t.Context(), "greedy", c, at); err != nil && !errors.As(err, &refused) {
			t.Errorf("one who has its share is told %v", err)
		}
	})
	wait.Go(func() {
		if _, err := history.AsOf(t.Context(), "modest", c, at); err != nil {
			t.Errorf("another is told %v", err)
		}
	})
	wait.Wait()
}

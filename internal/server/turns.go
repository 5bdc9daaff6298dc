package server

import (
	"runtime"
	"time"

	"yizhan/internal/lang"
	"yizhan/internal/queue"
)

// turns are the queues for expensive requests, one for each kind, so that no kind delays
// another or the drawing of tiles.
type turns struct {
	pasts     *queue.Queue // making a layer as it was
	views     *queue.Queue // tiles of the past, waiting for that included
	explains  *queue.Queue
	changes   *queue.Queue // looking into the journal for those who come back
	questions *queue.Queue
	versions  *queue.Queue // waiting for a version that is not here yet
}

// Work that one client may cause in a minute, and the delay of a refusal.
const (
	shareOfPasts     = 10 * time.Second
	shareOfExplains  = 3 * time.Second
	shareOfChanges   = 5 * time.Second
	shareOfQuestions = 30 * time.Second
	refusalPause     = 500 * time.Millisecond
)

func newTurns() turns {
	atOnce := max(1, runtime.GOMAXPROCS(0)/4)
	questions := max(2, runtime.GOMAXPROCS(0)/2) // each keeps a core of the ledger's busy, which may be one of ours
	few := func(work lang.Label, atOnce int, share time.Duration) *queue.Queue {
		return queue.New(queue.Limits{Work: work, AtOnce: atOnce, Waiting: 64, Each: 16, Budget: share,
			Pause: refusalPause})
	}
	return turns{
		pasts:    few(lang.Bothf("reading history"), min(atOnce, 2), shareOfPasts),
		explains: few(lang.Bothf("explaining tiles"), atOnce, shareOfExplains),
		changes:  few(lang.Bothf("looking up changes"), min(atOnce, 2), shareOfChanges),
		views: queue.New(queue.Limits{Work: lang.Bothf("drawing past tiles"), AtOnce: 128, Waiting: 256, Each: 192,
			Share: 96,
			Pause: refusalPause}),
		questions: queue.New(queue.Limits{Work: lang.Bothf("answering questions"), AtOnce: questions,
			Share: questions / 2, Waiting: 32, Each: 16,
			Budget: shareOfQuestions, Pause: refusalPause}),
		versions: queue.New(queue.Limits{Work: lang.Bothf("waiting for versions"), AtOnce: 512, Each: 128,
			Pause: refusalPause}),
	}
}

package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestALogHasSoManyLinesOfAKindASecondAndSaysHowManyMoreThereWere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(newLimitedLog(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
		for range 300 {
			log.Warn("request not served now")
			log.With("layer", "road").Warn("request not served now") // is of the same kind
			log.Debug("request")
		}
		log.Error("request failed")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		log.Warn("request not served now")
		text := out.String()
		for part, want := range map[string]int{
			`level=WARN msg="request not served now"`: 7, "suppressed=595": 1, "suppressed=": 1,
			"level=DEBUG": 300, `level=ERROR msg="request failed"`: 1,
		} {
			if got := strings.Count(text, part); got != want {
				t.Errorf("%s is there %d times, want %d", part, got, want)
			}
		}
		time.Sleep(2 * time.Second)
		if strings.Count(out.String(), "suppressed=") != 1 {
			t.Error("one line is said to have been more")
		}
	})
}

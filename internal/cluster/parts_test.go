package cluster

import (
	"errors"
	"strings"
	"testing"
)

func TestChoosesAnInstallation(t *testing.T) {
	t.Parallel()
	var (
		with15    = installation{bin: "/15", major: 15, postgis: true}
		with16    = installation{bin: "/16", major: 16, postgis: true}
		without17 = installation{bin: "/17", major: 17}
	)
	for _, c := range []struct {
		name  string
		found []installation // in the order of installations()
		data  int
		want  string
	}{
		{"the newest with PostGIS for new data", []installation{with16, with15, without17}, 0, "/16"},
		{"the one that made the data", []installation{with16, with15}, 15, "/15"},
		{"none", nil, 0, "sudo apt-get install postgresql postgresql-postgis"},
		{"none has PostGIS", []installation{without17}, 0, "sudo apt-get install postgresql-17-postgis-3"},
		{"the one that made the data has no PostGIS", []installation{with16, without17}, 17, "sudo apt-get install postgresql-17-postgis-3"},
		{"the one that made the data is gone", []installation{with16}, 15, "sudo apt-get install postgresql-15-postgis-3"},
	} {
		got, err := choose(c.found, c.data)
		switch {
		case err == nil && got.bin != c.want:
			t.Errorf("%s: chose %s, want %s", c.name, got.bin, c.want)
		case err != nil && (!errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAddressSurvivesOddFolders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ folder, url, keywords string }{
		{"/var/lib/yizhan/run",
			"postgres:///yizhan?host=/var/lib/yizhan/run&port=5432&user=yizhan",
			"host=/var/lib/yizhan/run port=5432 dbname=yizhan user=yizhan"},
		{"/home/a b/it's & 100%",
			"postgres:///yizhan?host=/home/a%20b/it%27s%20%26%20100%25&port=5432&user=yizhan",
			`host='/home/a b/it\'s & 100%' port=5432 dbname=yizhan user=yizhan`},
	} {
		at := addressOf(c.folder, database, Owner)
		if at.URL != c.url || at.Keywords != c.keywords {
			t.Errorf("%s:\n%s\n%s", c.folder, at.URL, at.Keywords)
		}
	}
}

func TestConfigurationQuotes(t *testing.T) {
	t.Parallel()
	got := configuration(map[string]string{"b": `it's \ here`, "a": ""})
	if want := settingsHead + "a = ''\nb = 'it''s \\\\ here'\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSocketIsShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, dir, prefix string }{
		{"a short folder has it inside", "/home/li/.local/state/yizhan", "/home/li/.local/state/yizhan/run"},
		{"a long one in /tmp", "/home/" + strings.Repeat("x", 80), "/tmp/yizhan-1000-"},
		{"one with a comma in /tmp, since clients split hosts there", "/home/a,b", "/tmp/yizhan-1000-"},
	} {
		got := socketFolder(c.dir, 1000)
		if !strings.HasPrefix(got, c.prefix) || len(socketFile(got)) > longestSocket {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

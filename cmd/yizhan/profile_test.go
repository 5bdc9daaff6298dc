package main

import "testing"

func TestWhatTheCommandLineSaysGoesBeforeAProfile(t *testing.T) {
	t.Parallel()
	b := openBureau(t)
	const head = "code,status,lon,lat\n"
	file := func(rows string) string { return b.file(t, "stations.csv", head+rows) }
	must := func(args ...string) {
		t.Helper()
		if code, said := b.run(t, args...); code != 0 {
			t.Fatalf("%v: %d %s", args, code, said)
		}
	}
	rows := "S1,open,112.53,33\nS2,open,112.54,33\n"
	must("import", file(rows), "--layer", "station", "--mode", "replace", "--crs", "wgs84", "--strict", "--save-profile", "weekly")
	must("import", file("S3,open,112.55,33\n"), "--profile", "weekly", "--mode", "merge")
	if got := b.value(t, "select count(*) from city.station"); got != "3" {
		t.Errorf("--mode merge kept %s of 3 stations", got)
	}
	must("import", file("S3,open,112.55,33\nS4,open,?,33\n"), "--profile", "weekly", "--mode", "merge", "--no-strict")
	must("import", file("S5,open,112.56,33\n"), "--profile", "weekly")
	if got := b.value(t, "select string_agg(code, ' ') from city.station"); got != "S5" {
		t.Errorf("the profile alone left %s", got)
	}
}

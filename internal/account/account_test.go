package account

import (
	"os"
	"path/filepath"
	"testing"
)

// ordinary is an account to try with, and an open folder of root's; the test must run as root.
func ordinary(t *testing.T) (a Account, folder string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED, NOT TESTED: what root starts does not run as root; run this test as root")
	}
	a, err := Named("nobody")
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	folder, err = os.MkdirTemp("/tmp", "yizhan-account-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return a, folder
}

// put writes a file that its owner alone can read.
func put(t *testing.T, path, text string, uid int) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, uid, uid); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, folder string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}

func TestOnlyTheAccountsOwnFilesOfAgreedNamesAreDelivered(t *testing.T) {
	a, root := ordinary(t)
	to, secret := filepath.Join(root, "to"), filepath.Join(root, "secret")
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, secret, "root's", 0)
	d := delivery{UID: a.UID}
	defer d.clean()
	h := Handover{Folder: root, Boxes: map[string]string{}}
	if err := a.receive([]Output{{Path: filepath.Join(to, "city.pmtiles")}}, &h, &d); err != nil {
		t.Fatal(err)
	}
	within := filepath.Dir(h.Output(filepath.Join(to, "city.pmtiles")))
	if within == to {
		t.Fatal("a folder of root's has no box")
	}
	put(t, filepath.Join(within, "city.pmtiles"), "tiles", a.UID)
	put(t, filepath.Join(within, "Makefile"), "run: evil", a.UID)
	if err := os.Symlink(secret, filepath.Join(within, "city.pmtiles.part")); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(secret, filepath.Join(within, "city.pmtiles.link")); err != nil {
		t.Fatal(err)
	}
	if err := d.Boxes[0].deliver(a.UID); err == nil {
		t.Error("a link to root's file is accepted")
	}
	if got := names(t, to); len(got) != 1 || got[0] != "city.pmtiles" {
		t.Errorf("delivered %v, want city.pmtiles alone", got)
	}
}

func TestAFileOnlyRootCanReadIsLentWithThoseThatBelongToIt(t *testing.T) {
	a, root := ordinary(t)
	for _, name := range []string{"road.shp", "road.dbf", "road.shp.xml", "roads.shp"} {
		put(t, filepath.Join(root, name), name, 0)
	}
	open := filepath.Join(root, "open.csv")
	put(t, open, "a", a.UID)
	d := delivery{UID: a.UID}
	defer d.clean()
	h := Handover{Folder: root, Inputs: map[string]string{}}
	shape := filepath.Join(root, "road.shp")
	if err := a.lend([]string{shape, open}, &h, &d); err != nil {
		t.Fatal(err)
	}
	if h.Input(open) != open {
		t.Error("a file that the account can read is copied")
	}
	if got := names(t, filepath.Dir(h.Input(shape))); len(got) != 3 {
		t.Errorf("lent %v, want the three of road", got)
	}
	if err := a.reads(h.Input(shape)); err != nil {
		t.Errorf("the account cannot read what is lent: %v", err)
	}
	if err := a.reads(shape); err == nil {
		t.Error("the account can read root's own file")
	}
}

func TestTheAccountEntersNoFolderOfRoots(t *testing.T) {
	a, root := ordinary(t)
	if err := a.enters(root); err != nil {
		t.Errorf("an open folder: %v", err)
	}
	if err := a.writes(root); err == nil {
		t.Error("the account writes into root's folder")
	}
	if err := os.Chmod(root, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := a.enters(root); err == nil {
		t.Error("the account enters a folder closed to it")
	}
	if os.Geteuid() != 0 {
		t.Error("asking what the account may do left this process without its own rights")
	}
}

package geo

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParseTileTakesPlainAddressesInThePyramid(t *testing.T) {
	for _, c := range []struct{ z, x, y string }{
		{"0", "0", "0"}, {"1", "1", "1"}, {"14", "13313", "6598"}, {"22", "4194303", "0"},
	} {
		got, err := ParseTile(c.z, c.x, c.y)
		if err != nil {
			t.Errorf("%v: %v", c, err)
		}
		if want := c.z + "/" + c.x + "/" + c.y; got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseTileRefusesWhatIsNoAddress(t *testing.T) {
	for _, c := range []struct{ why, z, x, y string }{
		{"beyond the last zoom", "23", "0", "0"},
		{"a zoom that overflows", "256", "0", "0"},
		{"column beyond the edge", "1", "2", "0"},
		{"row beyond the edge", "1", "0", "2"},
		{"negative", "1", "-1", "0"},
		{"signed", "1", "+1", "0"},
		{"two spellings of one tile", "1", "01", "0"},
		{"fraction", "1", "0.5", "0"},
		{"nothing", "", "0", "0"},
		{"NUL", "1", "0", "\x00"},
		{"full-width digits", "１", "0", "0"},
		{"way up", "1", "..", "0"},
		{"10 kB", "1", strings.Repeat("1", 10_000), "0"},
		{"more than 32 bits", "22", "4294967296", "0"},
	} {
		_, err := ParseTile(c.z, c.x, c.y)
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v is not ErrInvalid", c.why, err)
		} else if len(err.Error()) > 400 {
			t.Errorf("%s: message of %d bytes", c.why, len(err.Error()))
		}
	}
}

func FuzzParseTile(f *testing.F) {
	f.Add("14", "13313", "6598")
	f.Add("0", "00", "-0")
	f.Fuzz(func(t *testing.T, z, x, y string) {
		got, err := ParseTile(z, x, y)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatalf("%v is not ErrInvalid", err)
			}
			return
		}
		if want := fmt.Sprintf("%s/%s/%s", z, x, y); got.String() != want {
			t.Fatalf("%s was read as %s", want, got)
		}
		if again, err := NewTile(got.Z, got.X, got.Y); err != nil || again != got {
			t.Fatalf("%s is outside the pyramid: %v", got, err)
		}
	})
}

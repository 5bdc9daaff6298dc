package coords

import (
	"math"
	"testing"
)

func TestHowCoordinatesAreWritten(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
	}{
		// Decimals.
		{"112.5224433", 112.5224433}, {" -32.9 ", -32.9}, {"+32.9", 32.9}, {".5", 0.5}, {"112.", 112},
		{"3652962.146", 3652962.146},
		{"1.125e2", 112.5}, {"3.652962146E+06", 3652962.146}, {"112.522443312345678901", 112.522443312345678901},
		{"3,652,962.146", 3652962.146}, {"38,361,899", 38361899}, {"１１２．５", 112.5}, {"－３２．９", -32.9},
		{"−32.9", -32.9}, {"３，６５２，９６２．１", 3652962.1},
		{"112.5度", 112.5}, {"112.5°", 112.5}, {"361899.844m", 361899.844}, {"361,899.844 米", 361899.844},
		{"112.5 °", 112.5},
		// Hemispheres.
		{"E112.5", 112.5}, {"112.5E", 112.5}, {"W112.5", -112.5}, {"32.9°S", -32.9}, {"东经112.5", 112.5},
		{"北纬 32.9", 32.9}, {"南纬32.9°", -32.9}, {"西经：112.5", -112.5}, {"n32.9", 32.9}, {"112e", 112},
		// Degrees, minutes and seconds.
		{"112°31′20″E", 112 + 31./60 + 20./3600}, {"112度31分20.5秒", 112 + 31./60 + 20.5/3600},
		{`E112°31'20"`, 112 + 31./60 + 20./3600},
		{"112-31-20", 112 + 31./60 + 20./3600}, {"112:31:20", 112 + 31./60 + 20./3600},
		{"112 31 20", 112 + 31./60 + 20./3600}, {"东经112°31′", 112 + 31./60},
		{"112°31.5′", 112 + 31.5/60}, {"112° 31′ 20″", 112 + 31./60 + 20./3600},
		{"112°31′20", 112 + 31./60 + 20./3600}, {"-112°31′20″", -(112 + 31./60 + 20./3600)},
		{"112°31''", math.NaN()}, {"112º31’20”", 112 + 31./60 + 20./3600}, {"112°31′20′′", 112 + 31./60 + 20./3600},
		{"１１２°３１′２０″", 112 + 31./60 + 20./3600},
		{"南纬32-59-33.5", -(32 + 59./60 + 33.5/3600)}, {"S32:59:33", -(32 + 59./60 + 33./3600)},
		// What is not a coordinate.
		{"", math.NaN()}, {"-", math.NaN()}, {".", math.NaN()}, {"NaN", math.NaN()}, {"Inf", math.NaN()},
		{"-infinity", math.NaN()}, {"0x1p4", math.NaN()}, {"1_000", math.NaN()}, {"1e999", math.NaN()},
		{"112°61′20″", math.NaN()}, {"112°31′60″", math.NaN()}, {"112-31", math.NaN()}, {"112 31", math.NaN()},
		{"112-31-20-5", math.NaN()}, {"112-31:20", math.NaN()}, {"181°0′0″", math.NaN()}, {"E181", math.NaN()},
		{"112.5°31′", math.NaN()}, {"112°31.5′20″", math.NaN()}, {"-112°-31′", math.NaN()}, {"W-112.5", math.NaN()},
		{"E112.5E", math.NaN()}, {"1.2.3", math.NaN()}, {"112,5", math.NaN()}, {"1,12,5", math.NaN()},
		{"--5", math.NaN()},
		{"镇平县", math.NaN()}, {"112.5abc", math.NaN()}, {"112.5\x00", math.NaN()}, {"\xff112", math.NaN()},
		{"m", math.NaN()}, {"°", math.NaN()}, {"1,000,", math.NaN()}, {"东", math.NaN()},
	} {
		got, ok := Parse([]byte(c.text))
		switch {
		case math.IsNaN(c.want) && ok:
			t.Errorf("%q was read as %v and is not a coordinate", c.text, got)
		case !math.IsNaN(c.want) && (!ok || math.Abs(got-c.want) > 1e-12*math.Abs(c.want)):
			t.Errorf("%q was read as %v (%t), want %v", c.text, got, ok, c.want)
		}
	}
}

func TestAPlainDecimalIsReadWithoutAllocation(t *testing.T) {
	text := []byte("112.5224433")
	if n := testing.AllocsPerRun(100, func() { Parse(text) }); n != 0 {
		t.Errorf("%v allocations for a plain decimal", n)
	}
}

// A coordinate is a finite number whatever stands there, and a plain decimal is what strconv makes of it.
func FuzzCoordinate(f *testing.F) {
	for _, s := range []string{"112.5", "3,652,962.146", "112°31′20″E", "112度31分20.5秒", "112-31-20", "东经112°31′",
		"１１２．５", "1e400", "NaN", "E", "-", "d", "112d", "0,000"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, ok := Parse(text)
		if ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%q is %v", text, v)
		}
		if exact, plain := plainDecimal(string(text)); plain && (!ok || v != exact) {
			t.Errorf("%q is %v (%t), want %v", text, v, ok, exact)
		}
	})
}

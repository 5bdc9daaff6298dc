package crs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// ControlPoint is a row of a file of control points: where the old survey has a
// point (its units, easting first) and where it is (degrees).
type ControlPoint struct{ FromE, FromN, Lon, Lat float64 }

// Control is a control point with both places projected: from the old survey's
// numbers to eastings and northings in metres of a system that PROJ knows.
type Control struct{ FromE, FromN, ToE, ToN float64 }

// Affine is a plane transformation, with its numbers as PostGIS's ST_Affine has them:
// e' = A·e + B·n + XOff, n' = D·e + E·n + YOff.
type Affine struct{ A, B, D, E, XOff, YOff float64 }

// Apply transforms an easting and a northing.
func (a Affine) Apply(east, north float64) (float64, float64) {
	return a.A*east + a.B*north + a.XOff, a.D*east + a.E*north + a.YOff
}

// Bounds of a plausible fit.
const (
	fewestControls = 3
	worstResidual  = 1.0  // metres
	shortestSpread = 10.0 // metres, of the points about their middle (root mean square)
	thinnestSpread = 1e-3 // breadth of the points to their length: less is a line
	scaleBound     = 0.01 // how far the scale may be from 1
)

// Fit finds the similarity (four parameters: shift, rotation, scale) that takes
// the control points to where they are with the least squares of residuals, which
// come back in metres in the order of the points. It refuses fewer than three
// points, points in one place or on one line, a scale that is not about 1, and a
// residual over 1 m, naming the point by its number, from 1.
func Fit(points []Control) (Affine, []float64, error) {
	if len(points) < fewestControls {
		return Affine{}, nil, errFewControls(len(points))
	}
	var middle Control
	n := float64(len(points))
	for i, p := range points {
		if !finite(p.FromE + p.FromN + p.ToE + p.ToN) {
			return Affine{}, nil, lang.Errorf("control point %d: a coordinate is not a number: %w", i+1, geo.ErrInvalid)
		}
		middle.FromE, middle.FromN = middle.FromE+p.FromE/n, middle.FromN+p.FromN/n
		middle.ToE, middle.ToN = middle.ToE+p.ToE/n, middle.ToN+p.ToN/n
	}
	var ee, nn, en, along, across float64
	for _, p := range points {
		e, n, toE, toN := p.FromE-middle.FromE, p.FromN-middle.FromN, p.ToE-middle.ToE, p.ToN-middle.ToN
		ee, nn, en = ee+e*e, nn+n*n, en+e*n
		along, across = along+e*toE+n*toN, across+e*toN-n*toE
	}
	if err := spread(ee, nn, en, n); err != nil {
		return Affine{}, nil, err
	}
	a, b := along/(ee+nn), across/(ee+nn)
	fit := Affine{A: a, B: -b, D: b, E: a,
		XOff: middle.ToE - a*middle.FromE + b*middle.FromN, YOff: middle.ToN - b*middle.FromE - a*middle.FromN}
	residuals := make([]float64, len(points))
	worst := 0
	for i, p := range points {
		e, n := p.FromE-middle.FromE, p.FromN-middle.FromN
		residuals[i] = math.Hypot(a*e-b*n-(p.ToE-middle.ToE), b*e+a*n-(p.ToN-middle.ToN))
		if residuals[i] > residuals[worst] {
			worst = i
		}
	}
	scale := math.Hypot(a, b)
	switch {
	case !(residuals[worst] <= worstResidual):
		return Affine{}, residuals, lang.Errorf("control point %d is %.2f m off the fit, more than %g m; "+
			"check its numbers, with easting before northing and longitude before latitude: %w",
			worst+1, residuals[worst], worstResidual, geo.ErrInvalid)
	case !(math.Abs(scale-1) <= scaleBound):
		return Affine{}, residuals, lang.Errorf("the control points give a scale of %.6g instead of about 1; "+
			"check their units: %w", scale, geo.ErrInvalid)
	}
	return fit, residuals, nil
}

func errFewControls(n int) error {
	return lang.Errorf("found %d control points; at least %d are needed: %w", n, fewestControls, geo.ErrInvalid)
}

// spread rejects points too close together or on one line, by the sums of squares
// about their middle.
func spread(ee, nn, en, n float64) error {
	half, root := (ee+nn)/2, math.Hypot((ee-nn)/2, en)
	switch {
	case !finite(half + root):
		return lang.Errorf("the control points lie too far apart for one city; check their numbers: %w", geo.ErrInvalid)
	case !(ee+nn >= n*shortestSpread*shortestSpread):
		return lang.Errorf("the control points lie too close together to determine a rotation; "+
			"use points from all over the survey: %w", geo.ErrInvalid)
	case !(half-root >= (half+root)*thinnestSpread*thinnestSpread):
		return lang.Errorf("the control points lie on one line, so errors across it would go unnoticed; "+
			"use points from all over the survey: %w", geo.ErrInvalid)
	}
	return nil
}

// Bounds of a file of control points.
const (
	mostControls   = 10_000
	longestControl = 4096 // bytes of a line
)

// ParseControl reads control points: a line each of from_e, from_n, to_lon,
// to_lat, separated by commas, semicolons or blanks. A first line without numbers
// is a header; empty lines and those that begin with # are skipped.
func ParseControl(r io.Reader) ([]ControlPoint, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, longestControl), longestControl)
	var points []ControlPoint
	number, headed := 0, false
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if number == 1 {
			line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		}
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if len(points) == 0 && !headed && !bytes.ContainsAny(line[:1], "+-.0123456789") {
			headed = true
			continue
		}
		p, err := controlLine(string(line))
		if err != nil {
			return nil, lang.Errorf("control points, line %d: %w; write from_e,from_n,to_lon,to_lat, "+
				"such as 38361899.844,3652902.318,112.5224433,32.9926469: %w", number, err, geo.ErrInvalid)
		}
		if points = append(points, p); len(points) > mostControls {
			return nil, lang.Errorf("more than %d control points; remove some: %w", mostControls, geo.ErrInvalid)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, lang.Errorf("control points, line %d is longer than %d bytes; write four numbers per line: %w",
			number+1, longestControl, geo.ErrInvalid)
	case err != nil:
		return nil, lang.Errorf("control points, line %d: %w", number+1, err)
	case len(points) < fewestControls:
		return nil, errFewControls(len(points))
	}
	return points, nil
}

// controlLine reads four numbers.
func controlLine(line string) (ControlPoint, error) {
	fields := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",，; \t", r) })
	if len(fields) != 4 {
		return ControlPoint{}, lang.Errorf("expected 4 fields, found %d", len(fields))
	}
	var v [4]float64
	for i, field := range fields {
		value, err := decimal(strings.Trim(field, `"`))
		if err != nil || math.Abs(value) > 1e9 {
			return ControlPoint{}, lang.Errorf("%.40q is not a coordinate", field)
		}
		v[i] = value
	}
	if math.Abs(v[2]) > 180 || math.Abs(v[3]) > 90 {
		return ControlPoint{}, lang.Errorf("%s, %s is not a longitude and latitude in degrees; longitude comes first",
			degrees(v[2]), degrees(v[3]))
	}
	return ControlPoint{v[0], v[1], v[2], v[3]}, nil
}

// Package crs knows the coordinate systems that survey files come in: it reads
// their names and definitions, decides from the numbers where those decide, and
// asks where they do not.
//
// It moves no coordinate and knows neither files nor PostgreSQL: geographic datums
// are package geo's, projections are PROJ's in PostGIS.
package crs

import "yizhan/internal/lang"

// System is a coordinate reference system that a file can be in.
type System struct {
	Name    string     // as --crs takes it: "EPSG:4547", "gcj02", "bd09", "gk:112.5"
	Title   lang.Label // such as CGCS2000 3-degree Gauss-Krueger, central meridian 114°E
	EPSG    int        // 0 when it has no code (gcj02, bd09, gk:…)
	PROJ    string     // definition where there is no code
	Degrees bool       // longitude and latitude; otherwise metres
	Datum   Datum
}

// Named is the title with the name that --crs takes.
func (s System) Named() lang.Label {
	if s.Title.EN == s.Name {
		return s.Title
	}
	return lang.Bothf("%s (%s)", s.Title, s.Name)
}

// Datum is what the coordinates of a system refer to.
type Datum string

// Datums of survey files. CGCS2000 is taken as WGS 84 (they differ by centimetres).
const (
	WGS84     Datum = "WGS 84"
	CGCS2000  Datum = "CGCS2000"
	GCJ02     Datum = "GCJ-02"
	BD09      Datum = "BD-09"
	Xian80    Datum = "Xian 1980"    // needs parameters or control points
	Beijing54 Datum = "Beijing 1954" // needs parameters or control points
	Other     Datum = "other"        // left to PROJ
)

// In is the datum's name in the language.
func (d Datum) In(t lang.Tag) string {
	switch d {
	case Xian80:
		return t.Sayf("Xian 1980")
	case Beijing54:
		return t.Sayf("Beijing 1954")
	case Other:
		return t.Sayf("another datum")
	}
	return string(d)
}

// Axes is the order in which a file has its two coordinates.
type Axes string

// Easting or longitude first, or northing or latitude first.
const (
	EastFirst  Axes = "east-first"
	NorthFirst Axes = "north-first"
)

// Box is a rectangle: of degrees, or of a system's units with x to the east.
type Box struct{ West, South, East, North float64 }

// Candidate is a system that the numbers of a file are tried against, and where
// the city lies in it.
type Candidate struct {
	System
	City Box
}

// Placement is how the coordinates of a file become longitude and latitude.
type Placement struct {
	System
	Axes     Axes
	How      lang.Label   // how that was decided
	Warnings []lang.Label // what the planner should look at
}

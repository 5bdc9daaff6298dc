package crs

import (
	"fmt"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Question is an error that a planner answers: the system of a file could not be
// decided, and guessing would put it in a wrong place.
type Question struct {
	Readings []Reading // what the numbers may be, the likeliest first
	Axes     Axes      // in which order the file has them, "" where that depends on the reading
	text     lang.Label
}

// Reading is one way to take the numbers of a file.
type Reading struct {
	System  System     `json:"system"`
	Axes    Axes       `json:"axes"`
	Meaning lang.Label `json:"meaning"`        // what it would mean, in a line
	First   [2]float64 `json:"first,omitzero"` // longitude and latitude of the first vertex then, within some metres; zero where not known
}

// Error is the question in English.
func (q *Question) Error() string { return q.text.EN }

// Label is the question in several lines, of which the last says what to type.
func (q *Question) Label() lang.Label { return q.text }

// Unwrap makes a question a [geo.ErrInvalid]: the file, as it is, cannot be placed.
func (q *Question) Unwrap() error { return geo.ErrInvalid }

// ask makes a question of its first lines, its readings and its last line.
func ask(axes Axes, opening lang.Label, readings []Reading, closing lang.Label) *Question {
	var zh, en strings.Builder
	zh.WriteString(opening.ZH)
	en.WriteString(opening.EN)
	for _, r := range readings {
		fmt.Fprintf(&zh, "\n  --crs %s：%s", r.System.Name, r.Meaning.ZH)
		fmt.Fprintf(&en, "\n  --crs %s: %s", r.System.Name, r.Meaning.EN)
	}
	return &Question{Readings: readings, Axes: axes, text: label(zh.String()+"\n"+closing.ZH, en.String()+"\n"+closing.EN)}
}

// reading of the sample's first vertex in a system, with more of its meaning.
func (s sample) reading(system System, axes Axes, more lang.Label) Reading {
	r := Reading{System: system, Axes: axes, Meaning: label(system.Title.ZH, system.Title.EN)}
	r.add(swapped(axes))
	r.add(more)
	if len(s) > 0 {
		east, north := eastNorth(s[0], axes)
		if at, ok := position(system, east, north); ok {
			r.First = at
			r.add(label(fmt.Sprintf("第一个点位于东经 %.6f°，北纬 %.6f°", at[0], at[1]), fmt.Sprintf("the first point is at %.6f, %.6f", at[0], at[1])))
		}
	}
	return r
}

func (r *Reading) add(more lang.Label) {
	if more.ZH != "" {
		r.Meaning = label(r.Meaning.ZH+"；"+more.ZH, r.Meaning.EN+"; "+more.EN)
	}
}

// swapped says that the northing comes first, and nothing otherwise.
func swapped(axes Axes) lang.Label {
	if axes == NorthFirst {
		return label("文件中先纵坐标（纬度）后横坐标（经度）", "the file has northing or latitude first")
	}
	return lang.Label{}
}

// Refuse says why systems on the datums of 1954 and 1980 are not taken as they
// are: PROJ would shift by nothing. It is nil for all others, and for a system
// that [Shift.On] has given its parameters.
func Refuse(s System) error {
	if s.Datum != Xian80 && s.Datum != Beijing54 || strings.Contains(s.PROJ, "+towgs84=") {
		return nil
	}
	return &Question{text: label(
		fmt.Sprintf("文件采用%s（%s）。该坐标系与 CGCS2000 之间的转换参数由测绘部门保管，没有参数直接换算会偏差几十米到一百多米，因此不导入。\n"+
			"请向测绘部门索取七参数（或三参数），或提供至少三个控制点的文件（每行：原横坐标,原纵坐标,经度,纬度）。\n"+
			"然后输入：--shift dx,dy,dz[,rx,ry,rz,ppm] 或 --control 文件", s.Title.ZH, s.Name),
		fmt.Sprintf("the file is in %s (%s); the parameters between that datum and CGCS2000 are kept by the surveying office, and without them places would be off by tens of metres to more than a hundred, so that it is not imported.\n"+
			"Ask the surveying office for the seven (or three) parameters, or for a file of at least three control points (a line each: from_e,from_n,to_lon,to_lat).\n"+
			"Then type: --shift dx,dy,dz[,rx,ry,rz,ppm] or --control FILE", s.Title.EN, s.Name))}
}

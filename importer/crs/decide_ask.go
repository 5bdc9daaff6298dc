package crs

import (
	"fmt"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// datums are the readings of longitudes and latitudes: the bent maps show places
// some hundred metres off, which no number tells.
func (d decision) datums(axes Axes) []Reading {
	wgs, gcj, bd := byCode(4326), System{}, System{}
	gcj, _ = byWord(string(geo.GCJ02))
	bd, _ = byWord(string(geo.BD09))
	wgs.Name = string(geo.WGS84)
	readings := []Reading{d.reading(wgs, axes, label("卫星定位和测绘成果，与 CGCS2000（EPSG:4490）视为相同", "satellite positioning and surveys; CGCS2000 (EPSG:4490) is taken as equal"))}
	for _, s := range []System{gcj, bd} {
		r := d.reading(s, axes, lang.Label{})
		metres := apart(r.First, readings[0].First)
		r.add(label(fmt.Sprintf("离上述位置 %.0f 米", metres), fmt.Sprintf("%.0f m from there", metres)))
		readings = append(readings, r)
	}
	return readings
}

// whichDatum asks whose longitudes and latitudes they are.
func (d decision) whichDatum(axes Axes) *Question {
	b := d.extent(axes)
	lon, lat := shownRange(b.West, b.East, true), shownRange(b.South, b.North, true)
	zh := fmt.Sprintf("坐标是经纬度（经度 %s，纬度 %s），但文件没有说明依据哪个坐标系，数值本身无法区分：", lon.ZH, lat.ZH)
	en := fmt.Sprintf("the coordinates are longitudes (%s) and latitudes (%s), but the file does not say on which datum, and the numbers cannot:", lon.EN, lat.EN)
	if axes == NorthFirst {
		zh, en = "文件中先纬度后经度（将自动对调）。"+zh, "the file has latitude first, which will be swapped; "+en
	}
	return ask(axes, label(zh, en), d.datums(axes), label(
		"请在可靠的地图上核对第一个点，然后输入其中之一，例如：--crs gcj02",
		"look the first point up on a map that you trust, and type one of them, for example: --crs gcj02"))
}

// ownGrid asks whether numbers around 500 km are in a grid of the city's own.
func (d decision) ownGrid(found []reads) *Question {
	own := found[len(found)-1]
	b := d.extent(own.axes)
	east := shownRange(b.West, b.East, false)
	zh := fmt.Sprintf("横坐标 %s 在 500,000 米左右，可能是以本市中央经线为准的地方坐标系", east.ZH)
	en := fmt.Sprintf("the eastings %s lie about 500,000, as in a local grid on the city's own central meridian", east.EN)
	if len(found) == 1 {
		zh, en = zh+"；按国家标准分带则不在本市：", en+", and in no national grid they lie in the city:"
	} else {
		zh, en = zh+"，也可能是国家标准分带，数值无法区分：", en+", or in a national grid; the numbers cannot tell:"
	}
	return ask(own.axes, label(zh, en), d.readings(found), typed(own.Name))
}

// several asks which of the readings that fit is meant.
func (d decision) several(found []reads) *Question {
	return ask("", label("文件没有说明坐标系，按以下几种坐标系，坐标都落在本市：", "the file does not say its coordinate system, and the numbers lie in the city in more than one:"), d.readings(found), typed(found[0].Name))
}

// contradiction asks about a file that says one system and looks like others.
func (d decision) contradiction(said System, where string, others []reads) *Question {
	var list []string
	for _, o := range others {
		list = append(list, o.Name)
	}
	names := strings.Join(list, ", ")
	readings := append([]Reading{d.reading(said, EastFirst, label("文件所称，但坐标不在本市", "what the file says, but then it does not lie in the city"))}, d.readings(others)...)
	return ask("", label(
		fmt.Sprintf("%s 称坐标系为 %s，但坐标数值像 %s：", where, said.Name, names),
		fmt.Sprintf("%s says %s, but the numbers look like %s:", where, said.Name, names)), readings, label(
		fmt.Sprintf("请确认其中之一：--crs %s（按数值）或 --crs %s（按文件）", others[0].Name, said.Name),
		fmt.Sprintf("confirm one of them: --crs %s (as the numbers look) or --crs %s (as the file says)", others[0].Name, said.Name)))
}

func (d decision) readings(found []reads) []Reading {
	var readings []Reading
	for _, f := range found {
		if f.Degrees {
			readings = append(readings, d.datums(f.axes)...)
			continue
		}
		readings = append(readings, d.reading(f.System, f.axes, lang.Label{}))
	}
	return readings
}

// nothing asks about numbers that lie in the city in no one system: they may be
// of several, which is said with their counts.
func (d decision) nothing() *Question {
	if q := d.mixed(); q != nil {
		return q
	}
	b := d.extent(EastFirst)
	one, other := b.West >= -180 && b.East <= 180, b.South >= -180 && b.North <= 180
	x, y := shownRange(b.West, b.East, one && other), shownRange(b.South, b.North, one && other)
	var zh, en strings.Builder
	fmt.Fprintf(&zh, "文件没有说明坐标系，坐标（第一个数 %s，第二个数 %s）按常用坐标系都不在本市。本市在各坐标系中的范围：", x.ZH, y.ZH)
	fmt.Fprintf(&en, "the file does not say its coordinate system, and its coordinates (first number %s, second %s) lie in the city in none of the usual ones; the city lies", x.EN, y.EN)
	var seen []System
	for _, c := range d.candidates {
		known := false
		for _, s := range seen {
			known = known || equivalent(s, c.System)
		}
		if known {
			continue
		}
		seen = append(seen, c.System)
		east, north := shownRange(c.City.West, c.City.East, c.Degrees), shownRange(c.City.South, c.City.North, c.Degrees)
		if c.Degrees {
			fmt.Fprintf(&zh, "\n  %s：经度 %s，纬度 %s", c.Name, east.ZH, north.ZH)
			fmt.Fprintf(&en, "\n  in %s: longitude %s, latitude %s", c.Name, east.EN, north.EN)
			continue
		}
		fmt.Fprintf(&zh, "\n  %s：横坐标 %s，纵坐标 %s", c.Name, east.ZH, north.ZH)
		fmt.Fprintf(&en, "\n  in %s: east %s, north %s", c.Name, east.EN, north.EN)
	}
	zh.WriteString("\n西安 80 和北京 54 的成果还需要转换参数（--shift）或控制点（--control）；自定中央经线写作 --crs gk:112.5。")
	en.WriteString("\nSurveys on Xian 1980 and Beijing 1954 need parameters (--shift) or control points (--control) besides; a central meridian of your own is written --crs gk:112.5.")
	return ask("", label(zh.String(), en.String()), nil, typed("EPSG:4547"))
}

// mixed tells of a sample of which each part lies in the city in another system;
// nil when that is not so.
func (d decision) mixed() *Question {
	type part struct {
		reads
		in     func(east, north float64) bool
		sample sample
	}
	var parts []part
	for _, c := range d.candidates {
		for _, axes := range []Axes{EastFirst, NorthFirst} {
			parts = append(parts, part{reads: reads{c.System, axes}, in: d.possible(c)})
		}
	}
	placed := 0
	for _, p := range d.sample {
		for i := range parts {
			if parts[i].in(eastNorth(p, parts[i].axes)) {
				parts[i].sample = append(parts[i].sample, p)
				placed++
				break
			}
		}
	}
	var readings []Reading
	for _, p := range parts {
		if n := len(p.sample); n > 0 {
			readings = append(readings, p.sample.reading(p.System, p.axes, label(fmt.Sprintf("抽查的点中有 %d 个", n), fmt.Sprintf("%d of the sampled points", n))))
		}
	}
	if len(readings) < 2 || placed*100 < fits*len(d.sample) {
		return nil
	}
	return ask("", label(
		fmt.Sprintf("文件中混有几种坐标系（抽查 %d 个点）：", len(d.sample)),
		fmt.Sprintf("the file mixes coordinate systems (%d points were sampled):", len(d.sample))), readings, label(
		"请按坐标系把文件拆开，分别导入，例如：--crs "+readings[0].System.Name,
		"split the file by coordinate system and import each part, for example: --crs "+readings[0].System.Name))
}

package geo

import "strings"

// MaxCategories is how many categories of a facet are counted by name in cells;
// what is left of a cell's count are the others.
const MaxCategories = 16

// Names of a cell's attributes: how many points it stands for, and after the prefix the
// value of each category of the facet that there are any of.
const (
	CountKey    = "count"
	CountPrefix = "count_"
)

// KeepCounts takes fields out of the tiles of a layer of points whose names those of
// cells have: a single point with such an attribute would be taken for a cell.
func (l *Layer) KeepCounts() {
	for i, f := range l.Fields {
		if l.Kind == Point && (f.Name == CountKey || strings.HasPrefix(f.Name, CountPrefix)) {
			l.Fields[i].MinZoom = nil
		}
	}
}

// Tallied is the layer's facet: the index of its field and the categories that
// cells count, -1 and none when there is nothing to count by.
func (l *Layer) Tallied() (field int, categories []Category) {
	for i, f := range l.Fields {
		if f.Name == l.Facet && l.Kind == Point && len(f.Categories) > 0 {
			return i, f.Categories[:min(len(f.Categories), MaxCategories)]
		}
	}
	return -1, nil
}

// Always reports whether single points have the field at every zoom at which others
// are counted by cells: their key, by which they are found elsewhere, and the facet,
// by which they are coloured and counted.
func (l *Layer) Always(f Field) bool {
	return l.Kind == Point && (f.Name == l.Facet || f.Name == l.KeyColumn)
}

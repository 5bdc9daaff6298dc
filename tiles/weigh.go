package tiles

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"yizhan/geo"
)

// Parts is where the bytes of a layer go: geometry, and each attribute with its
// tags, its key and the values that it was the first to use; the rest is ids,
// names and lengths.
type Parts struct {
	Geometry   int            `json:"geometry"`
	Attributes map[string]int `json:"attributes"`
	Rest       int            `json:"rest"`
}

// errTile is of bytes that are not a tile.
var errTile = errors.New("not a vector tile")

// Weigh reads a drawn tile again and tells where its bytes go, layer by layer.
func Weigh(body []byte) (map[geo.LayerName]Parts, error) {
	parts := map[geo.LayerName]Parts{}
	err := fields(body, func(tag protowire.Number, layer []byte, _ int) error {
		if tag != tileLayer>>3 {
			return nil
		}
		name, p, err := weighLayer(layer)
		parts[name] = p
		return err
	})
	return parts, err
}

// fields visits the fields of a message: their contents, nil where they are
// numbers, and their size with the tag.
func fields(b []byte, visit func(tag protowire.Number, content []byte, size int) error) error {
	for len(b) > 0 {
		tag, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errTile
		}
		size := protowire.ConsumeFieldValue(tag, kind, b[n:])
		if size < 0 {
			return errTile
		}
		var content []byte
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(b[n:])
		}
		if err := visit(tag, content, n+size); err != nil {
			return err
		}
		b = b[n+size:]
	}
	return nil
}

func weighLayer(layer []byte) (name geo.LayerName, p Parts, err error) {
	p.Attributes = map[string]int{}
	var keys []string
	var keySizes, valueSizes, tagSizes []int
	owner := map[uint64]uint64{} // of a value: the key that uses it first
	err = fields(layer, func(tag protowire.Number, content []byte, size int) error {
		switch tag {
		case layerName >> 3:
			name = geo.LayerName(content)
		case layerKey >> 3:
			keys, keySizes = append(keys, string(content)), append(keySizes, size)
		case layerValue >> 3:
			valueSizes = append(valueSizes, size)
		case layerFeature >> 3:
			return fields(content, func(tag protowire.Number, content []byte, size int) error {
				switch tag {
				case featureGeometry >> 3:
					p.Geometry += size
				case featureTags >> 3:
					return weighTags(content, owner, &tagSizes)
				}
				return nil
			})
		}
		return nil
	})
	p.Rest = len(layer) - p.Geometry
	for i, key := range keys {
		n := keySizes[i]
		if i < len(tagSizes) {
			n += tagSizes[i]
		}
		p.Attributes[key] = n
		p.Rest -= n
	}
	for value, key := range owner {
		if int(value) >= len(valueSizes) || int(key) >= len(keys) {
			return name, p, errTile
		}
		p.Attributes[keys[key]] += valueSizes[value]
		p.Rest -= valueSizes[value]
	}
	return name, p, err
}

// weighTags adds the sizes of a feature's tags by key.
func weighTags(b []byte, owner map[uint64]uint64, sizes *[]int) error {
	const mostKeys = 1 << 16
	for len(b) > 0 {
		key, n := protowire.ConsumeVarint(b)
		if n < 0 || key >= mostKeys {
			return errTile
		}
		value, m := protowire.ConsumeVarint(b[n:])
		if m < 0 {
			return errTile
		}
		for int(key) >= len(*sizes) {
			*sizes = append(*sizes, 0)
		}
		(*sizes)[key] += n + m
		if _, used := owner[value]; !used {
			owner[value] = key
		}
		b = b[n+m:]
	}
	return nil
}

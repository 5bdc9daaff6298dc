package geo_test

import (
	"fmt"

	"yizhan/geo"
)

// A tile's address comes from a URL and names the part of the earth that it shows.
func ExampleParseTile() {
	tile, err := geo.ParseTile("14", "13314", "6605")
	if err != nil {
		fmt.Println(err)
		return
	}
	box := tile.Bound()
	fmt.Printf("%s: %.3f to %.3f E, %.3f to %.3f N\n", tile, box.Min.Lon(), box.Max.Lon(), box.Min.Lat(), box.Max.Lat())
	_, err = geo.ParseTile("3", "9", "0")
	fmt.Println(err)
	// Output:
	// 14/13314/6605: 112.544 to 112.566 E, 32.880 to 32.898 N
	// tile 3/9/0: x and y must be 0 to 7 at zoom 3: invalid
}

// A phone's map of China is drawn on GCJ-02, several hundred metres away.
func ExampleDatum_FromWGS84() {
	lon, lat := geo.GCJ02.FromWGS84(112.53, 33)
	fmt.Printf("%.5f, %.5f\n", lon, lat)
	lon, lat = geo.GCJ02.ToWGS84(lon, lat)
	fmt.Printf("%.5f, %.5f\n", lon, lat)
	// Output:
	// 112.53584, 32.99800
	// 112.53000, 33.00000
}

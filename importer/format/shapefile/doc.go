// Package shapefile reads an ESRI shapefile: .shp and .shx, the attributes of its .dbf in
// the encoding that .cpg, the language byte or the texts give, and the system of its .prj.
//
// It sorts rings into polygons, but does not repair them and transforms no coordinate.
package shapefile

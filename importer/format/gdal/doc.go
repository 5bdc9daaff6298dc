// Package gdal reads the formats that have no reader of ours through GDAL's program
// ogr2ogr: drawings (DXF), KML and KMZ, GML, GPX, MapInfo, FlatGeobuf, file geodatabases,
// SQLite and OpenDocument sheets.
//
// ogr2ogr writes GeoJSON into a pipe, which package geojson cuts and decodes. It runs
// without a network, with limited memory and time, and with no driver but the one that
// the file needs. No coordinate is transformed, and ten decimals are written: 0.01 mm
// even in degrees.
package gdal

package geo

import "time"

// CityZone is the city's time zone by its name in the tz database: what day it is does
// not depend on the machine's.
const CityZone = "Asia/Shanghai"

// CityTime is the city's time in Go, without a tz database: UTC+8, no summer time since
// 1991.
func CityTime() *time.Location { return time.FixedZone("+08:00", 8*60*60) }

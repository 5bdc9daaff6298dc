package crs_test

import (
	"fmt"

	"yizhan/importer/crs"
	"yizhan/internal/lang"
)

// A planner names a system as it is written in the office.
func ExampleParse() {
	for _, name := range []string{"EPSG:4547", "gk:112.5", "火星坐标"} {
		system, err := crs.Parse(name)
		if err != nil {
			fmt.Println(lang.Chinese.Error(err))
			continue
		}
		fmt.Println(system.Name, system.Title.ZH)
	}
	// Output:
	// EPSG:4547 CGCS2000，3 度带，中央经线 114°E，横坐标不含带号
	// gk:112.5 CGCS2000 高斯投影，自定中央经线 112.5°E，东偏 500000 米
	// gcj02 GCJ-02 经纬度（火星坐标，高德、腾讯地图）
}

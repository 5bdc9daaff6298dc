package sample

import "github.com/paulmach/orb"

func writeWalls(c *city, out *sheet) {
	centre := c.towns[0]
	for _, w := range c.walls {
		line := centre.line(w.line)
		out.feature(orb.MultiLineString{line},
			property{"code", w.code},
			property{"name", w.name},
			property{"adcode", w.adcode},
			property{"grid_code", c.gridCode(w.adcode, line[0])},
			property{"owner_org", w.occupant},
			property{"super_org", "城市管理执法支队"},
			property{"status_since", w.since},
			property{"surveyed_at", "2021-02-20"},
			property{"source", "合成"},
			property{"pos_class", "B"},
			property{"batch", w.batch},
			property{"site_no", w.number},
			property{"kind", w.kind},
			property{"status", w.status},
			property{"road_code", w.street.code},
			property{"length_m", groundLength(line)},
			property{"height_m", w.height},
			property{"occupant", w.occupant},
			property{"freed_area_m2", w.freed},
			property{"shared_use", w.use},
			property{"due", w.due},
			property{"accepted_on", w.accepted},
		)
	}
}

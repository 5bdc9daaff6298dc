package sample

func writeManholes(c *city, out *sheet) {
	d := newDice(c.seed, "manhole details")
	for _, m := range c.manholes {
		known := m.utility != "unknown" && !d.chance(0.02)
		owner := ""
		if known {
			owner = utilityOwner(m.utility)
		}
		load := one(d, "A15", "B125", "C250")
		if m.zone == "carriageway" {
			load = weighted(d, []share[string]{{"C250", 15}, {"D400", 70}, {"E600", 12}, {"F900", 3}})
		}
		condition := weighted(d, []share[string]{
			{"intact", 940}, {"damaged", 35}, {"missing", 6}, {"abandoned", 13}, {"removed", 6},
		})
		diameter := any(weighted(d, []share[int]{{600, 20}, {700, 65}, {800, 15}}))
		if m.utility == "grate" {
			diameter = nil
		}
		out.feature(m.at,
			property{"code", m.code},
			property{"adcode", m.adcode},
			property{"grid_code", c.gridCode(m.adcode, m.at)},
			property{"owner_org", owner},
			property{"surveyed_at", day(today().AddDate(0, 0, -d.count(5, 500)))},
			property{"source", "合成"},
			property{"pos_class", "A"},
			property{"class_code", classCode(m.utility)},
			property{"utility", m.utility},
			property{"condition", condition},
			property{"owner_known", known},
			property{"cover_material", weighted(d, []share[string]{{"球墨铸铁", 68}, {"复合材料", 22}, {"混凝土", 10}})},
			property{"load_class", load},
			property{"diameter_mm", diameter},
			property{"anti_fall_net", m.utility != "grate" && d.chance(0.6)},
			property{"road_zone", m.zone},
		)
	}
}

func utilityOwner(utility string) string {
	return map[string]string{
		"water": "供水公司（合成）", "sewage": "排水管理中心", "rain": "排水管理中心", "grate": "排水管理中心", "power": "供电公司（合成）",
		"lighting": "照明管理中心", "telecom": "通信管线公司（合成）", "heat": "热力公司（合成）", "gas": "燃气公司（合成）",
	}[utility]
}

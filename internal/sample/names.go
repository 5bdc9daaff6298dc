package sample

// pairs draws names of two parts that do not repeat.
type pairs struct {
	dice
	first, second []string
	taken         map[string]bool
}

func newPairs(d dice, first, second []string) *pairs {
	return &pairs{d, first, second, map[string]bool{}}
}

func (p *pairs) next(ending string) string {
	for {
		name := one(p.dice, p.first...) + one(p.dice, p.second...) + ending
		if !p.taken[name] {
			p.taken[name] = true
			return name
		}
	}
}

func streetFirsts() []string {
	return []string{"文", "明", "永", "安", "和", "新", "兴", "福", "康", "宁", "玉", "龙", "梅", "兰", "竹", "菊", "桂",
		"柳", "松", "槐", "银", "金", "清", "景", "长", "东", "西", "南", "北", "春", "秋", "正", "嘉", "德", "仁", "信", "善",
		"淯", "宛", "独"}
}

func streetSeconds() []string {
	return []string{"兴", "安", "泰", "丰", "和", "华", "园", "溪", "山", "河", "桥", "湖", "林", "苑", "庄", "营", "堂",
		"仓", "市", "府", "学", "工", "农", "民", "光", "阳", "月", "星", "云", "泉", "井", "塔", "门", "关", "岗", "冈", "坡",
		"屯", "里", "坊"}
}

// townRoadNames are the main roads of a county town, in an order of its own.
func townRoadNames(d dice) []string {
	names := []string{"人民路", "解放路", "建设大道", "文化路", "新华路", "工业大道", "迎宾路", "团结路", "胜利路", "和平路"}
	d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}

package persons

import (
	"regexp"
	"strings"
	"unicode"
)

// The commonest surnames (the ministry of public security's reports), and those of two characters.
const (
	surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
	double   = "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|东方|司徒"
)

// things are characters that often end names of places, things and kinds, and seldom those of persons.
const things = "区县市镇乡村路街桥河湖山园店站院校厂所局处室厅楼馆场坊塘沟渠港湾岭坡庄营寨屯集铺社里巷弄道线口门井盖色形材质类型级层座号桩杆灯箱池坑墙板砖管泵闸车位带地块段角侧边岸洲岛滩堤坝库仓棚亭台塔庙寺堂宫殿府城关堡台数米吨人员户度量部件油气水电属砂"

// titled matches a surname, perhaps with a given name, before a title, at the start of a word.
var titled = regexp.MustCompile(`(?:^|[^\p{Han}]|[找由请系问见跟与和及是])((?:` + double + `|[` + surnames + `])\p{Han}{0,2}?)` +
	`(?:总经理|董事长|主任|书记|经理|局长|科长|处长|队长|所长|站长|院长|校长|镇长|乡长|村长|组长|店长|会长|社长|老师|先生|女士|小姐|师傅|大爷|大妈|大叔|阿姨|医生|律师|警官|同志|老板|工程师)`)

// introduced matches a name behind a term such as "contact".
var introduced = regexp.MustCompile(`(?:联系人|负责人|责任人|经办人|户主|业主|房主|姓名|联系|调查员|网格员|管理员|巡查员)[:：\s]*` +
	`((?:` + double + `|[` + surnames + `])\p{Han}{1,2})(?:$|[^\p{Han}])`)

// account matches an account of a messenger behind its name.
var account = regexp.MustCompile(
	`(?i)(?:微信|weixin|wechat|(?:^|[^a-z])[wv]x|(?:^|[^a-z])qq)[号:：\s]*([a-z0-9][a-z0-9_-]{4,19})`)

// Text looks for any personal data in a text; it is slower than [Numbers].
func Text(text string) (kind Kind, found string) {
	if kind, found = Numbers([]byte(text)); kind != "" {
		return kind, found
	}
	if m := account.FindStringSubmatch(text); m != nil && !strings.EqualFold(m[1], "wechat") {
		return Messenger, m[1]
	}
	for _, pattern := range []*regexp.Regexp{titled, introduced} {
		if m := pattern.FindStringSubmatch(text); m != nil {
			return Name, m[1]
		}
	}
	return "", ""
}

// LikeName reports whether a whole text looks like a person's name: two or three Chinese
// characters behind a common surname, or four behind one of two. Names of places may
// look so too, so a column is judged by most of its values.
func LikeName(text string) bool {
	letters := []rune(strings.TrimSpace(text))
	if len(letters) < 2 || len(letters) > 4 {
		return false
	}
	for _, r := range letters {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	if strings.ContainsRune(things, letters[len(letters)-1]) {
		return false
	}
	for two := range strings.SplitSeq(double, "|") {
		if strings.HasPrefix(string(letters), two) {
			return len(letters) > 2
		}
	}
	return len(letters) < 4 && strings.ContainsRune(surnames, letters[0])
}

package persons

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Terms in the names of fields. Beside a count, an organisation or a thing a personal term
// names no person; a duty telephone is an office's.
var (
	wordsZH = regexp.MustCompile(
		`姓名|人名|户名|户主|业主|房主|房东|住户|居民|租户|租客|法人|法定代表|联系[人电方手]|当事人|身份证|证件号|手机|电话|微信|邮箱|电子邮件|邮件地址|` +
			`住址|家庭地址|户籍|籍贯|居住地|出生|生日|性别|民族|银行卡|银行账号|车牌|[^机器无行]人$|^人$|[调普巡保管监网采填录审协办护经治联检宣][^数]{0,2}员$|[路河湖街巷网楼单][段格栋元]?长$`)
	wordsZHAny = regexp.MustCompile(`(?i)(^|[^a-z])(qq|wechat|e-?mail)([^a-z]|$)`)
	offices    = regexp.MustCompile(`(值班|监督|服务|客服|举报|投诉|办公|单位|热线|报修|抢修|救援|咨询)(热线)?电话$`)
	others     = regexp.MustCompile(
		`人数|户数|员数|数量|比例|率$|类型|类别|是否|有无|(单位|部门|机构|公司|科室)(名称|全称|代码|编号|地址)?$|亭|电话[井线箱杆缆]|居民[点区楼地]|法人单位|行人|工人[文路街]|公共`)
)

// English and pinyin terms, and abbreviations of the latter.
var wordsLatin = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(`phone phones telephone tel mobile cell cellphone mobilephone phonenumber contact contactperson contactname
		person personname fullname firstname lastname surname givenname realname username householder headofhousehold resident tenant landlord
		email mail mailbox wechat weixin wx wxh qq idcard idno idnumber identity identitycard ssn passport birth birthday birthdate dob gender sex
		homeaddress homeaddr nationality licenseplate platenumber inspector surveyor
		xingming xm lianxiren lxr lxrxm huzhu hzxm fuzeren fzr fzrxm dianhua dh lxdh lianxidianhua lianxifangshi lxfs shouji shoujihao sjh sjhm
		shenfenzheng sfz sfzh sfzhm sfzhm zjhm zhuzhi jtzz youxiang yezhu yz chushengriqi csrq_ xingbie minzu`) {
		set[word] = true
	}
	return set
}()

// notPersons are terms beside which those name a thing.
var notPersons = map[string]bool{"website": true, "url": true, "count": true, "num": true, "total": true,
	"box": true, "booth": true, "code": true, "type": true, "kind": true}

// Field reports whether a field is named like one of personal data.
func Field(name string) bool {
	name = strings.TrimSpace(width.Narrow.String(name))
	if wordsZHAny.MatchString(name) {
		return true
	}
	squeezed := strings.NewReplacer(" ", "", "_", "", "-", "", "(", "", ")", "").Replace(name)
	if wordsZH.MatchString(squeezed) && !others.MatchString(squeezed) && !offices.MatchString(squeezed) {
		return true
	}
	words := latinWords(name)
	personal := wordsLatin[strings.Join(words, "")]
	for _, word := range words {
		if notPersons[word] {
			return false
		}
		personal = personal || wordsLatin[word]
	}
	return personal
}

// latinWords are the words of a name such as contact:phone, HomeAddress or owner_tel2,
// in lower case and without the numbers behind them.
func latinWords(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
		}
		word = nil
	}
	letters := []rune(name)
	for i, r := range letters {
		switch {
		case r > unicode.MaxASCII || !unicode.IsLetter(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 && unicode.IsLower(letters[i-1]):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

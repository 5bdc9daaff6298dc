package persons_test

import (
	"strings"
	"testing"

	"yizhan/importer/persons"
)

func TestNamesOfFields(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"联系人": true, "户主": true, "负责人": true, "负责人姓名": true, "微信": true, "微信号": true, "QQ": true, "QQ号": true,
		"手机": true, "联系电话": true, "联系电": true,
		"身份证号": true, "家庭住址": true, "法定代表人": true, "网格员": true, "调查员": true, "责任人": true, "路长": true, "出生日期": true,
		"性别": true, "业主姓名": true, "手机号": true,
		"phone": true, "contact:phone": true, "ContactName": true, "owner_tel": true, "email": true, "E-mail": true,
		"wechat": true, "HomeAddress": true, "TEL2": true,
		"LXR": true, "lxdh": true, "XM": true, "sfzh": true, "shouji": true, "fuzeren": true,

		"名称": false, "编号": false, "备注": false, "长度": false, "墙长": false, "全长": false, "业主单位": false, "责任人单位": false,
		"联系人数": false, "居民点": false, "电话亭": false,
		"值班电话": false, "服务电话": false, "投诉电话": false, "是否有人": false, "地址": false, "权属单位": false, "法人单位": false,
		"机器人": false, "XMMC": false, "telecom": false, "name": false,
		"osm_id": false, "highway": false, "OBJECTID": false, "CREATOR": false, "人行道": false, "道路等级": false,
		"contact:website": false, "面积": false, "人口": false, "行人": false,
		"单位": false, "管理单位": false, "位置": false, "code": false, "zone_type": false, "surface": false,
		"mobile_count": false, "公共厕所": false, "普查日期": false,
	} {
		if got := persons.Field(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// nobody completes numbers that are written in pieces: no file here holds a whole one.
var nobody = strings.NewReplacer("№", "1"+"38", "W", "１"+"３８", "§", "1"+"10105", "¤", "")

func TestNumbersInTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]persons.Kind{
		"№00№000": persons.Mobile, "联系 №00№000 王": persons.Mobile, "№-0013-8000": persons.Mobile,
		"№ 0013 8000": persons.Mobile,
		"+86№00№000":  persons.Mobile, "+86 № 0013 8000": persons.Mobile, "86-№00№000": persons.Mobile,
		"W００W０００": persons.Mobile, "（W００W０００）": persons.Mobile,
		"№00№000.0": persons.Mobile, "tel№00№000": persons.Mobile, "门口a号，电№00139001找": persons.Mobile,
		"0377-63312345、№12345678": persons.Mobile,
		"§19491231002X":           persons.Identity, "身份证§19491231002x。": persons.Identity, "§18491231002X": "",
		"§199001010011": "",
		"§194912310021": "", "zhang.san@example.com": persons.Email, "见 a@b.cn；": persons.Email,

		"12345678901": "", "№00№00": "", "№00№0001": "", "41130301001900005": "", "№00№000№": "", "A№00№000": "",
		"№00№000B": "", "0.№00№000": "",
		"№.00№000": "", "№00№000.5": "", "2021-06-30 12:00:00": "", "112.5224433,32.9911021": "", "15-2021-0630": "",
		"0377-63312345": "", "400-800-8888": "", "@": "", "5 @ 3.5": "",
		"1¤4012345678": "", "1¤5412345678": "", "1¤6012345678": "", "GC_№00№000": "", "№0-0№-000": "", "a@b": "",
		"": "",
	} {
		text = nobody.Replace(text)
		if got, found := persons.Numbers([]byte(text)); got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, found, want)
		}
	}
}

func TestPersonsInTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]persons.Kind{
		"王主任": persons.Name, "找张三先生": persons.Name, "联系人：李四，门口": persons.Name, "负责人 欧阳峰": persons.Name,
		"由陈局长批": persons.Name, "微信：zhang_san88": persons.Messenger,
		"QQ 12345678": persons.Messenger, "vx:abcde1": persons.Messenger,
		"居委会主任批准": "", "办事处主任": "", "总经理办公室": "", "高新区": "", "联系人不详": "", "微信公众号": "", "白河大桥": "", "路面破损": "",
		"张衡路与滨河路交叉口": "", "黄色井盖": "",
	} {
		if got, found := persons.Text(text); got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, found, want)
		}
	}
	for text, want := range map[string]bool{
		"张三": true, "李小明": true, "欧阳峰": true, "王": false, "张衡路": false, "白河": false, "高新区": false, "金属": false,
		"石材": false, "黄色": false, "东方": false, "Li": false, "张 三": false, "王家庄村": false,
	} {
		if persons.LikeName(text) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

func TestWhatIsFoundIsShownMasked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       persons.Kind
		text, want string
	}{
		{persons.Mobile, "№00135678", "138****5678"}, {persons.Identity, "§19491231002X", "1****************X"},
		{persons.Name, "张三", "张*"}, {persons.Name, "王", "王*"},
		{persons.Name, "欧阳锋", "欧**"}, {persons.Email, "zhang@example.com", "z***@***"},
		{persons.Messenger, "zhang_san88", "z******"}, {persons.FieldName, "河南省南阳市宛城区人民路1号", "河******"},
		{persons.Name, "", ""},
	} {
		if got := persons.Mask(c.kind, nobody.Replace(c.text)); got != c.want {
			t.Errorf("%s: %s", c.want, got)
		}
	}
}

func BenchmarkNumbersOfOrdinaryTexts(b *testing.B) {
	texts := [][]byte{[]byte("41130301001900005"), []byte("人民路与建设路交叉口东南角"), []byte("intact"), []byte("2021-06-30"),
		[]byte(strings.Repeat("井盖完好，无沉降。", 4)), []byte("112.5224433,32.9911021")}
	for b.Loop() {
		for _, text := range texts {
			if kind, _ := persons.Numbers(text); kind != "" {
				b.Fatal(kind)
			}
		}
	}
}

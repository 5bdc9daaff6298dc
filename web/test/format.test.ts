import assert from "node:assert/strict";
import { test } from "node:test";

import type { Field } from "../src/catalog.ts";
import { formatDistance, formatValue } from "../src/format.ts";

function field(given: Partial<Field>): Field {
  return { name: "f", type: "text", title: { zh: "", en: "" }, ...given };
}

const STATUS = field({
  categories: [{ value: "accepted", zh: "已验收", en: "Accepted" }],
});

const BATCH = field({
  type: "integer",
  categories: [{ value: "1", zh: "第一批", en: "Phase 1" }],
});

const CASES: [string, unknown, Field, string | undefined, string | undefined][] = [
  ["a category by its label", "accepted", STATUS, "已验收", "Accepted"],
  ["a value outside the list unchanged", "odd", STATUS, "odd", "odd"],
  ["a list in the language's own way", "用餐,休息", field({}), "用餐、休息", "用餐, 休息"],
  [
    "a sentence with a comma unchanged",
    "Closed on Sundays, and on all public holidays",
    field({}),
    "Closed on Sundays, and on all public holidays",
    "Closed on Sundays, and on all public holidays",
  ],
  ["true", true, field({ type: "boolean" }), "是", "Yes"],
  ["false", false, field({ type: "boolean" }), "否", "No"],
  ["a length with its unit", 547.26, field({ type: "number", unit: "m" }), "547 米", "547 m"],
  ["a kilometre", 1000, field({ type: "number", unit: "m" }), "1 公里", "1 km"],
  ["kilometres", 12345, field({ type: "number", unit: "m" }), "12.35 公里", "12.35 km"],
  ["an area", 1250, field({ type: "number", unit: "m²" }), "1,250 平方米", "1,250 m²"],
  ["a unit of its own", 3, field({ type: "number", unit: "kVA" }), "3 kVA", "3 kVA"],
  ["a numbered category by its label", 1, BATCH, "第一批", "Phase 1"],
  ["a small number with two digits", 1.256, field({ type: "number" }), "1.26", "1.26"],
  ["zero, which is an answer", 0, field({ type: "integer" }), "0", "0"],
  ["a day", "2021-06-30", field({ type: "date" }), "2021年6月30日", "30 Jun 2021"],
  [
    "a time on the bureau's clock",
    "2021-04-03T01:20:00Z",
    field({ type: "timestamp" }),
    "2021年4月3日 09:20",
    "3 Apr 2021, 09:20",
  ],
  ["an invalid date unchanged", "spring", field({ type: "date" }), "spring", "spring"],
  ["no value", null, field({}), undefined, undefined],
  ["an empty text", "", field({}), undefined, undefined],
];

for (const [name, value, of, zh, en] of CASES) {
  test(`shows ${name}`, () => {
    assert.equal(formatValue(value, of, "zh"), zh);
    assert.equal(formatValue(value, of, "en"), en);
  });
}

test("distances are rounded to ten metres, and are kilometres from there", () => {
  assert.equal(formatDistance(843.2, "zh"), "840 米");
  assert.equal(formatDistance(500, "en"), "500 m");
  assert.equal(formatDistance(999.9, "en"), "1 km");
  assert.equal(formatDistance(1500, "zh"), "1.5 公里");
});

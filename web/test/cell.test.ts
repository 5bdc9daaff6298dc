import assert from "node:assert/strict";
import { test } from "node:test";

import { countOf, sharesOf } from "../src/cell.ts";
import { AREA, BARE, layer } from "./catalogue.ts";

const MANHOLE = layer("manhole", {
  facet: "condition",
  fields: [
    {
      name: "condition",
      type: "text",
      title: { zh: "状态", en: "Condition" },
      categories: [
        { value: "intact", zh: "完好", en: "Intact", color: "#6b7a8f" },
        { value: "damaged", zh: "破损", en: "Damaged", color: "#e07a1f" },
        { value: "missing", zh: "丢失", en: "Missing", color: "#d7263d" },
      ],
    },
  ],
});

function shares(properties: Record<string, unknown>) {
  return sharesOf(MANHOLE, properties).map(({ category, count }) => [
    category?.value ?? "rest",
    count,
  ]);
}

test("a cell's categories are listed from the most frequent down, and the rest last", () => {
  assert.deepEqual(shares({ count: 20, count_intact: 4, count_missing: 9 }), [
    ["missing", 9],
    ["intact", 4],
    ["rest", 7],
  ]);
  assert.deepEqual(shares({ count: 4, count_intact: 4 }), [["intact", 4]]);
});

test("a cell of a layer of one colour has a total alone", () => {
  assert.deepEqual(sharesOf(BARE, { count: 7 }), []);
  assert.deepEqual(shares({ count: 7 }), []);
});

test("only points are counted by cells", () => {
  assert.equal(countOf(BARE, { count: 7 }), 7);
  assert.equal(countOf(BARE, { code: "JG-1" }), undefined);
  assert.equal(countOf(AREA, { count: 7 }), undefined);
});

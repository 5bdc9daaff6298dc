import assert from "node:assert/strict";
import { test } from "node:test";

import { errorOf, type MemberRow, type ProgressRow } from "../src/api.ts";
import { openingBounds } from "../src/catalog.ts";
import { bars } from "../src/members.ts";
import { segments } from "../src/progress.ts";
import { BARE, STATION } from "./catalogue.ts";

function member(trade: string, least: number, most = least + 4): MemberRow {
  return {
    station_code: "ST-001",
    station_name: "光武驿站",
    area_used: "circle",
    radius_used_m: 1000,
    trade,
    trade_zh: trade,
    trade_en: trade,
    shown: least === 0 ? "<5" : `${least}–${most}`,
    suppressed: least === 0,
    at_least: least,
    at_most: most,
  };
}

function progress(given: Partial<ProgressRow>): ProgressRow {
  return {
    area_code: "all",
    area_name: "全市",
    target: 177,
    total: 177,
    accepted: 0,
    demolished: 0,
    in_work: 0,
    not_started: 0,
    set_aside: 0,
    unknown: 0,
    overdue: 0,
    pct: 0,
    as_of_date: "2021-06-30",
    ...given,
  };
}

test("the longest bar has length 1, and the total has no bar", () => {
  const answer = bars([member("sanitation", 40), member("greening", 10), member("total", 50, 58)]);
  assert.deepEqual(
    answer.bars.map(({ share }) => share),
    [1, 0.25],
  );
  assert.deepEqual(answer.total, { least: 50, most: 58 });
});

test("fewer than five has no length that could be measured", () => {
  const answer = bars([member("traffic_police", 0), member("greening", 5), member("total", 5, 13)]);
  assert.deepEqual(
    answer.bars.map(({ share, shown, hidden }) => [share, shown, hidden]),
    [
      [0, "<5", true],
      [1, "5–9", false],
    ],
  );
  assert.deepEqual(answer.total, { least: 5, most: 13 });
});

test("an error has both languages, or the message in both", async () => {
  const answer = (error: object) =>
    errorOf(new Response(JSON.stringify({ error }), { status: 404, statusText: "Not Found" }));
  const label = { zh: "没有驿站 ST-9", en: "station ST-9 not found" };
  assert.deepEqual((await answer({ kind: "not_found", message: "x", label })).label, label);
  assert.deepEqual((await answer({ message: "x", label: { zh: "甲" } })).label, {
    zh: "甲",
    en: "x",
  });
  const plain = await errorOf(new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
  assert.deepEqual([plain.kind, plain.label.zh], ["unknown", "Bad Gateway"]);
});

test("the parts of the progress bar are shares of the target", () => {
  const parts = segments(progress({ accepted: 88.5, not_started: 88.5 }));
  assert.deepEqual(
    parts.map(({ stage, share }) => [stage, share]),
    [
      ["accepted", 0.5],
      ["notStarted", 0.5],
    ],
  );
});

test("the progress bar never overflows when sites outnumber the target", () => {
  const parts = segments(progress({ target: 100, total: 200, accepted: 150, in_work: 50 }));
  assert.equal(
    parts.reduce((sum, { share }) => sum + share, 0),
    1,
  );
});

test("a division without sites has an empty bar", () => {
  assert.deepEqual(segments(progress({ target: null, total: 0 })), []);
});

test("the map opens on the stations, wherever a new layer lies", () => {
  const washington = {
    ...BARE,
    bounds: [-77.1, 38.8, -76.9, 39] as [number, number, number, number],
  };
  assert.deepEqual(openingBounds([washington, STATION]), STATION.bounds);
});

test("without stations the map opens on the smallest layer, and empty bounds are none", () => {
  const empty = { ...STATION, bounds: null };
  const wide = {
    ...BARE,
    name: "wide",
    bounds: [100, 20, 120, 40] as [number, number, number, number],
  };
  const small = { ...BARE, bounds: [112, 32, 113, 33] as [number, number, number, number] };
  assert.deepEqual(openingBounds([wide, empty, small]), small.bounds);
  assert.equal(openingBounds([empty]), undefined);
});

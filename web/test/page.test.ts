import assert from "node:assert/strict";
import { test } from "node:test";

import { darker } from "../src/colors.ts";
import { el } from "../src/dom.ts";
import { boundsOf, centreOf, join } from "../src/geometry.ts";
import { labelIn, message, startLang, titlesIn } from "../src/i18n.ts";
import { Preferences } from "../src/preferences.ts";
import { roundLength } from "../src/scale.ts";

test("the address bar's language beats the remembered one, and that the browser's", () => {
  assert.equal(startLang("?lang=en", "zh", ["zh-CN"]), "en");
  assert.equal(startLang("", "en", ["zh-CN"]), "en");
  assert.equal(startLang("", null, ["en-GB"]), "en");
  assert.equal(startLang("?lang=xx", null, ["fr"]), "zh");
});

test("a label that lacks a language is shown in the other", () => {
  assert.equal(labelIn("en", { zh: "窨井盖", en: "" }), "窨井盖");
});

test("placeholders are filled in, and Chinese titles are quoted", () => {
  const layers = titlesIn("zh", ["窨井盖", "道路"]);
  assert.equal(message("zh", "layersUpdated", { layers }), "“窨井盖”“道路”图层已更新");
  assert.equal(message("zh", "overdueSites", { count: 45 }), "其中逾期 45 处");
  assert.equal(titlesIn("en", ["Roads", "Cases"]), "Roads, Cases");
});

test("the scale bar has a round length", () => {
  assert.deepEqual([999, 1000, 2999, 4999, 0.7].map(roundLength), [500, 1000, 2000, 3000, 0.5]);
});

test("a switch is remembered, and broken or forbidden storage does no harm", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  new Preferences(storage).rememberShown("road", false);
  assert.equal(new Preferences(storage).shown("road"), false);
  assert.equal(new Preferences(storage).shown("station"), undefined);

  kept.set("yizhan.layers", "{broken");
  assert.equal(new Preferences(storage).shown("road"), undefined);
  const forbidden = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  };
  const preferences = new Preferences(forbidden);
  preferences.rememberShown("road", true);
  assert.equal(preferences.shown("road"), true);
});

test("markup in a value becomes text, never elements", () => {
  const appended: unknown[] = [];
  const fake = { append: (child: unknown) => appended.push(child), setAttribute: () => undefined };
  Object.assign(globalThis, { document: { createElement: () => fake } });
  el("dd", {}, '<img src=x onerror="alert(1)">', undefined, false);
  assert.deepEqual(appended, ['<img src=x onerror="alert(1)">']);
  assert.ok(!("innerHTML" in fake));
});

test("the centre of an area is that of its pieces", () => {
  const square = (west: number, east: number): GeoJSON.Polygon => ({
    type: "Polygon",
    coordinates: [
      [
        [west, 0],
        [east, 0],
        [east, 2],
        [west, 2],
        [west, 0],
      ],
    ],
  });
  const whole = centreOf(square(0, 4));
  const pieces = join(centreOf(square(0, 1)), centreOf(square(1, 4)));
  assert.deepEqual(whole, { area: 8, longitude: 2, latitude: 1 });
  assert.deepEqual(pieces, whole);
});

test("bounds cover every part of a geometry", () => {
  assert.deepEqual(
    boundsOf({
      type: "GeometryCollection",
      geometries: [
        { type: "Point", coordinates: [3, -1] },
        {
          type: "LineString",
          coordinates: [
            [0, 0],
            [1, 5],
          ],
        },
      ],
    }),
    [0, -1, 3, 5],
  );
  assert.equal(boundsOf({ type: "MultiPoint", coordinates: [] }), undefined);
});

test("text in a layer's colour is darker, and other notations stay", () => {
  assert.equal(darker("#6b7a8f"), "#404956");
  assert.equal(darker("teal"), "teal");
});

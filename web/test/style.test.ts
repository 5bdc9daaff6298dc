import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";

import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { StyleSpecification } from "maplibre-gl";

import type { Layer } from "../src/catalog.ts";
import type { Lang } from "../src/i18n.ts";
import { mapStyle } from "../src/style.ts";
import { AREA, BARE, layer, ROAD, STATION } from "./catalogue.ts";

function styleOf(
  layers: Layer[],
  lang: Lang = "zh",
  shown = (_: Layer) => true,
): StyleSpecification {
  const tiles = (name: string) => `http://city.test/tiles/${name}/{z}/{x}/{y}.mvt`;
  return mapStyle(layers, { tiles, lang, shown });
}

/** Ids of the layers that draw a catalogue layer, lowest first. */
function parts(style: StyleSpecification, name: string): string[] {
  return style.layers.map(({ id }) => id).filter((id) => id.startsWith(`${name}/`));
}

function find(style: StyleSpecification, id: string) {
  const found = style.layers.find((candidate) => candidate.id === id);
  assert.ok(found, `no layer ${id}`);
  return found;
}

for (const lang of ["zh", "en"] as const) {
  test(`the style of every kind of layer is valid, in ${lang}`, () => {
    const style = styleOf([AREA, ROAD, STATION, BARE], lang);
    const faults = validateStyleMin(style as Parameters<typeof validateStyleMin>[0]);
    assert.deepEqual(
      faults.map((fault) => fault.message),
      [],
    );
  });
}

test("the styles that the server gives to other clients are valid", () => {
  const golden = resolve("../tiles/testdata/style.json");
  const style = JSON.parse(readFileSync(golden, "utf8")) as Parameters<typeof validateStyleMin>[0];
  assert.deepEqual(
    validateStyleMin(style).map((fault) => fault.message),
    [],
  );
});

test("a layer that nobody styled is drawn, as cells and as points", () => {
  const style = styleOf([BARE]);
  assert.deepEqual(parts(style, "my_table"), [
    "my_table/cell",
    "my_table/cell-count",
    "my_table/point",
  ]);
  assert.deepEqual(Reflect.get(find(style, "my_table/cell"), "filter"), ["has", "count"]);
  assert.deepEqual(Reflect.get(find(style, "my_table/point"), "filter"), ["!", ["has", "count"]]);
});

test("each layer is a source of its own, with its own zooms", () => {
  const { sources } = styleOf([AREA, ROAD]);
  assert.deepEqual(sources["admin_area"], {
    type: "vector",
    tiles: ["http://city.test/tiles/admin_area/{z}/{x}/{y}.mvt"],
    minzoom: 3,
    maxzoom: 16,
  });
  assert.ok(sources["road"]);
});

test("layers are drawn by position, and points over everything else", () => {
  const low = layer("low_point", { position: 1, pointzoom: 0 });
  const ids = styleOf([ROAD, low, AREA]).layers.map(({ id }) => id);
  assert.ok(ids.indexOf("admin_area/fill") < ids.indexOf("road/line"));
  assert.ok(ids.indexOf("road/line") < ids.indexOf("low_point/point"));
});

test("a facet colours by its categories, and other values by the layer's colour", () => {
  const line = find(styleOf([ROAD]), "road/line");
  assert.deepEqual((line.paint as Record<string, unknown>)["line-color"], [
    "match",
    ["to-string", ["get", "class"]],
    "arterial",
    "#e0a458",
    "local",
    "#e4ded2",
    "#c9c2b6",
  ]);
});

test("a facet without colours leaves the layer's colour", () => {
  const plain = layer("plain", {
    geometry: "line",
    facet: "kind",
    style: { color: "#123456" },
    fields: [
      {
        name: "kind",
        type: "text",
        title: { zh: "类", en: "Kind" },
        categories: [{ value: "a", zh: "甲", en: "A" }],
      },
    ],
  });
  const line = find(styleOf([plain]), "plain/line");
  assert.equal((line.paint as Record<string, unknown>)["line-color"], "#123456");
});

test("a switched off layer keeps its parts and shows none", () => {
  const style = styleOf([ROAD, AREA], "zh", ({ name }) => name !== "road");
  for (const id of parts(style, "road")) assert.equal(find(style, id).layout?.visibility, "none");
  for (const id of parts(style, "admin_area")) {
    assert.equal(find(style, id).layout?.visibility, "visible");
  }
});

test("a name is shown no sooner than the tiles carry it", () => {
  const late = { ...STATION, fields: [{ ...STATION.fields[0]!, minzoom: 16 }] };
  assert.equal(find(styleOf([late]), "station/label").minzoom, 16);
});

test("areas are not labelled tile by tile", () => {
  assert.ok(!parts(styleOf([AREA]), "admin_area").includes("admin_area/label"));
});

test("without a station layer there is no ring to draw", () => {
  assert.ok(!styleOf([ROAD]).layers.some(({ id }) => id === "overlay-ring"));
  assert.ok(styleOf([STATION]).layers.some(({ id }) => id === "overlay-ring"));
});

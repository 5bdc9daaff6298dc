import assert from "node:assert/strict";
import { test } from "node:test";

import type { Bounds } from "../src/catalog.ts";
import { touchedTiles } from "../src/cover.ts";

const NANYANG: Bounds = [112.4, 32.9, 112.7, 33.1];
const SOURCE = { minzoom: 6, maxzoom: 18 };

function at(longitude: number, latitude: number): Bounds {
  return [longitude, latitude, longitude, latitude];
}

/** The tile of a zoom that holds a place, by the formula of the OGC tile matrix set. */
function tileAt(z: number, longitude: number, latitude: number): string {
  const phi = (latitude * Math.PI) / 180;
  const x = Math.floor(((longitude + 180) / 360) * 2 ** z);
  const y = Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * 2 ** z);
  return `${z}/${x}/${y}`;
}

function names(changed: Bounds[], view: Bounds, zoom: number, source = SOURCE): string[] {
  const tiles = touchedTiles(changed, view, zoom, source);
  assert.ok(tiles, "the tiles can be named");
  return tiles.map(({ z, x, y }) => `${z}/${x}/${y}`);
}

test("a changed point touches one tile of each zoom that may be on screen", () => {
  const [longitude, latitude] = [112.5301, 33.0012];
  const expected = [10, 11, 12, 13, 14, 15].map((z) => tileAt(z, longitude, latitude));
  assert.deepEqual(names([at(longitude, latitude)], NANYANG, 14.3), expected);
});

test("a point at the edge of a tile touches the neighbour, whose buffer shows it", () => {
  const edge = (13312 / 2 ** 14) * 360 - 180;
  const tiles = names([at(edge + 1e-5, 33.0012)], NANYANG, 14).filter((name) =>
    name.startsWith("14/"),
  );
  assert.deepEqual(
    tiles.map((name) => name.split("/")[1]),
    ["13311", "13312"],
  );
});

test("a change out of view touches nothing", () => {
  assert.deepEqual(
    names([at(116.4, 39.9)], NANYANG, 14).filter((name) => /^1[2-5]/.test(name)),
    [],
  );
});

test("tiles beyond the source's last zoom are drawn from its last one", () => {
  const deepest = names([at(112.53, 33)], NANYANG, 19, { minzoom: 6, maxzoom: 16 });
  assert.deepEqual(
    deepest.map((name) => Number(name.split("/")[0])),
    [12, 13, 14, 15, 16],
  );
});

test("below the source's first zoom nothing is on screen", () => {
  assert.deepEqual(names([NANYANG], NANYANG, 4, { minzoom: 6, maxzoom: 16 }), []);
});

test("a change of the whole view is refreshed without a list", () => {
  assert.equal(touchedTiles([NANYANG], NANYANG, 18, SOURCE), undefined);
});

test("every place in a changed area is in a touched tile", () => {
  const seed = Number(process.env["SEED"] ?? 20210630);
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; round++) {
    const [west, south] = [112.4 + random() * 0.28, 32.9 + random() * 0.18];
    const changed: Bounds = [west, south, west + random() * 0.01, south + random() * 0.01];
    const zoom = 8 + Math.floor(random() * 7);
    const tiles = new Set(names([changed], NANYANG, zoom));
    const place = tileAt(
      zoom,
      changed[0] + random() * (changed[2] - changed[0]),
      changed[1] + random() * (changed[3] - changed[1]),
    );
    assert.ok(tiles.has(place), `seed ${seed}, round ${round}: ${place} of ${changed} is missing`);
  }
});

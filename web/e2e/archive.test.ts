/**
 * An exported archive as others read it: the pmtiles package finds every tile of the
 * pyramid, vector-tile decodes every feature, and a live tile is the same.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";

import { VectorTile, classifyRings, type VectorTileFeature } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles, type RangeResponse, type Source } from "pmtiles";

const url = process.env["YIZHAN_URL"];
const dsn = process.env["YIZHAN_DSN"];
const skip = url && dsn ? false : "YIZHAN_URL and YIZHAN_DSN are not set";

/** An archive in memory. */
class Held implements Source {
  constructor(private readonly bytes: Buffer) {}
  getKey(): string {
    return "city";
  }
  getBytes(offset: number, length: number): Promise<RangeResponse> {
    const part = this.bytes.subarray(offset, offset + length);
    const data = new ArrayBuffer(part.length);
    new Uint8Array(data).set(part);
    return Promise.resolve({ data });
  }
}

/** What is wrong with a feature by the specification, 4.3.4. */
function faultOf(feature: VectorTileFeature): string | undefined {
  const rings = feature.loadGeometry();
  if (rings.length === 0) return "no geometry";
  if (feature.type === 1) return undefined;
  if (feature.type === 2)
    return rings.some((line) => line.length < 2) ? "a line of one point" : undefined;
  for (const ring of rings) {
    if (ring.length < 4) return `a ring of ${ring.length} points`;
    let area = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[j], ring[i]];
      if (a && b) area += (a.x - b.x) * (a.y + b.y);
    }
    if (area === 0) return "a ring without area";
  }
  const polygons = classifyRings(rings);
  return polygons.flat().length === rings.length ? undefined : "a hole before its polygon";
}

test(
  "every tile of an exported pyramid is read by the usual packages",
  { skip, timeout: 240_000 },
  async () => {
    assert.ok(url && dsn);
    const folder = mkdtempSync(join(tmpdir(), "yizhan-archive-"));
    try {
      const path = join(folder, "city.pmtiles");
      execFileSync(resolve("../bin/yizhan"), [
        "export",
        "--dsn",
        dsn,
        "--tiles",
        path,
        "--zoom",
        "0-14",
      ]);
      const archive = new PMTiles(new Held(readFileSync(path)));
      const header = await archive.getHeader();
      assert.equal(header.specVersion, 3);
      assert.ok(header.clustered && header.maxZoom === 14);
      const metadata = (await archive.getMetadata()) as { vector_layers: { id: string }[] };
      const known = new Set(metadata.vector_layers.map(({ id }) => id));
      let tiles = 0;
      let features = 0;
      let compared = 0;
      for (let z = 0; z <= 14; z++) {
        const column = (lon: number) => Math.floor(((lon + 180) / 360) * 2 ** z);
        const row = (lat: number) =>
          Math.floor((0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** z);
        for (let x = column(header.minLon); x <= column(header.maxLon); x++) {
          for (let y = row(header.maxLat); y <= row(header.minLat); y++) {
            const found = await archive.getZxy(z, x, y);
            if (!found) continue;
            tiles++;
            const tile = new VectorTile(new PbfReader(new Uint8Array(found.data)));
            for (const [name, layer] of Object.entries(tile.layers)) {
              assert.ok(
                known.has(name) && layer.version === 2 && layer.length > 0,
                `${z}/${x}/${y} ${name}`,
              );
              for (let i = 0; i < layer.length; i++, features++) {
                const fault = faultOf(layer.feature(i));
                assert.equal(
                  fault,
                  undefined,
                  `${z}/${x}/${y} ${name} feature ${i}: ${fault ?? ""}`,
                );
              }
            }
            if (tiles % 97 === 1) {
              const names = [...known].join(",");
              const live: Response = await fetch(`${url}/tiles/${names}/${z}/${x}/${y}.mvt`);
              assert.deepEqual(
                new Uint8Array(await live.arrayBuffer()),
                new Uint8Array(found.data),
              );
              compared++;
            }
          }
        }
      }
      assert.ok(
        tiles > 100 && features > 1000 && compared > 0,
        `${tiles} tiles, ${features} features`,
      );
      assert.equal(header.numAddressedTiles, tiles);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/**
 * Names of areas. A tile holds a piece of an area, so the pieces on screen are
 * joined by feature id, and each area is labelled once, at the centre of its known
 * pieces. An area seen whole keeps its centre when the map zooms in.
 */

import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";

import { fieldOf, type Layer } from "./catalog.ts";
import { centreOf, join, type Centre } from "./geometry.ts";
import { hintsOf } from "./hints.ts";
import { NAMES } from "./overlay_style.ts";

interface Known extends Centre {
  name: string;
}

/** Growth of the known part of an area that moves its label. */
const MOVE = 1.02;

export class AreaNames {
  private readonly known = new Map<string, Known>();
  private shown = "";

  constructor(private readonly map: GlMap) {}

  forget(layer: string): void {
    for (const key of this.known.keys()) {
      if (key.startsWith(`${layer}/`)) this.known.delete(key);
    }
  }

  /** Updates the names from the tiles on screen. */
  refresh(layers: Layer[], shown: (layer: Layer) => boolean): void {
    const named = layers.filter((layer) => layer.geometry === "polygon" && shown(layer));
    for (const layer of named) this.learn(layer);
    const live = new Set(named.map((layer) => layer.name));
    const features = [...this.known]
      .filter(([key]) => live.has(key.split("/")[0] ?? ""))
      .map(([, area]) => feature(area));
    const text = JSON.stringify(features);
    if (text === this.shown) return;
    const source = this.map.getSource<GeoJSONSource>(NAMES);
    if (!source) return;
    this.shown = text;
    source.setData({ type: "FeatureCollection", features });
  }

  /** To be called after a change of style, which empties the overlays. */
  reset(): void {
    this.shown = "";
  }

  private learn(layer: Layer): void {
    const field = fieldOf(layer, hintsOf(layer).label);
    if (!field || !this.map.getSource(layer.name)) return;
    const seen = new Map<string, Known>();
    for (const piece of this.map.querySourceFeatures(layer.name, { sourceLayer: layer.name })) {
      const name = piece.properties?.[field.name];
      if (piece.id === undefined || !name) continue;
      const key = `${layer.name}/${piece.id}`;
      const before = seen.get(key) ?? { area: 0, longitude: 0, latitude: 0 };
      seen.set(key, { ...join(before, centreOf(piece.geometry)), name: String(name) });
    }
    for (const [key, area] of seen) {
      const before = this.known.get(key);
      if (!before || area.area > before.area * MOVE || area.name !== before.name) {
        this.known.set(key, area);
      }
    }
  }
}

function feature(area: Known): GeoJSON.Feature {
  return {
    type: "Feature",
    properties: { name: area.name, area: area.area },
    geometry: { type: "Point", coordinates: [area.longitude, area.latitude] },
  };
}

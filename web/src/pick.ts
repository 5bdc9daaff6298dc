/** Features at a click. */

import type { Map as GlMap, PointLike } from "maplibre-gl";

import { STATION_LAYER, type Kind, type Layer } from "./catalog.ts";
import { countOf } from "./cell.ts";
import { hintsOf } from "./hints.ts";
import type { Found } from "./popup.ts";

/** Pixels by which a click may miss a thin or small feature. */
const TOLERANCE = 5;

const RANK: Record<Kind, number> = { point: 0, line: 1, polygon: 2 };

export interface Hit {
  /** The station at the click; it takes precedence. */
  station: Found | undefined;
  /** Features and cells, points first; of the cells of a layer only the topmost. */
  features: Found[];
  /** Backdrops, such as the division. */
  backdrops: Found[];
}

export function hitAt(map: GlMap, point: { x: number; y: number }, catalog: Layer[]): Hit {
  const isCell = ({ layer, properties }: Found) => countOf(layer, properties) !== undefined;
  const isBackdrop = ({ layer }: Found) => hintsOf(layer).backdrop === true;
  const celled = new Set<Layer>();
  const found = query(map, point, catalog).filter((item) => {
    if (!isCell(item)) return true;
    const first = !celled.has(item.layer);
    celled.add(item.layer);
    return first;
  });
  return {
    station: found.find((item) => item.layer.name === STATION_LAYER && !isCell(item)),
    features: found.filter((item) => !isBackdrop(item)),
    backdrops: found.filter(isBackdrop),
  };
}

/** Whether a click there opens something. */
export function isClickable(
  map: GlMap,
  point: { x: number; y: number },
  catalog: Layer[],
): boolean {
  return query(map, point, catalog).some(({ layer }) => hintsOf(layer).backdrop !== true);
}

function query(map: GlMap, { x, y }: { x: number; y: number }, catalog: Layer[]): Found[] {
  const box: [PointLike, PointLike] = [
    [x - TOLERANCE, y - TOLERANCE],
    [x + TOLERANCE, y + TOLERANCE],
  ];
  const byName = new Map(catalog.map((layer) => [layer.name, layer]));
  const found = new Map<string, Found>();
  for (const feature of map.queryRenderedFeatures(box)) {
    const layer = byName.get(feature.source);
    if (!layer) continue;
    const key = `${layer.name}/${feature.id ?? JSON.stringify(feature.properties)}`;
    if (!found.has(key)) found.set(key, { layer, id: feature.id, properties: feature.properties });
  }
  return [...found.values()].sort((a, b) => RANK[a.layer.geometry] - RANK[b.layer.geometry]);
}

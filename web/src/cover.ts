/** The tiles of the current view that a change touches. */

import type { Bounds } from "./catalog.ts";

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** Buffer of a tile beyond its edge (64 of 4096), rounded up. */
const BUFFER = 0.02;

/** Coarser tiles may still be on screen, behind a loading one or in a tilted view. */
const ZOOMS_ABOVE = 4;

/** More tiles than this are cheaper to refresh without a list. */
const LIMIT = 400;

/**
 * The tiles that a map at this view and zoom may show and that intersect the
 * changed bounds; undefined if there are too many to list.
 */
export function touchedTiles(
  changed: Bounds[],
  view: Bounds,
  zoom: number,
  source: { minzoom: number; maxzoom: number },
): TileId[] | undefined {
  const finest = Math.min(source.maxzoom, Math.floor(zoom) + 1);
  const coarsest = Math.max(
    source.minzoom,
    Math.min(source.maxzoom, Math.floor(zoom)) - ZOOMS_ABOVE,
  );
  const found = new Map<string, TileId>();
  for (let z = coarsest; z <= finest; z++) {
    const seen = range(view, z);
    for (const bounds of changed) {
      const touched = range(bounds, z);
      const west = Math.max(seen.west, touched.west);
      const east = Math.min(seen.east, touched.east);
      const north = Math.max(seen.north, touched.north);
      const south = Math.min(seen.south, touched.south);
      if (found.size + Math.max(0, east - west + 1) * Math.max(0, south - north + 1) > 4 * LIMIT) {
        return undefined;
      }
      for (let x = west; x <= east; x++) {
        for (let y = north; y <= south; y++) found.set(`${z}/${x}/${y}`, { z, x, y });
      }
    }
    if (found.size > LIMIT) return undefined;
  }
  return [...found.values()];
}

/** Columns and rows of the tiles of a zoom that intersect the bounds. */
function range([west, south, east, north]: Bounds, z: number) {
  const size = 2 ** z;
  const clamp = (n: number) => Math.min(size - 1, Math.max(0, Math.floor(n)));
  return {
    west: clamp(column(west) * size - BUFFER),
    east: clamp(column(east) * size + BUFFER),
    north: clamp(row(north) * size - BUFFER),
    south: clamp(row(south) * size + BUFFER),
  };
}

function column(longitude: number): number {
  return (longitude + 180) / 360;
}

function row(latitude: number): number {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, latitude)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

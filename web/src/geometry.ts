/** Geometry in degrees, for placing labels and framing the view. */

import type { Bounds } from "./catalog.ts";

type Ring = GeoJSON.Position[];

export function boundsOf(geometry: GeoJSON.Geometry): Bounds | undefined {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  eachPosition(geometry, ([x = NaN, y = NaN]) => {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  });
  return bounds[0] <= bounds[2] ? bounds : undefined;
}

function eachPosition(
  geometry: GeoJSON.Geometry,
  visit: (position: GeoJSON.Position) => void,
): void {
  if (geometry.type === "GeometryCollection") {
    for (const part of geometry.geometries) eachPosition(part, visit);
    return;
  }
  const walk = (node: unknown): void => {
    if (!Array.isArray(node)) return;
    if (typeof node[0] === "number") visit(node as GeoJSON.Position);
    else for (const child of node) walk(child);
  };
  walk(geometry.coordinates);
}

export interface Centre {
  area: number;
  longitude: number;
  latitude: number;
}

/** Area (in square degrees) and centroid of the outer rings of an area. */
export function centreOf(geometry: GeoJSON.Geometry): Centre {
  const outer =
    geometry.type === "Polygon"
      ? [geometry.coordinates[0]]
      : geometry.type === "MultiPolygon"
        ? geometry.coordinates.map((polygon) => polygon[0])
        : [];
  return outer
    .filter((ring) => ring !== undefined)
    .reduce((sum, ring) => join(sum, ringCentre(ring)), { area: 0, longitude: 0, latitude: 0 });
}

/** The common centre of two parts of one area. */
export function join(a: Centre, b: Centre): Centre {
  const area = a.area + b.area;
  if (area === 0) return a;
  return {
    area,
    longitude: (a.longitude * a.area + b.longitude * b.area) / area,
    latitude: (a.latitude * a.area + b.latitude * b.area) / area,
  };
}

/** Shoelace formula relative to the first position, for precision. */
function ringCentre(ring: Ring): Centre {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let double = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i] ?? [];
    const [bx = 0, by = 0] = ring[i + 1] ?? [];
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    double += cross;
    x += (ax + bx - 2 * x0) * cross;
    y += (ay + by - 2 * y0) * cross;
  }
  if (double === 0) return { area: 0, longitude: x0, latitude: y0 };
  return {
    area: Math.abs(double / 2),
    longitude: x0 + x / (3 * double),
    latitude: y0 + y / (3 * double),
  };
}

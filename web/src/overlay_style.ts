/** Style of the overlays: selection, catchment, names of areas. */

import type { FilterSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";

import type { Layer } from "./catalog.ts";
import { base } from "./expressions.ts";
import { FONT_SERIF } from "./fonts.ts";

/** Sources of the overlays. Names of layers contain no hyphen, so these never collide. */
export const FOCUS = "overlay-focus";
export const LINKS = "overlay-links";
export const NAMES = "overlay-names";

/** The layer that rings the selected station. */
export const RING = "overlay-ring";

const SEAL = "#b3272d";

export function overlaySources(): Record<string, SourceSpecification> {
  const empty = { type: "FeatureCollection" as const, features: [] };
  return {
    [FOCUS]: { type: "geojson", data: empty },
    [LINKS]: { type: "geojson", data: empty },
    [NAMES]: { type: "geojson", data: empty },
  };
}

/** The catchment and the lines to the nearest stations, drawn below the points. */
export function overlayBelow(): LayerSpecification[] {
  const polygon: FilterSpecification = ["==", ["geometry-type"], "Polygon"];
  return [
    {
      id: "overlay-catchment",
      type: "fill",
      source: FOCUS,
      filter: polygon,
      paint: { "fill-color": SEAL, "fill-opacity": 0.08 },
    },
    {
      id: "overlay-catchment-edge",
      type: "line",
      source: FOCUS,
      filter: polygon,
      paint: {
        "line-color": SEAL,
        "line-width": 1.8,
        "line-opacity": 0.8,
        "line-dasharray": [3, 2],
      },
    },
    {
      id: "overlay-links",
      type: "line",
      source: LINKS,
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-cap": "round" },
      paint: {
        "line-color": SEAL,
        "line-width": 1.6,
        "line-opacity": 0.7,
        "line-dasharray": [0.5, 2],
      },
    },
  ];
}

/** Selects the station with this code; undefined selects none. */
export function ringFilter(station: string | undefined): FilterSpecification {
  return ["==", ["get", "code"], station ?? ""];
}

export function overlayTop(stations: Layer | undefined): LayerSpecification[] {
  return [
    ...(stations ? [ring(stations)] : []),
    {
      id: "overlay-names",
      type: "symbol",
      source: NAMES,
      maxzoom: 12,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT_SERIF,
        "text-size": ["interpolate", ["linear"], ["zoom"], 6, 12, 11, 19],
        "text-letter-spacing": 0.35,
        "text-max-width": 8,
        "text-padding": 8,
        "symbol-sort-key": ["-", 0, ["get", "area"]],
      },
      paint: { "text-color": "#7b6d54", "text-halo-color": "#faf6ec", "text-halo-width": 1.8 },
    },
    {
      id: "overlay-here",
      type: "circle",
      source: LINKS,
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 4,
        "circle-color": "#2c2a26",
        "circle-stroke-color": "#fffdf8",
        "circle-stroke-width": 2,
      },
    },
  ];
}

function ring(stations: Layer): LayerSpecification {
  return {
    ...base(stations, ""),
    id: RING,
    minzoom: stations.pointzoom,
    type: "circle",
    filter: ringFilter(undefined),
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 9, 12, 12, 15, 17, 18, 20],
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": SEAL,
      "circle-stroke-width": 2.4,
    },
  };
}

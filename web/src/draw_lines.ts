import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { Layer } from "./catalog.ts";
import { base, byZoom, facetColor, facetNumber } from "./expressions.ts";
import { hintsOf } from "./hints.ts";

/** Growth of line widths by zoom: streets grow with the map, other lines little. */
const STREET: [number, number][] = [
  [6, 0.18],
  [9, 0.34],
  [11, 0.62],
  [13, 1.15],
  [15, 2.5],
  [17, 6],
  [19, 14],
];
const SIGN: [number, number][] = [
  [8, 0.45],
  [11, 0.7],
  [13, 0.95],
  [15, 1.3],
  [18, 2],
];

/** A line over its casing, or over a light halo if it has none. */
export function lineLayers(layer: Layer): LayerSpecification[] {
  const hints = hintsOf(layer);
  const street = hints.casing !== undefined;
  const width = facetNumber(layer, hints.widths, hints.width ?? 2);
  const stops = street ? STREET : SIGN;
  const layout = {
    "line-cap": "round",
    "line-join": "round",
    "line-sort-key": width,
  } as const;

  const under: LayerSpecification = {
    ...base(layer, "casing"),
    type: "line",
    minzoom: Math.max(layer.minzoom, street ? 10 : 12),
    layout,
    paint: {
      "line-color": hints.casing ?? "#fffdf8",
      "line-opacity": street ? fadeIn(layer) : 0.9,
      "line-width": widened(
        stops,
        width,
        street
          ? [
              [10, 0.6],
              [14, 1.6],
              [18, 2.6],
            ]
          : [
              [12, 1.2],
              [16, 3],
            ],
      ),
    },
  };
  const line: LayerSpecification = {
    ...base(layer, "line"),
    type: "line",
    layout,
    paint: {
      "line-color": facetColor(layer),
      "line-opacity": street ? fadeIn(layer) : (hints.opacity ?? 1),
      "line-width": byZoom(stops, width),
    },
  };
  return [under, line];
}

/** Narrow streets fade in, so that a whole region is not a grey web. */
function fadeIn(layer: Layer): ExpressionSpecification | number {
  const { widths, width = 2 } = hintsOf(layer);
  if (!widths) return 1;
  const rank = facetNumber(layer, widths, width);
  return [
    "interpolate",
    ["linear"],
    ["zoom"],
    8,
    ["case", [">=", rank, 3], 0.9, [">=", rank, 2], 0.25, 0],
    11,
    ["case", [">=", rank, 2], 1, 0.3],
    12.5,
    1,
  ] as unknown as ExpressionSpecification;
}

/** The same growth plus a casing on both sides, in pixels. */
function widened(
  stops: [number, number][],
  width: number | ExpressionSpecification,
  edges: [number, number][],
): ExpressionSpecification {
  const scaled = stops.flatMap(([zoom, factor]) => [
    zoom,
    ["+", ["*", factor, width], edgeAt(zoom, edges)],
  ]);
  return ["interpolate", ["linear"], ["zoom"], ...scaled] as unknown as ExpressionSpecification;
}

function edgeAt(zoom: number, edges: [number, number][]): number {
  const above = edges.find(([stop]) => zoom <= stop) ?? edges[edges.length - 1];
  return above?.[1] ?? 1;
}

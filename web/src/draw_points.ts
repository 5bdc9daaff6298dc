import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { Layer } from "./catalog.ts";
import { darker } from "./colors.ts";
import { base, byZoom, facetColor, leadingColor } from "./expressions.ts";
import { FONT_BOLD } from "./fonts.ts";
import { hintsOf } from "./hints.ts";
import type { Lang } from "./i18n.ts";

/**
 * Points that share a cell come as one cell with a count, drawn as a circle whose
 * area grows with the count; a single point comes as itself.
 */
export function pointLayers(layer: Layer, lang: Lang): LayerSpecification[] {
  return [...cells(layer, lang), ...singles(layer)];
}

const IS_CELL: ExpressionSpecification = ["has", "count"];

const COUNT: ExpressionSpecification = ["to-number", ["get", "count"], 1];

/** Radius of a cell in pixels: its area grows with the count, up to the 16 pixels of a cell. */
const CELL_RADIUS = [
  "interpolate",
  ["linear"],
  ["sqrt", COUNT],
  1.4,
  3.2,
  3,
  4.6,
  6,
  6.2,
  12,
  7.4,
  32,
  8.2,
] as unknown as ExpressionSpecification;

/** Cells with more points are more opaque, so that the city shows at a glance. */
const CELL_OPACITY = [
  "interpolate",
  ["linear"],
  ["ln", COUNT],
  0.7,
  0.3,
  3,
  0.5,
  6,
  0.72,
  8,
  0.85,
] as unknown as ExpressionSpecification;

function cells(layer: Layer, lang: Lang): LayerSpecification[] {
  const { color } = hintsOf(layer);
  return [
    {
      ...base(layer, "cell"),
      type: "circle",
      filter: IS_CELL,
      paint: {
        "circle-color": leadingColor(layer),
        "circle-radius": CELL_RADIUS,
        "circle-opacity": CELL_OPACITY,
        "circle-stroke-color": "#fffdf8",
        "circle-stroke-opacity": 0.5,
        "circle-stroke-width": 0.6,
      },
    },
    {
      ...base(layer, "cell-count"),
      type: "symbol",
      filter: [">=", COUNT, 4],
      layout: {
        // Where space is short, the largest counts are shown.
        "symbol-sort-key": ["-", 0, COUNT],
        "text-field": shortCount(lang),
        "text-font": FONT_BOLD,
        "text-size": ["interpolate", ["linear"], COUNT, 4, 8.5, 100, 10.5, 5000, 13],
        // Counts give way to names, which are placed first, and to larger counts.
        "text-allow-overlap": false,
        "text-padding": 14,
      },
      paint: {
        "text-color": darker(color),
        "text-halo-color": "rgba(255, 253, 248, 0.8)",
        "text-halo-width": 1.1,
      },
    },
  ];
}

/** 1234 as "1.2k", in Chinese from ten thousand as "1.2 万". */
function shortCount(lang: Lang): ExpressionSpecification {
  const [unit, sign] = lang === "zh" ? [10_000, " 万"] : [1000, "k"];
  const short = ["number-format", ["/", COUNT, unit], { "max-fraction-digits": 1 }];
  return [
    "case",
    [">=", COUNT, unit],
    ["concat", short, sign],
    ["to-string", COUNT],
  ] as unknown as ExpressionSpecification;
}

function singles(layer: Layer): LayerSpecification[] {
  const hints = hintsOf(layer);
  const radius = hints.radius ?? 5;
  const stops: [number, number][] = hints.glyph
    ? [
        [9, 0.62],
        [12, 1],
        [15, 1.5],
        [18, 1.9],
      ]
    : [
        [10, 0.6],
        [14, 0.85],
        [16, 1.2],
        [19, 2],
      ];
  const dot: LayerSpecification = {
    ...base(layer, "point"),
    type: "circle",
    filter: ["!", IS_CELL],
    paint: {
      "circle-color": facetColor(layer),
      "circle-radius": byZoom(stops, radius),
      "circle-opacity": hints.opacity ?? 1,
      "circle-stroke-color": "#fffdf8",
      "circle-stroke-width": byZoom([
        [9, 0.8],
        [14, hints.glyph ? 1.8 : 1],
        [18, hints.glyph ? 2.4 : 1.6],
      ]),
    },
  };
  return [dot];
}

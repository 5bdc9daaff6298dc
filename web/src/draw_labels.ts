import type { LayerSpecification } from "maplibre-gl";

import { fieldOf, type Layer } from "./catalog.ts";
import { base, byZoom } from "./expressions.ts";
import { FONT, FONT_BOLD } from "./fonts.ts";
import { hintsOf } from "./hints.ts";

/**
 * Labels of lines and points. Areas are labelled by names.ts: a vector tile holds
 * a piece of an area, and each piece would get a label.
 */
export function labelLayers(layer: Layer): LayerSpecification[] {
  const hints = hintsOf(layer);
  const signs = layer.geometry === "point" && hints.glyph ? [sign(layer, hints.glyph)] : [];
  const field = fieldOf(layer, hints.label);
  if (!field || layer.geometry === "polygon") return signs;
  const first = Math.max(layer.minzoom, field.minzoom ?? 0);
  const label =
    layer.geometry === "line"
      ? alongLine(layer, field.name, first)
      : atPoint(layer, field.name, first);
  return [...signs, label];
}

function alongLine(layer: Layer, field: string, first: number): LayerSpecification {
  return {
    ...base(layer, "label"),
    minzoom: Math.max(first, 12),
    type: "symbol",
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 320,
      "text-field": ["to-string", ["get", field]],
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["zoom"], 12, 10.5, 16, 13],
      "text-letter-spacing": 0.12,
      "text-max-angle": 30,
      "text-padding": 6,
    },
    paint: {
      "text-color": "#6a5f4b",
      "text-halo-color": "#fffaf0",
      "text-halo-width": 1.6,
    },
  };
}

function atPoint(layer: Layer, field: string, first: number): LayerSpecification {
  const { radius = 5, glyph } = hintsOf(layer);
  const offset = (radius * (glyph ? 1.6 : 1.1)) / 12 + 0.35;
  return {
    ...base(layer, "label"),
    minzoom: Math.max(first, layer.pointzoom, glyph ? 12 : 14),
    type: "symbol",
    layout: {
      "text-field": ["to-string", ["get", field]],
      "text-font": glyph ? FONT_BOLD : FONT,
      "text-size": [
        "interpolate",
        ["linear"],
        ["zoom"],
        12,
        glyph ? 11 : 10,
        16,
        glyph ? 13.5 : 12,
      ],
      "text-variable-anchor": ["top", "bottom", "left", "right"],
      "text-radial-offset": offset,
      "text-max-width": 9,
      "text-padding": 4,
    },
    paint: {
      "text-color": glyph ? "#4a1a1c" : "#4d463a",
      "text-halo-color": "#fffaf0",
      "text-halo-width": 1.8,
    },
  };
}

/** The character inside a point's circle; a symbol, so that labels avoid it. */
function sign(layer: Layer, glyph: string): LayerSpecification {
  const stops: [number, number][] = [
    [12, 1.15],
    [15, 1.75],
    [18, 2.2],
  ];
  return {
    ...base(layer, "glyph"),
    minzoom: Math.max(layer.pointzoom, 12),
    type: "symbol",
    layout: {
      "text-field": glyph,
      "text-font": FONT_BOLD,
      "text-size": byZoom(stops, hintsOf(layer).radius ?? 5),
      "text-allow-overlap": true,
      "text-padding": 4,
    },
    paint: { "text-color": "#fffdf8" },
  };
}

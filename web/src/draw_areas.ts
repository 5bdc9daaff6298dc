import type { LayerSpecification } from "maplibre-gl";

import type { Layer } from "./catalog.ts";
import { base, byZoom, facetColor } from "./expressions.ts";
import { hintsOf } from "./hints.ts";

/** A fill with an outline; the outline of a backdrop has a soft band, as on paper maps. */
export function areaLayers(layer: Layer): LayerSpecification[] {
  const hints = hintsOf(layer);
  const outline = hints.outline ?? facetColor(layer);
  const fill: LayerSpecification = {
    ...base(layer, "fill"),
    type: "fill",
    paint: {
      "fill-color": facetColor(layer),
      "fill-opacity": hints.backdrop ? (hints.opacity ?? 1) : softened(hints.opacity ?? 0.5),
    },
  };
  if (!hints.backdrop) {
    return [fill, edge(layer, outline, hints.width ?? 1)];
  }
  const band: LayerSpecification = {
    ...base(layer, "band"),
    type: "line",
    layout: { "line-join": "round" },
    paint: {
      "line-color": outline,
      "line-opacity": 0.16,
      "line-width": byZoom(
        [
          [5, 1.6],
          [9, 3.2],
          [14, 7],
        ],
        hints.width ?? 1,
      ),
    },
  };
  const dashes: LayerSpecification = {
    ...base(layer, "outline"),
    type: "line",
    layout: { "line-join": "round" },
    paint: {
      "line-color": outline,
      "line-width": byZoom(
        [
          [5, 0.6],
          [10, 0.9],
          [14, 1.1],
        ],
        hints.width ?? 1,
      ),
      "line-dasharray": [5, 2, 1, 2],
    },
  };
  return [fill, band, dashes];
}

function edge(
  layer: Layer,
  color: ReturnType<typeof facetColor>,
  width: number,
): LayerSpecification {
  return {
    ...base(layer, "outline"),
    type: "line",
    minzoom: Math.max(layer.minzoom, 12),
    layout: { "line-join": "round" },
    paint: {
      "line-color": color,
      "line-opacity": byZoom([
        [12, 0],
        [14, 0.75],
      ]),
      "line-width": byZoom(
        [
          [12, 0.4],
          [16, 1],
          [18, 1.6],
        ],
        width,
      ),
    },
  };
}

/** Areas that fill the screen are drawn paler. */
function softened(opacity: number) {
  return byZoom(
    [
      [12, 0.85],
      [16, 0.6],
    ],
    opacity,
  );
}

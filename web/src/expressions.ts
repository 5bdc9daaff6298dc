/** Style expressions that several kinds of layer share. */

import type { ExpressionSpecification } from "maplibre-gl";

import { legendOf, type Layer } from "./catalog.ts";
import { hintsOf } from "./hints.ts";

/** Properties that all style layers of a catalogue layer share. */
export function base(
  layer: Layer,
  part: string,
): { id: string; source: string; "source-layer": string; minzoom: number } {
  return {
    id: `${layer.name}/${part}`,
    source: layer.name,
    "source-layer": layer.name,
    minzoom: layer.minzoom,
  };
}

/** The colour of a feature, by its facet if the categories have colours. */
export function facetColor(layer: Layer): string | ExpressionSpecification {
  const { color } = hintsOf(layer);
  const pairs = legendOf(layer).flatMap((category) =>
    category.color ? [category.value, category.color] : [],
  );
  return byFacet(layer, pairs, color);
}

/** The colour of a cell: that of its most frequent category. */
export function leadingColor(layer: Layer): string | ExpressionSpecification {
  const { color } = hintsOf(layer);
  const counts = legendOf(layer).flatMap((category) =>
    category.color
      ? [{ count: ["coalesce", ["get", `count_${category.value}`], 0], color: category.color }]
      : [],
  );
  if (counts.length === 0) return color;
  const cases = counts.flatMap(({ count, color }) => [
    ["all", [">", count, 0], ["==", count, ["var", "most"]]],
    color,
  ]);
  const most = ["max", ...counts.map(({ count }) => count)];
  return ["let", "most", most, ["case", ...cases, color]] as unknown as ExpressionSpecification;
}

/** A number per value of the facet. */
export function facetNumber(
  layer: Layer,
  values: Record<string, number> | undefined,
  otherwise: number,
): number | ExpressionSpecification {
  return byFacet(layer, Object.entries(values ?? {}).flat(), otherwise);
}

function byFacet<T extends string | number>(
  layer: Layer,
  pairs: (string | number)[],
  otherwise: T,
): T | ExpressionSpecification {
  if (!layer.facet || pairs.length === 0) return otherwise;
  const value = ["to-string", ["get", layer.facet]];
  return ["match", value, ...pairs, otherwise] as unknown as ExpressionSpecification;
}

/** Zoom stops, each a factor times a value that may depend on the feature. */
export function byZoom(
  stops: [zoom: number, factor: number][],
  value: number | ExpressionSpecification = 1,
): ExpressionSpecification {
  const scaled = stops.flatMap(([zoom, factor]) => [
    zoom,
    typeof value === "number" ? round(value * factor) : ["*", factor, value],
  ]);
  return ["interpolate", ["linear"], ["zoom"], ...scaled] as unknown as ExpressionSpecification;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/**
 * The map style, built from the catalogue alone: a layer added at run time is
 * drawn, labelled and switched like the built-in ones.
 *
 * Each layer is a source of its own, so that a hidden layer costs no request and
 * a change redraws the tiles of its layer only.
 */

import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

import { inDrawingOrder, STATION_LAYER, type Layer } from "./catalog.ts";
import { areaLayers } from "./draw_areas.ts";
import { lineLayers } from "./draw_lines.ts";
import { labelLayers } from "./draw_labels.ts";
import { pointLayers } from "./draw_points.ts";
import type { Lang } from "./i18n.ts";
import { overlayBelow, overlaySources, overlayTop } from "./overlay_style.ts";

export const PAPER = "#ece6d9";

export interface StyleOptions {
  /** Absolute address of a layer's tiles, with {z}, {x} and {y}. */
  tiles: (layer: string) => string;
  lang: Lang;
  shown: (layer: Layer) => boolean;
}

export function mapStyle(catalog: Layer[], options: StyleOptions): StyleSpecification {
  const layers = inDrawingOrder(catalog);
  const sources: Record<string, SourceSpecification> = {};
  for (const layer of layers) sources[layer.name] = source(layer, options);

  const ground = layers.filter((layer) => layer.geometry !== "point");
  const points = layers.filter((layer) => layer.geometry === "point");
  return {
    version: 8,
    name: "yizhan",
    sources: { ...sources, ...overlaySources() },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": PAPER } },
      ...ground.flatMap((layer) => drawn(layer, options)),
      ...overlayBelow(),
      ...points.flatMap((layer) => drawn(layer, options)),
      ...layers.flatMap((layer) => switched(labelLayers(layer), options.shown(layer))),
      ...overlayTop(layers.find((layer) => layer.name === STATION_LAYER)),
    ],
  };
}

function source(layer: Layer, options: StyleOptions): SourceSpecification {
  return {
    type: "vector",
    tiles: [options.tiles(layer.name)],
    minzoom: layer.minzoom,
    maxzoom: Math.max(layer.minzoom, layer.maxzoom),
  };
}

function drawn(layer: Layer, { shown, lang }: StyleOptions): LayerSpecification[] {
  switch (layer.geometry) {
    case "point":
      return switched(pointLayers(layer, lang), shown(layer));
    case "line":
      return switched(lineLayers(layer), shown(layer));
    case "polygon":
      return switched(areaLayers(layer), shown(layer));
  }
}

function switched(layers: LayerSpecification[], shown: boolean): LayerSpecification[] {
  const visibility = shown ? "visible" : "none";
  return layers.map((layer) => ({
    ...layer,
    layout: { ...layer.layout, visibility },
  })) as LayerSpecification[];
}

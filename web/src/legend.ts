/** Swatches and the list of categories of a layer. */

import { legendOf, type Category, type Kind, type Layer } from "./catalog.ts";
import { el, withStyle } from "./dom.ts";
import { hintsOf } from "./hints.ts";
import type { Page } from "./page.ts";

/** A swatch in the shape of the geometry: dot, stroke or patch. */
export function swatch(kind: Kind, color: string, outline?: string): HTMLElement {
  const mark = el("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
  withStyle(mark, "--swatch", color);
  return outline ? withStyle(mark, "--swatch-edge", outline) : mark;
}

export function layerSwatch(layer: Layer): HTMLElement {
  const { color, outline } = hintsOf(layer);
  return swatch(layer.geometry, color, outline);
}

/** The categories with their colours; undefined for a layer of one colour. */
export function legendList(layer: Layer, page: Page): HTMLElement | undefined {
  const categories = legendOf(layer);
  if (categories.length === 0) return undefined;
  return el(
    "ul",
    { class: "legend", "aria-label": page.message("legend") },
    ...categories.map((category) => entry(layer, category, page)),
  );
}

function entry(layer: Layer, category: Category, page: Page): HTMLElement {
  const color = category.color ?? hintsOf(layer).color;
  return el("li", {}, swatch(layer.geometry, color), page.label(category));
}

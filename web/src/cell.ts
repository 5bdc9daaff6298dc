/** Cells: one symbol for several points, with a count for each category. */

import type { Properties } from "./attributes.ts";
import { legendOf, type Category, type Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { formatNumber } from "./format.ts";
import { hintsOf } from "./hints.ts";
import { swatch } from "./legend.ts";
import type { Page } from "./page.ts";

/** Number of points in a cell; undefined for a feature that is not a cell. */
export function countOf(layer: Layer, properties: Properties): number | undefined {
  if (layer.geometry !== "point" || properties["count"] === undefined) return undefined;
  return Number(properties["count"]);
}

export interface Share {
  /** Undefined for points without a category. */
  category: Category | undefined;
  count: number;
}

/** The categories of a cell, the most frequent first; points without a category last. */
export function sharesOf(layer: Layer, properties: Properties): Share[] {
  const shares: Share[] = legendOf(layer)
    .map((category) => ({ category, count: Number(properties[`count_${category.value}`] ?? 0) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const rest = shares.reduce((left, { count }) => left - count, countOf(layer, properties) ?? 0);
  if (shares.length > 0 && rest > 0) shares.push({ category: undefined, count: rest });
  return shares;
}

/** The categories with their counts; undefined for a layer of one colour. */
export function shareList(
  layer: Layer,
  properties: Properties,
  page: Page,
): HTMLElement | undefined {
  const shares = sharesOf(layer, properties);
  if (shares.length === 0) return undefined;
  const rows = shares.flatMap(({ category, count }) => [
    el(
      "dt",
      {},
      swatch(layer.geometry, category?.color ?? hintsOf(layer).color),
      category ? page.label(category) : page.message("other"),
    ),
    el("dd", {}, formatNumber(count, page.lang)),
  ]);
  return el("dl", { class: "attributes shares" }, ...rows);
}

/** A cell: one mark that stands for several points, and how many of each category it has. */

import type { Properties } from "./attributes.ts";
import { legendOf, type Category, type Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { formatNumber } from "./format.ts";
import { hintsOf } from "./hints.ts";
import { swatch } from "./legend.ts";
import type { Page } from "./page.ts";

/** How many points a feature of a layer of points stands for; undefined when it is a point itself. */
export function countOf(layer: Layer, properties: Properties): number | undefined {
  if (layer.geometry !== "point" || properties["count"] === undefined) return undefined;
  return Number(properties["count"]);
}

export interface Share {
  /** Undefined for the points of no category. */
  category: Category | undefined;
  count: number;
}

/** The categories that a cell has points of, most first; what is in none comes last. */
export function sharesOf(layer: Layer, properties: Properties): Share[] {
  const shares: Share[] = legendOf(layer)
    .map((category) => ({ category, count: Number(properties[`count_${category.value}`] ?? 0) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const rest = shares.reduce((left, { count }) => left - count, countOf(layer, properties) ?? 0);
  if (shares.length > 0 && rest > 0) shares.push({ category: undefined, count: rest });
  return shares;
}

/** The categories with their counts, or undefined for a layer of one colour. */
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
      category ? page.pick(category) : page.word("otherwise"),
    ),
    el("dd", {}, formatNumber(count, page.lang)),
  ]);
  return el("dl", { class: "attributes shares" }, ...rows);
}

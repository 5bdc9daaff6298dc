/** The attributes of a feature, as the popup and the station card list them. */

import { type Field, type Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { formatValue } from "./format.ts";
import { swatch } from "./legend.ts";
import type { Page } from "./page.ts";

export type Properties = Record<string, unknown>;

/** A definition list in the order of the catalogue; fields without a value are omitted. */
export function attributeList(
  layer: Layer,
  properties: Properties,
  page: Page,
  skip: string[] = [],
): HTMLElement | undefined {
  const rows = layer.fields
    .filter((field) => !skip.includes(field.name))
    .flatMap((field) => row(layer, field, properties[field.name], page));
  return rows.length > 0 ? el("dl", { class: "attributes" }, ...rows) : undefined;
}

function row(layer: Layer, field: Field, value: unknown, page: Page): HTMLElement[] {
  const text = formatValue(value, field, page.lang);
  if (text === undefined) return [];
  const color = field.categories?.find((category) => category.value === String(value))?.color;
  return [
    el("dt", {}, page.label(field.title) || field.name),
    el("dd", {}, color ? swatch(layer.geometry, color) : undefined, text),
  ];
}

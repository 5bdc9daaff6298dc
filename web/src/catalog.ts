/** The catalogue as `GET /layers` gives it, and small questions about it. */

export interface Label {
  zh: string;
  en: string;
}

export interface Category extends Label {
  value: string;
  color?: string;
}

export type FieldType = "text" | "integer" | "number" | "boolean" | "date" | "timestamp";

export interface Field {
  name: string;
  type: FieldType;
  title: Label;
  unit?: string;
  /** First zoom whose tiles carry the field; absent: no tile does. */
  minzoom?: number;
  categories?: Category[];
}

export type Kind = "point" | "line" | "polygon";

/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

/** Style hints of the catalogue; all optional, a layer without any gets sensible defaults. */
export interface Hints {
  color?: string;
  opacity?: number;
  outline?: string;
  width?: number;
  radius?: number;
  /** Name of the field that labels the features. */
  label?: string;
  visible?: boolean;
  /** A quiet ground that takes no clicks from what lies on it. */
  backdrop?: boolean;
  /** Colour of the edge drawn under a line, as on roads. */
  casing?: string;
  /** Width per value of the facet, in place of one width. */
  widths?: Record<string, number>;
  /** One character set inside a point's circle. */
  glyph?: string;
}

export interface Layer {
  name: string;
  /** Name of the field that tells features apart, where there is one. */
  key?: string;
  geometry: Kind;
  title: Label;
  description?: Label;
  minzoom: number;
  maxzoom: number;
  pointzoom: number;
  facet?: string;
  position: number;
  style?: Hints;
  fields: Field[];
  count?: number;
  bounds?: Bounds | null;
}

/** The layer whose features answer the questions about stations. */
export const STATION_LAYER = "station";

/** The layer whose edits change the progress of wall removal. */
export const WALL_LAYER = "wall_site";

export function fieldOf(layer: Layer, name: string | undefined): Field | undefined {
  return name === undefined ? undefined : layer.fields.find((field) => field.name === name);
}

/** The categories that colour a layer; empty when it has one colour. */
export function legendOf(layer: Layer): Category[] {
  const categories = fieldOf(layer, layer.facet)?.categories ?? [];
  return categories.some((category) => category.color) ? categories : [];
}

/** Layers in the order in which they are drawn, lowest first. */
export function inDrawingOrder(layers: Layer[]): Layer[] {
  return [...layers].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
}

/** Bounds that hold something: absent, NaN and empty ones are undefined. */
export function extentOf(layer: Layer | undefined): Bounds | undefined {
  const bounds = layer?.bounds;
  if (!bounds || bounds.length !== 4 || bounds.some((n) => !Number.isFinite(n))) return undefined;
  return bounds[0] <= bounds[2] && bounds[1] <= bounds[3] ? bounds : undefined;
}

/**
 * Where the map opens: the stations, since the page is about them; without any,
 * the smallest extent among the layers that are shown.
 */
export function openingBounds(layers: Layer[]): Bounds | undefined {
  const stations = extentOf(layers.find((layer) => layer.name === STATION_LAYER));
  if (stations) return stations;
  return layers
    .filter((layer) => layer.style?.visible !== false)
    .map(extentOf)
    .filter((bounds) => bounds !== undefined)
    .sort((a, b) => area(a) - area(b))[0];
}

function area([west, south, east, north]: Bounds): number {
  return (east - west) * (north - south);
}

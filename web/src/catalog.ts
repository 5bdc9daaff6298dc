/** The catalogue as `GET /layers` returns it, and lookups in it. */

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
  /** First zoom whose tiles contain the field; absent: no tile does. */
  minzoom?: number;
  categories?: Category[];
}

export type Kind = "point" | "line" | "polygon";

/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

/** Style hints of the catalogue; all are optional. */
export interface Hints {
  color?: string;
  opacity?: number;
  outline?: string;
  width?: number;
  radius?: number;
  /** Name of the field that labels the features. */
  label?: string;
  visible?: boolean;
  /** A background that gives way to other layers when clicked. */
  backdrop?: boolean;
  /** Colour of the casing under a line, as on roads. */
  casing?: string;
  /** Width by value of the facet. */
  widths?: Record<string, number>;
  /** One character set inside a point's circle. */
  glyph?: string;
}

export interface Layer {
  name: string;
  /** Name of the key field, if any. */
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

/** The layer whose features open the station card. */
export const STATION_LAYER = "station";

/** The layer whose edits change the wall-removal progress. */
export const WALL_LAYER = "wall_site";

/** The layer whose points are counted in covers. */
export const MANHOLE_LAYER = "manhole";

export function fieldOf(layer: Layer, name: string | undefined): Field | undefined {
  return name === undefined ? undefined : layer.fields.find((field) => field.name === name);
}

/** The categories that colour a layer; empty if it has one colour. */
export function legendOf(layer: Layer): Category[] {
  const categories = fieldOf(layer, layer.facet)?.categories ?? [];
  return categories.some((category) => category.color) ? categories : [];
}

/** Layers in the order in which they are drawn, lowest first. */
export function inDrawingOrder(layers: Layer[]): Layer[] {
  return [...layers].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
}

/** The bounds of a layer; undefined if absent, invalid or empty. */
export function extentOf(layer: Layer | undefined): Bounds | undefined {
  const bounds = layer?.bounds;
  if (!bounds || bounds.length !== 4 || bounds.some((n) => !Number.isFinite(n))) return undefined;
  return bounds[0] <= bounds[2] && bounds[1] <= bounds[3] ? bounds : undefined;
}

/** Bounds of the map at start: the stations, or else the smallest visible layer. */
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

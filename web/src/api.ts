/** Requests to the server. Paths are relative to the page, so that it works below a path prefix. */

import type { Label, Layer } from "./catalog.ts";

/** An error that the server answered, with its text in both languages. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    readonly label: Label,
  ) {
    super(label.en);
  }
}

export interface Answer<Row> {
  question: string;
  parameters: Record<string, string>;
  rows: Row[];
  asked_at: string;
}

export interface MemberRow {
  station_code: string;
  station_name: string | null;
  area_used: "circle" | "drawn";
  radius_used_m: number | null;
  trade: string;
  trade_zh: string;
  trade_en: string;
  /** Numbers come in bands of five: "10–14". */
  shown: string;
  suppressed: boolean;
  at_least: number;
  at_most: number;
}

export interface ProgressRow {
  area_code: string;
  area_name: string;
  target: number | null;
  total: number;
  accepted: number;
  demolished: number;
  in_work: number;
  not_started: number;
  set_aside: number;
  unknown: number;
  overdue: number;
  pct: number | null;
  as_of_date: string;
}

export interface NearRow {
  code: string;
  name: string | null;
  status: string;
  open_hours: string | null;
  distance_m: number;
  functions: string | null;
  geom: GeoJSON.Geometry;
}

export interface CatchmentRow {
  station_code: string;
  station_name: string | null;
  area_used: "circle" | "drawn";
  radius_used_m: number | null;
  geom: GeoJSON.Geometry;
}

export interface Questions {
  members_within: MemberRow;
  wall_progress: ProgressRow;
  nearest_stations: NearRow;
  station_catchment: CatchmentRow;
}

/** An absolute address of the server this page came from. */
export function address(path: string): string {
  return new URL(path, document.baseURI).href;
}

export async function fetchLayers(signal?: AbortSignal): Promise<Layer[]> {
  const answer = await getJSON<{ layers: Layer[] }>("layers", signal);
  return answer.layers.map((layer) => ({ ...layer, fields: layer.fields ?? [] }));
}

/** Asks one of the published questions. Undefined parameters take their defaults. */
export function ask<Name extends keyof Questions>(
  name: Name,
  parameters: Record<string, string | number | undefined>,
  signal?: AbortSignal,
): Promise<Answer<Questions[Name]>> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(key, String(value));
  }
  const suffix = query.size > 0 ? `?${query}` : "";
  return getJSON(`ask/${name}${suffix}`, signal);
}

async function getJSON<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(address(path), {
    headers: { accept: "application/json", "accept-language": document.documentElement.lang },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as T;
}

interface ErrorBody {
  error?: { kind?: string; message?: string; label?: Partial<Label> };
}

/** The error in an answer; one without a body in JSON is described by its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody | null;
  const { kind = "unknown", message = response.statusText, label } = body?.error ?? {};
  const both = { zh: label?.zh || message, en: label?.en || message };
  return new ApiError(response.status, kind, both);
}

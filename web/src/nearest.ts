/** The stations nearest to a place, as a short list of buttons. */

import { ask, type NearRow } from "./api.ts";
import { fieldOf, type Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { formatDistance, formatValue } from "./format.ts";
import type { Page } from "./page.ts";

const HOW_MANY = 3;

/** Asks for the stations nearest to a place given in degrees. */
export async function nearestStations(
  place: { lng: number; lat: number },
  signal: AbortSignal,
): Promise<NearRow[]> {
  const parameters = { lon: place.lng.toFixed(6), lat: place.lat.toFixed(6), count: HOW_MANY };
  return (await ask("nearest_stations", parameters, signal)).rows;
}

export function nearestList(
  rows: NearRow[],
  stations: Layer,
  page: Page,
  choose: (row: NearRow) => void,
): HTMLElement {
  return el(
    "section",
    { class: "nearest" },
    el("h3", {}, page.message("nearest")),
    el("ol", {}, ...rows.map((row) => el("li", {}, button(row, stations, page, choose)))),
  );
}

function button(
  row: NearRow,
  stations: Layer,
  page: Page,
  choose: (row: NearRow) => void,
): HTMLElement {
  const status = fieldOf(stations, "status");
  const details = [status && formatValue(row.status, status, page.lang), row.open_hours];
  return el(
    "button",
    { type: "button", click: () => choose(row) },
    el("b", {}, row.name ?? row.code),
    el("span", { class: "distance" }, formatDistance(row.distance_m, page.lang)),
    el("small", {}, details.filter(Boolean).join(" · ")),
  );
}

/** Short notices, and fading rings at changed places. */

import { Marker, type Map as GlMap } from "maplibre-gl";

import type { Bounds } from "./catalog.ts";
import { el } from "./dom.ts";

const NOTICE_MS = 2600;
const PULSE_MS = 1800;
const MAX_PULSES = 12;

export class Notices {
  readonly element = el("div", { class: "notices", role: "status", "aria-live": "polite" });
  private timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string): void {
    clearTimeout(this.timer);
    this.element.textContent = text;
    this.element.classList.add("on");
    this.timer = setTimeout(() => this.element.classList.remove("on"), NOTICE_MS);
  }
}

/** Marks the places of a change, unless there are too many. */
export function pulse(map: GlMap, places: Bounds[]): void {
  const view = map.getBounds();
  const centres = places
    .map(
      ([west, south, east, north]) => [(west + east) / 2, (south + north) / 2] as [number, number],
    )
    .filter((centre) => view.contains(centre));
  if (centres.length > MAX_PULSES) return;
  for (const centre of centres) {
    const element = el("div", { class: "pulse", "aria-hidden": "true" });
    const marker = new Marker({ element }).setLngLat(centre).addTo(map);
    setTimeout(() => marker.remove(), PULSE_MS);
  }
}

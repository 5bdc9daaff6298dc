/** Creates the map: worker, camera, controls. */

import { Map as GlMap, setWorkerUrl, type IControl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import type { Bounds } from "./catalog.ts";

/** The central urban area of Nanyang. */
const HOME: Bounds = [112.462, 32.958, 112.603, 33.046];

/** Pixels that panels take from the edges of the map. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export function createMap(
  container: HTMLElement,
  style: StyleSpecification,
  opening: Bounds,
  insets: Insets,
  scale: IControl,
): GlMap {
  setWorkerUrl(workerUrl);
  const map = new GlMap({
    container,
    style,
    bounds: opening,
    fitBoundsOptions: { padding: padding(insets), maxZoom: 14 },
    // "#map=12/33/112.5": other parts of the fragment stay free.
    hash: "map",
    minZoom: 4,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 150,
    // Tiles out of view are dropped: only tiles in view are refreshed when data
    // changes, so a kept one could come back stale. The browser's cache keeps the
    // bytes, and the server confirms them by ETag.
    maxTileCacheSize: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(scale, "bottom-left");
  return map;
}

/** Bounds of the map at start: the city centre if the data covers it, or else the data. */
export function home(data: Bounds | undefined): Bounds {
  if (!data) return HOME;
  const [west, south, east, north] = data;
  const [x, y] = [(HOME[0] + HOME[2]) / 2, (HOME[1] + HOME[3]) / 2];
  return west <= x && x <= east && south <= y && y <= north ? HOME : data;
}

export function padding({ top, right, bottom, left }: Insets): Insets {
  return { top: top + 30, right: right + 40, bottom: bottom + 40, left: left + 30 };
}

export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

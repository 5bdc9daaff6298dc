/** Overlays of the page. They are kept here, to be restored after a change of style. */

import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";

import { FOCUS, LINKS, RING, ringFilter } from "./overlay_style.ts";

type Position = [number, number];

export class Overlay {
  private station: string | undefined;
  private catchment: GeoJSON.Geometry | undefined;
  private links: { from: Position; to: Position[] } | undefined;

  constructor(private readonly map: GlMap) {}

  /** Rings the station with this code; undefined removes the ring. */
  ring(station: string | undefined): void {
    this.station = station;
    if (this.map.getLayer(RING)) this.map.setFilter(RING, ringFilter(station));
  }

  area(catchment: GeoJSON.Geometry | undefined): void {
    this.catchment = catchment;
    this.set(FOCUS, catchment ? [feature(catchment)] : []);
  }

  /** Lines from a place to the nearest stations. */
  link(from: Position, to: Position[]): void {
    this.links = { from, to };
    this.set(LINKS, [
      ...to.map((end) => feature({ type: "LineString", coordinates: [from, end] })),
      feature({ type: "Point", coordinates: from }),
    ]);
  }

  unlink(): void {
    this.links = undefined;
    this.set(LINKS, []);
  }

  /** Redraws everything after a change of style. */
  restore(): void {
    this.ring(this.station);
    this.area(this.catchment);
    if (this.links) this.link(this.links.from, this.links.to);
  }

  private set(source: string, features: GeoJSON.Feature[]): void {
    this.map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features });
  }
}

function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", properties: {}, geometry };
}

/** Clicks on the map, the popup, the station card and what they draw on the map. */

import type { LngLat, Map as GlMap, MapMouseEvent } from "maplibre-gl";

import { STATION_LAYER, type Bounds, type Layer } from "./catalog.ts";
import type { Frame } from "./frame.ts";
import { boundsOf } from "./geometry.ts";
import { padding } from "./map.ts";
import { nearestList, nearestStations } from "./nearest.ts";
import { Overlay } from "./overlay.ts";
import type { Page } from "./page.ts";
import { hitAt, isClickable } from "./pick.ts";
import { FeaturePopup, type Found } from "./popup.ts";
import { StationCard, type Station } from "./station.ts";

/** A catchment narrower than this on screen is zoomed to. */
const SMALL_PX = 180;

export class Explorer {
  readonly overlay: Overlay;
  readonly card: StationCard;
  private readonly popup: FeaturePopup;
  private near: AbortController | undefined;

  constructor(
    private readonly map: GlMap,
    private readonly page: Page,
    private readonly frame: Frame,
    private readonly catalog: () => Layer[],
  ) {
    this.overlay = new Overlay(map);
    this.popup = new FeaturePopup(map, page, {
      closed: () => this.overlay.unlink(),
      zoomToCell: (layer, place) => this.zoomToCell(layer, place),
    });
    this.card = new StationCard(page, () => this.stations(), {
      area: (geometry) => this.showCatchment(geometry),
      closed: () => this.overlay.ring(undefined),
    });
    frame.setCard(this.card.element);
    this.listen();
  }

  /** Moves the camera to bounds, clear of the panels. */
  frameBounds(bounds: Bounds | undefined, maxZoom: number): void {
    if (bounds) this.map.fitBounds(bounds, { padding: padding(this.frame.insets()), maxZoom });
  }

  render(): void {
    this.popup.render();
    this.card.render();
  }

  private listen(): void {
    const { map } = this;
    map.on("click", (event) => this.clicked(event));
    map.on("mousemove", (event) => {
      if (map.isMoving()) return;
      const clickable = isClickable(map, event.point, this.catalog());
      map.getCanvas().style.cursor = clickable ? "pointer" : "";
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.popup.close();
      this.card.close();
    });
  }

  private stations(): Layer | undefined {
    return this.catalog().find((layer) => layer.name === STATION_LAYER);
  }

  private clicked(event: MapMouseEvent): void {
    this.near?.abort();
    this.popup.close();
    const hit = hitAt(this.map, event.point, this.catalog());
    if (hit.station) {
      const { properties } = hit.station;
      const name = properties["name"];
      this.select({
        code: String(properties["code"] ?? ""),
        name: name ? String(name) : undefined,
        properties,
      });
    } else if (hit.features.length > 0) {
      this.popup.open(event.lngLat, hit.features);
    } else {
      void this.showNearest(event.lngLat, hit.backdrops);
    }
  }

  /** Zooms in until the points of a cell separate. */
  private zoomToCell(layer: Layer, center: LngLat): void {
    this.popup.close();
    this.map.easeTo({ center, zoom: Math.min(layer.pointzoom, this.map.getZoom() + 2) });
  }

  private select(station: Station): void {
    this.popup.close();
    this.overlay.ring(station.code);
    void this.card.open(station);
  }

  private async showNearest(place: LngLat, backdrops: Found[]): Promise<void> {
    const stations = this.stations();
    if (backdrops.length > 0) this.popup.open(place, backdrops);
    if (!stations) return;
    const request = new AbortController();
    this.near = request;
    const rows = await nearestStations(place, request.signal).catch(() => []);
    if (request.signal.aborted || rows.length === 0) return;
    if (backdrops.length === 0) this.popup.open(place, []);
    const ends = rows.flatMap(({ geom }) =>
      geom.type === "Point" ? [geom.coordinates as [number, number]] : [],
    );
    this.overlay.link([place.lng, place.lat], ends);
    this.popup.setNearest(() =>
      nearestList(rows, stations, this.page, (row) =>
        this.select({ code: row.code, name: row.name ?? undefined, properties: { ...row } }),
      ),
    );
  }

  /** Draws the area that the counts are for, and moves it into the free part of the window. */
  private showCatchment(geometry: GeoJSON.Geometry | undefined): void {
    this.overlay.area(geometry);
    const bounds = geometry && boundsOf(geometry);
    if (!bounds) return;
    const [west, south, east, north] = bounds;
    const a = this.map.project([west, north]);
    const b = this.map.project([east, south]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { top, right, bottom, left } = this.frame.insets();
    const inside =
      a.x >= left && a.y >= top && b.x <= clientWidth - right && b.y <= clientHeight - bottom;
    if (!inside || b.x - a.x < SMALL_PX) this.frameBounds(bounds, 15.5);
  }
}

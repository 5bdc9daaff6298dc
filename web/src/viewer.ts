/** The viewer: holds the state of the page and passes events between its parts. */

import type { LngLat, Map as GlMap, MapMouseEvent } from "maplibre-gl";

import { address, fetchLayers } from "./api.ts";
import {
  extentOf,
  inDrawingOrder,
  openingBounds,
  STATION_LAYER,
  WALL_LAYER,
  type Bounds,
  type Label,
  type Layer,
} from "./catalog.ts";
import { Frame } from "./frame.ts";
import { boundsOf } from "./geometry.ts";
import { pick, word, type Lang, type Word } from "./i18n.ts";
import { LayerList } from "./layers.ts";
import { LiveFeed, type Change } from "./live.ts";
import { createMap, padding } from "./map.ts";
import { AreaNames } from "./names.ts";
import { nearestList, nearestStations } from "./nearest.ts";
import { Overlay } from "./overlay.ts";
import type { Page } from "./page.ts";
import { hitAt, isClickable } from "./pick.ts";
import { FeaturePopup } from "./popup.ts";
import type { Preferences } from "./preferences.ts";
import { ProgressPanel } from "./progress.ts";
import { TileRefresher } from "./refresh.ts";
import { StationCard, type Station } from "./station.ts";
import { mapStyle } from "./style.ts";
import { Notices, pulse } from "./toast.ts";

/** Changes that come in a row ask for counts and progress once. */
const SETTLE_MS = 700;

export class Viewer implements Page {
  private readonly map: GlMap;
  private readonly frame: Frame;
  private readonly list: LayerList;
  private readonly progress: ProgressPanel;
  private readonly card: StationCard;
  private readonly popup: FeaturePopup;
  private readonly overlay: Overlay;
  private readonly names: AreaNames;
  private readonly tiles: TileRefresher;
  private readonly notices = new Notices();
  private near: AbortController | undefined;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private dirty = new Set<string>();

  constructor(
    root: HTMLElement,
    private catalog: Layer[],
    public lang: Lang,
    private readonly preferences: Preferences,
  ) {
    this.catalog = inDrawingOrder(catalog);
    this.list = new LayerList(this, {
      shown: (layer) => this.shown(layer),
      toggle: (layer, shown) => this.toggle(layer, shown),
      zoomTo: (layer) => this.frameBounds(extentOf(layer), 16),
    });
    this.progress = new ProgressPanel(this);
    this.card = new StationCard(this, () => this.layer(STATION_LAYER), {
      area: (geometry) => this.showCatchment(geometry),
      closed: () => this.overlay.ring(undefined),
    });
    this.frame = new Frame(
      root,
      this,
      {
        switchLang: () => this.setLang(this.lang === "zh" ? "en" : "zh"),
        zoom: (by) => (by > 0 ? this.map.zoomIn() : this.map.zoomOut()),
        home: () => this.frameBounds(openingBounds(this.catalog), 14),
      },
      [this.progress.element, this.list.element],
      [this.card.element, this.notices.element],
    );
    this.renderAll();
    this.map = createMap(this.frame.map, this.style(), openingBounds(this.catalog), this.room());
    this.overlay = new Overlay(this.map);
    this.names = new AreaNames(this.map);
    this.tiles = new TileRefresher(this.map, (name) => this.layer(name));
    this.popup = new FeaturePopup(this.map, this, () => this.overlay.unlink());
    this.listen();
  }

  word(key: Word): string {
    return word(this.lang, key);
  }

  pick(label: Label | undefined): string {
    return pick(this.lang, label);
  }

  start(): void {
    void this.progress.refresh();
    const feed = new LiveFeed(
      {
        change: (changes) => this.changed(changes),
        catalog: () => void this.reloadCatalog(),
        missed: () => this.missed(),
        connected: (yes) => this.frame.setConnected(yes),
      },
      () => new EventSource(address("events")),
    );
    feed.start();
    window.addEventListener("pagehide", () => feed.stop());
  }

  private listen(): void {
    const { map } = this;
    map.getCanvas().setAttribute("aria-label", this.word("mapLabel"));
    map.on("click", (event) => this.clicked(event));
    map.on("mousemove", (event) => {
      if (map.isMoving()) return;
      map.getCanvas().style.cursor = isClickable(map, event.point, this.catalog) ? "pointer" : "";
    });
    map.on("zoom", () => this.list.atZoom(map.getZoom()));
    map.on("idle", () => {
      this.list.atZoom(map.getZoom());
      this.names.refresh(this.catalog, (layer) => this.shown(layer));
      this.frame.map.dataset["idle"] = "true";
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.popup.close();
      this.card.close();
    });
  }

  private layer(name: string): Layer | undefined {
    return this.catalog.find((layer) => layer.name === name);
  }

  private shown(layer: Layer): boolean {
    return this.preferences.shown(layer.name) ?? layer.style?.visible !== false;
  }

  private toggle(layer: Layer, shown: boolean): void {
    this.preferences.rememberShown(layer.name, shown);
    for (const { id } of this.map.getStyle().layers) {
      if (!id.startsWith(`${layer.name}/`)) continue;
      this.map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
    }
  }

  private style() {
    return mapStyle(this.catalog, {
      tiles: (name) => address(`tiles/${name}`) + "/{z}/{x}/{y}.mvt",
      lang: this.lang,
      shown: (layer) => this.shown(layer),
    });
  }

  private setLang(lang: Lang): void {
    this.lang = lang;
    this.preferences.rememberLang(lang);
    this.renderAll();
    this.popup.render();
    this.card.render();
    this.restyle();
  }

  private renderAll(): void {
    document.documentElement.lang = this.lang === "zh" ? "zh-CN" : "en";
    document.title = `${this.word("title")} · ${this.word("subtitle")}`;
    this.frame.render();
    this.list.render(this.catalog);
    this.progress.render();
  }

  private restyle(): void {
    this.map.once("styledata", () => {
      this.overlay.restore();
      this.names.reset();
    });
    this.map.setStyle(this.style(), { diff: true });
  }

  private clicked(event: MapMouseEvent): void {
    this.near?.abort();
    this.popup.close();
    const hit = hitAt(this.map, event.point, event.lngLat, this.catalog);
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
    } else if (hit.cell) {
      const zoom = Math.min(hit.cell.layer.pointzoom, this.map.getZoom() + 2);
      this.map.easeTo({ center: hit.cell.place, zoom });
    } else {
      void this.showNearest(event.lngLat, hit.ground);
    }
  }

  private select(station: Station): void {
    this.popup.close();
    this.overlay.ring(station.code);
    void this.card.open(station);
  }

  private async showNearest(
    place: LngLat,
    ground: Parameters<FeaturePopup["open"]>[1],
  ): Promise<void> {
    const stations = this.layer(STATION_LAYER);
    if (ground.length > 0) this.popup.open(place, ground);
    if (!stations) return;
    const request = new AbortController();
    this.near = request;
    const rows = await nearestStations(place, request.signal).catch(() => []);
    if (request.signal.aborted || rows.length === 0) return;
    if (ground.length === 0) this.popup.open(place, []);
    const ends = rows.flatMap(({ geom }) =>
      geom.type === "Point" ? [geom.coordinates as [number, number]] : [],
    );
    this.overlay.link([place.lng, place.lat], ends);
    this.popup.setNearest(() =>
      nearestList(rows, stations, this, (row) =>
        this.select({ code: row.code, name: row.name ?? undefined, properties: { ...row } }),
      ),
    );
  }

  private showCatchment(geometry: GeoJSON.Geometry | undefined): void {
    this.overlay.area(geometry);
    const bounds = geometry && boundsOf(geometry);
    if (!bounds) return;
    const [west, south, east, north] = bounds;
    const a = this.map.project([west, north]);
    const b = this.map.project([east, south]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { top, right, bottom, left } = this.room();
    const inside =
      a.x >= left && a.y >= top && b.x <= clientWidth - right && b.y <= clientHeight - bottom;
    if (!inside || b.x - a.x < 180) this.frameBounds(bounds, 15.5);
  }

  private frameBounds(bounds: Bounds | undefined, maxZoom: number): void {
    if (bounds) this.map.fitBounds(bounds, { padding: padding(this.room()), maxZoom });
  }

  private room() {
    return this.frame.room(this.card.element);
  }

  private changed(changes: Change[]): void {
    for (const { layer: name, bounds } of changes) {
      this.dirty.add(name);
      const layer = this.layer(name);
      if (!layer || !this.shown(layer)) continue;
      if (layer.geometry === "polygon") this.names.forget(name);
      this.tiles.change(name, bounds);
      if (this.map.getZoom() >= layer.minzoom) pulse(this.map, bounds);
    }
    clearTimeout(this.settle);
    this.settle = setTimeout(() => void this.settled(), SETTLE_MS);
  }

  /** After a burst of changes: counts, progress and the open card follow. */
  private async settled(): Promise<void> {
    const names = this.dirty;
    this.dirty = new Set();
    const titles = [...names].flatMap((name) => this.pick(this.layer(name)?.title) || []);
    const list = titles.join(this.lang === "zh" ? "、" : ", ");
    if (list) this.notices.show(`${list} ${this.word("updated")}`);
    if (names.has(WALL_LAYER)) void this.progress.refresh();
    if (names.has(STATION_LAYER) || names.has("catchment")) void this.card.reload();
    const fresh = await fetchLayers().catch(() => undefined);
    if (fresh) this.list.updateCounts(fresh);
  }

  private async reloadCatalog(): Promise<void> {
    const fresh = await fetchLayers().catch(() => undefined);
    if (!fresh) return;
    this.catalog = inDrawingOrder(fresh);
    this.list.render(this.catalog);
    this.restyle();
    this.notices.show(this.word("catalogUpdated"));
  }

  private missed(): void {
    void this.reloadCatalog().then(() => {
      this.tiles.everything(this.catalog.map((layer) => layer.name));
      this.notices.show(this.word("refreshed"));
    });
    void this.progress.refresh();
    void this.card.reload();
  }
}

/** The viewer: state of the page and events between its parts. */

import type { Map as GlMap } from "maplibre-gl";

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
import { Explorer } from "./explore.ts";
import { Frame } from "./frame.ts";
import { labelIn, languageTag, message, titlesIn, type Lang, type MessageKey } from "./i18n.ts";
import { LayerList } from "./layers.ts";
import { LiveFeed, type Change } from "./live.ts";
import { createMap, home } from "./map.ts";
import { AreaNames } from "./names.ts";
import type { Page } from "./page.ts";
import type { Preferences } from "./preferences.ts";
import { ProgressPanel } from "./progress.ts";
import { TileRefresher } from "./refresh.ts";
import { ScaleBar } from "./scale.ts";
import { mapStyle } from "./style.ts";
import { Notices, pulse } from "./toast.ts";

/** Counts and progress are fetched once for changes in quick succession. */
const SETTLE_MS = 700;

export class Viewer implements Page {
  private readonly map: GlMap;
  private readonly frame: Frame;
  private readonly list: LayerList;
  private readonly progress: ProgressPanel;
  private readonly explorer: Explorer;
  private readonly names: AreaNames;
  private readonly tiles: TileRefresher;
  private readonly notices = new Notices();
  private readonly scale = new ScaleBar(this);
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
      zoomTo: (layer) => this.explorer.frameBounds(extentOf(layer), 16),
    });
    this.progress = new ProgressPanel(this);
    this.frame = new Frame(
      root,
      this,
      {
        switchLang: () => this.setLang(this.lang === "zh" ? "en" : "zh"),
        zoom: (by) => (by > 0 ? this.map.zoomIn() : this.map.zoomOut()),
        home: () => this.explorer.frameBounds(this.home(), 14),
      },
      [this.progress.element, this.list.element],
      this.notices.element,
    );
    this.renderAll();
    this.map = createMap(
      this.frame.map,
      this.style(),
      this.home(),
      this.frame.insets(),
      this.scale,
    );
    this.explorer = new Explorer(this.map, this, this.frame, () => this.catalog);
    this.names = new AreaNames(this.map);
    this.tiles = new TileRefresher(this.map, (name) => this.layer(name));
    this.listen();
  }

  message(key: MessageKey, values?: Record<string, string | number>): string {
    return message(this.lang, key, values);
  }

  label(label: Label | undefined): string {
    return labelIn(this.lang, label);
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
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) feed.start();
    });
  }

  private listen(): void {
    const { map } = this;
    this.labelMap();
    map.on("zoom", () => this.list.atZoom(map.getZoom()));
    map.on("idle", () => {
      this.list.atZoom(map.getZoom());
      this.names.refresh(this.catalog, (layer) => this.shown(layer));
      this.frame.map.dataset["idle"] = "true";
    });
  }

  private home(): Bounds {
    return home(openingBounds(this.catalog));
  }

  private labelMap(): void {
    this.map.getCanvas().setAttribute("aria-label", this.message("map"));
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
    this.explorer.render();
    this.labelMap();
    this.restyle();
  }

  private renderAll(): void {
    document.documentElement.lang = languageTag(this.lang);
    document.title = `${this.message("product")} · ${this.message("title")}`;
    this.frame.render();
    this.list.render(this.catalog);
    this.progress.render();
    this.scale.render();
  }

  private restyle(): void {
    this.map.once("styledata", () => {
      this.explorer.overlay.restore();
      this.names.reset();
    });
    this.map.setStyle(this.style(), { diff: true });
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

  /** Updates counts, progress and the open card after a burst of changes. */
  private async settled(): Promise<void> {
    const names = this.dirty;
    this.dirty = new Set();
    const titles = [...names].flatMap((name) => this.label(this.layer(name)?.title) || []);
    const layers = titlesIn(this.lang, titles);
    if (layers) this.notices.show(this.message("layersUpdated", { layers }));
    if (names.has(WALL_LAYER)) void this.progress.refresh();
    if (names.has(STATION_LAYER) || names.has("catchment")) void this.explorer.card.reload();
    const fresh = await fetchLayers().catch(() => undefined);
    if (fresh) this.list.updateCounts(fresh);
  }

  private async reloadCatalog(): Promise<void> {
    const fresh = await fetchLayers().catch(() => undefined);
    if (!fresh) return;
    this.catalog = inDrawingOrder(fresh);
    this.list.render(this.catalog);
    this.restyle();
    this.notices.show(this.message("catalogUpdated"));
  }

  private missed(): void {
    void this.reloadCatalog().then(() => {
      this.tiles.everything(this.catalog.map((layer) => layer.name));
      this.notices.show(this.message("refreshed"));
    });
    void this.progress.refresh();
    void this.explorer.card.reload();
  }
}

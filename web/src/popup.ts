/** The popup: the features at a place, one at a time, and the nearest stations. */

import { Popup, type LngLat, type Map as GlMap } from "maplibre-gl";

import { attributeList, type Properties } from "./attributes.ts";
import { MANHOLE_LAYER, type Layer } from "./catalog.ts";
import { countOf, shareList } from "./cell.ts";
import { el, iconButton } from "./dom.ts";
import { formatNumber } from "./format.ts";
import { hintsOf } from "./hints.ts";
import { layerSwatch } from "./legend.ts";
import type { Page } from "./page.ts";

/** A feature of a catalogue layer, as found on the map. */
export interface Found {
  layer: Layer;
  id: string | number | undefined;
  properties: Properties;
}

/** Callbacks of the popup. */
export interface PopupActions {
  closed: () => void;
  /** Zooms in until the points of a cell separate. */
  zoomToCell: (layer: Layer, place: LngLat) => void;
}

export class FeaturePopup {
  private popup: Popup | undefined;
  private found: Found[] = [];
  private index = 0;
  private near: (() => HTMLElement) | undefined;

  constructor(
    private readonly map: GlMap,
    private readonly page: Page,
    private readonly actions: PopupActions,
  ) {}

  open(place: LngLat, found: Found[]): void {
    this.close();
    this.found = found;
    this.index = 0;
    this.near = undefined;
    this.popup = new Popup({ maxWidth: "min(340px, 86vw)", focusAfterOpen: false })
      .setLngLat(place)
      .setDOMContent(this.content())
      .addTo(this.map);
    this.popup.on("close", () => {
      this.popup = undefined;
      this.actions.closed();
    });
  }

  close(): void {
    this.popup?.remove();
  }

  /** Adds the list of nearest stations; the function is called again after a change of language. */
  setNearest(list: () => HTMLElement): void {
    this.near = list;
    this.render();
  }

  render(): void {
    this.popup?.setDOMContent(this.content());
  }

  private content(): HTMLElement {
    const found = this.found[this.index];
    return el(
      "article",
      { class: "feature" },
      ...(found ? this.feature(found) : []),
      this.near?.(),
    );
  }

  private feature({ layer, properties }: Found): HTMLElement[] {
    const count = countOf(layer, properties);
    return count === undefined
      ? this.single(layer, properties)
      : this.cell(layer, properties, count);
  }

  private single(layer: Layer, properties: Properties): HTMLElement[] {
    const labelled = hintsOf(layer).label ?? "name";
    const label = layer.fields.some((field) => field.name === labelled) ? labelled : "name";
    const name = properties[label] ?? properties["name"] ?? properties[layer.key ?? "code"];
    const heading = this.heading(layer, name ? String(name) : this.page.message("unnamed"));
    const list = attributeList(layer, properties, this.page, name ? [label] : []);
    return list ? [heading, list] : [heading];
  }

  private cell(layer: Layer, properties: Properties, count: number): HTMLElement[] {
    const { page } = this;
    const key = layer.name === MANHOLE_LAYER ? "manholeCount" : "pointCount";
    const total = page.message(key, { count: formatNumber(count, page.lang) });
    const closer = el(
      "button",
      { type: "button", class: "closer", click: () => this.zoomToCell(layer) },
      page.message("zoomToPoints"),
    );
    const list = shareList(layer, properties, page);
    return [this.heading(layer, total), ...(list ? [list] : []), closer];
  }

  private zoomToCell(layer: Layer): void {
    const place = this.popup?.getLngLat();
    if (place) this.actions.zoomToCell(layer, place);
  }

  private heading(layer: Layer, name: string): HTMLElement {
    return el(
      "header",
      {},
      el("p", { class: "kind" }, layerSwatch(layer), this.page.label(layer.title) || layer.name),
      this.pager(),
      el("h3", {}, name),
    );
  }

  private pager(): HTMLElement | undefined {
    if (this.found.length < 2) return undefined;
    const step = (by: number) => () => {
      this.index = (this.index + by + this.found.length) % this.found.length;
      this.render();
    };
    return el(
      "div",
      { class: "pager" },
      iconButton("‹", this.page.message("previous"), step(-1)),
      `${this.index + 1} / ${this.found.length}`,
      iconButton("›", this.page.message("next"), step(1)),
    );
  }
}

/** The list of layers: groups, switches, counts and legends. */

import { extentOf, type Kind, type Layer } from "./catalog.ts";
import { el, iconButton } from "./dom.ts";
import { formatNumber } from "./format.ts";
import { layerSwatch, legendList } from "./legend.ts";
import type { Page } from "./page.ts";

export interface LayerListHandlers {
  shown(layer: Layer): boolean;
  toggle(layer: Layer, shown: boolean): void;
  zoomTo(layer: Layer): void;
}

const GROUPS: [Kind, "points" | "lines" | "areas"][] = [
  ["point", "points"],
  ["line", "lines"],
  ["polygon", "areas"],
];

export class LayerList {
  readonly element = el("div", { class: "layer-list" });
  private readonly open = new Set<string>(["wall_site"]);
  private readonly counts = new Map<string, HTMLElement>();
  private readonly rows = new Map<string, { row: HTMLElement; layer: Layer }>();
  private zoom = 12;

  constructor(
    private readonly page: Page,
    private readonly handlers: LayerListHandlers,
  ) {}

  render(layers: Layer[]): void {
    this.counts.clear();
    this.rows.clear();
    const groups = GROUPS.flatMap(([kind, title]) => {
      const members = layers.filter((layer) => layer.geometry === kind).reverse();
      if (members.length === 0) return [];
      return el(
        "section",
        { class: "group" },
        el("h3", {}, this.page.message(title)),
        el("ul", {}, ...members.map((layer) => this.row(layer))),
      );
    });
    this.element.replaceChildren(...groups);
    this.atZoom(this.zoom);
  }

  /** Shows new totals after a change without rebuilding the list. */
  updateCounts(layers: Layer[]): void {
    for (const layer of layers) {
      const count = this.counts.get(layer.name);
      if (count) count.textContent = this.countOf(layer);
    }
  }

  /** Dims layers that are drawn only at a closer zoom. */
  atZoom(zoom: number): void {
    this.zoom = zoom;
    for (const { row, layer } of this.rows.values()) {
      const far = zoom < layer.minzoom;
      row.classList.toggle("far", far);
      row.title = far ? this.page.message("tooFar") : "";
    }
  }

  private row(layer: Layer): HTMLElement {
    const title = this.page.label(layer.title) || layer.name;
    const legend = legendList(layer, this.page);
    const count = el("span", { class: "count" }, this.countOf(layer));
    this.counts.set(layer.name, count);

    const box = el("input", {
      type: "checkbox",
      role: "switch",
      "aria-label": this.page.message("showLayer", { layer: title }),
      change: () => this.handlers.toggle(layer, box.checked),
    });
    box.checked = this.handlers.shown(layer);
    const name = el("span", { class: "name" }, title);
    const row = el(
      "li",
      { class: "layer", "data-layer": layer.name },
      el(
        "div",
        { class: "line" },
        layerSwatch(layer),
        legend ? this.unfold(layer, name, legend) : name,
        count,
        extentOf(layer) &&
          iconButton("", this.page.message("zoomToLayer", { layer: title }), () =>
            this.handlers.zoomTo(layer),
          ),
        el("label", { class: "switch" }, box, el("span", { class: "track" })),
      ),
      legend,
    );
    this.rows.set(layer.name, { row, layer });
    return row;
  }

  private unfold(layer: Layer, name: HTMLElement, legend: HTMLElement): HTMLElement {
    legend.hidden = !this.open.has(layer.name);
    const button = el(
      "button",
      {
        type: "button",
        class: "unfold",
        "aria-expanded": String(!legend.hidden),
        click: () => {
          legend.hidden = !legend.hidden;
          button.setAttribute("aria-expanded", String(!legend.hidden));
          if (legend.hidden) this.open.delete(layer.name);
          else this.open.add(layer.name);
        },
      },
      name,
      el("span", { class: "chevron", "aria-hidden": "true" }),
    );
    return button;
  }

  private countOf(layer: Layer): string {
    return layer.count === undefined ? "" : formatNumber(layer.count, this.page.lang);
  }
}

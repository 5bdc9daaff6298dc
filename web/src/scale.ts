/** The scale bar, in the language of the page. */

import type { IControl, Map as GlMap } from "maplibre-gl";

import { el } from "./dom.ts";
import { formatLength } from "./format.ts";
import type { Page } from "./page.ts";

const MAX_WIDTH_PX = 110;

export class ScaleBar implements IControl {
  private readonly element = el("div", { class: "maplibregl-ctrl maplibregl-ctrl-scale" });
  private map: GlMap | undefined;

  constructor(private readonly page: Page) {}

  onAdd(map: GlMap): HTMLElement {
    this.map = map;
    map.on("move", this.render);
    this.render();
    return this.element;
  }

  onRemove(): void {
    this.map?.off("move", this.render);
    this.map = undefined;
    this.element.remove();
  }

  /** Measures at the middle of the map. */
  readonly render = (): void => {
    if (!this.map) return;
    const { clientWidth, clientHeight } = this.map.getContainer();
    const [x, y] = [clientWidth / 2, clientHeight / 2];
    const west = this.map.unproject([x - MAX_WIDTH_PX / 2, y]);
    const east = this.map.unproject([x + MAX_WIDTH_PX / 2, y]);
    const longest = west.distanceTo(east);
    const length = roundLength(longest);
    this.element.style.setProperty("width", `${(MAX_WIDTH_PX * length) / longest}px`);
    this.element.textContent = formatLength(length, this.page.lang);
  };
}

/** The largest of 1, 2, 3 and 5 times a power of ten that is not longer. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  const factor = [5, 3, 2].find((candidate) => candidate * power <= metres) ?? 1;
  return factor * power;
}

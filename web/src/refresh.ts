/** Refreshes the tiles on screen that a change touches, and no others. */

import type { Map as GlMap } from "maplibre-gl";

import type { Bounds, Layer } from "./catalog.ts";
import { touchedTiles } from "./cover.ts";

export class TileRefresher {
  /** Changes that came while a source was loading, whose tiles may predate them. */
  private readonly late = new Map<string, Bounds[]>();

  constructor(
    private readonly map: GlMap,
    private readonly layer: (name: string) => Layer | undefined,
  ) {
    map.on("sourcedata", (event) => {
      const bounds = this.late.get(event.sourceId);
      if (!bounds || !map.isSourceLoaded(event.sourceId)) return;
      this.late.delete(event.sourceId);
      this.redraw(event.sourceId, bounds);
    });
  }

  /** Redraws the tiles that these bounds touch; without bounds the whole layer. */
  change(name: string, bounds: Bounds[]): void {
    if (!this.map.getSource(name)) return;
    if (!this.map.isSourceLoaded(name)) {
      this.late.set(name, [...(this.late.get(name) ?? []), ...bounds]);
    }
    this.redraw(name, bounds);
  }

  /** Redraws everything on screen. */
  everything(names: string[]): void {
    for (const name of names) this.change(name, []);
  }

  private redraw(name: string, bounds: Bounds[]): void {
    const layer = this.layer(name);
    if (!layer || !this.map.getSource(name)) return;
    const tiles =
      bounds.length > 0
        ? touchedTiles(
            bounds,
            this.map.getBounds().toArray().flat() as Bounds,
            this.map.getZoom(),
            layer,
          )
        : undefined;
    if (tiles === undefined) this.map.refreshTiles(name);
    else if (tiles.length > 0) this.map.refreshTiles(name, tiles);
  }
}

import type { Hints, Layer } from "./catalog.ts";

/** Colours for layers without one, told apart by position. */
const PALETTE = ["#3d7a8c", "#a3623a", "#5b7f3b", "#7a5ea8", "#b3446c", "#8a7a2f"];

/** A layer's style hints; a layer without any gets a colour of its own. */
export function hintsOf(layer: Layer): Hints & { color: string } {
  const color = PALETTE[Math.abs(layer.position) % PALETTE.length] ?? "#3d7a8c";
  return { color, ...layer.style };
}

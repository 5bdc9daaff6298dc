import type { Hints, Layer } from "./catalog.ts";

/** Colours for layers without one, chosen by position. */
const PALETTE = ["#3d7a8c", "#a3623a", "#5b7f3b", "#7a5ea8", "#b3446c", "#8a7a2f"];

/** Style hints of a layer; a layer without a colour gets one. */
export function hintsOf(layer: Layer): Hints & { color: string } {
  const color = PALETTE[Math.abs(layer.position) % PALETTE.length] ?? "#3d7a8c";
  return { color, ...layer.style };
}

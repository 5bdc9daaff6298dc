import type { Hints, Layer } from "./catalog.ts";

/**
 * Refinements of the built-in layers that the catalogue does not say. What the
 * catalogue does say wins, and a layer that is not listed here is drawn from its
 * catalogue row alone.
 */
const REFINEMENTS: Record<string, Hints> = {
  admin_area: { backdrop: true },
  road: {
    casing: "#c9b997",
    widths: { arterial: 3.4, secondary: 2.1, local: 1.1 },
  },
  station: { glyph: "驿" },
};

/** Colours for layers without one, told apart by position. */
const PALETTE = ["#3d7a8c", "#a3623a", "#5b7f3b", "#7a5ea8", "#b3446c", "#8a7a2f"];

export function hintsOf(layer: Layer): Hints & { color: string } {
  const color = PALETTE[Math.abs(layer.position) % PALETTE.length] ?? "#3d7a8c";
  return { color, ...REFINEMENTS[layer.name], ...layer.style };
}

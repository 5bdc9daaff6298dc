/**
 * Fonts of the map. The style has no glyph server, so MapLibre draws text with
 * the reader's installed fonts, and these are CSS family names. The weight is
 * taken from the first name.
 */

const SANS = [
  "PingFang SC",
  "HarmonyOS Sans SC",
  "Microsoft YaHei",
  "Noto Sans CJK SC",
  "Source Han Sans SC",
  "sans-serif",
];
const SERIF = [
  "Songti SC",
  "STSong",
  "Noto Serif CJK SC",
  "Source Han Serif SC",
  "SimSun",
  "serif",
];

export const FONT = ["Yizhan Regular", ...SANS];
export const FONT_BOLD = ["Yizhan Bold", ...SANS];
export const FONT_SERIF = ["Yizhan Serif Bold", ...SERIF];

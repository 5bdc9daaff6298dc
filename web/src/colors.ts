/** A colour "#rrggbb" at 60 % of its brightness, for text; other notations are returned as they are. */
export function darker(color: string): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!match) return color;
  const part = (hex = "00") =>
    Math.round(parseInt(hex, 16) * 0.6)
      .toString(16)
      .padStart(2, "0");
  return `#${part(match[1])}${part(match[2])}${part(match[3])}`;
}

import type { Layer } from "../src/catalog.ts";

/** A small catalogue with one layer of each kind, as the tests draw it. */
export function layer(name: string, given: Partial<Layer>): Layer {
  return {
    name,
    geometry: "point",
    title: { zh: name, en: name },
    minzoom: 0,
    maxzoom: 18,
    pointzoom: 14,
    position: 100,
    fields: [],
    ...given,
  };
}

export const AREA = layer("admin_area", {
  geometry: "polygon",
  position: 10,
  minzoom: 3,
  maxzoom: 16,
  style: { color: "#f3efe6", label: "name" },
  fields: [{ name: "name", type: "text", title: { zh: "名称", en: "Name" }, minzoom: 0 }],
});

export const ROAD = layer("road", {
  geometry: "line",
  position: 40,
  minzoom: 6,
  facet: "class",
  style: { color: "#c9c2b6", width: 2, label: "name" },
  fields: [
    { name: "name", type: "text", title: { zh: "名称", en: "Name" }, minzoom: 11 },
    {
      name: "class",
      type: "text",
      title: { zh: "道路等级", en: "Class" },
      minzoom: 0,
      categories: [
        { value: "arterial", zh: "主干路", en: "Arterial", color: "#e0a458" },
        { value: "local", zh: "支路", en: "Local", color: "#e4ded2" },
      ],
    },
  ],
});

export const STATION = layer("station", {
  position: 90,
  minzoom: 6,
  pointzoom: 9,
  style: { color: "#c0262d", radius: 7, label: "name" },
  bounds: [112.4, 32.9, 112.6, 33.1],
  fields: [{ name: "name", type: "text", title: { zh: "名称", en: "Name" }, minzoom: 6 }],
});

/** What an analyst's new table is when nobody has said anything about it. */
export const BARE = layer("my_table", {});

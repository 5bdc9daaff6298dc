/** The page's own texts in both languages; titles and labels come from the catalogue. */

import type { Label } from "./catalog.ts";

export type Lang = "zh" | "en";

const MESSAGES = {
  product: { zh: "驿站", en: "Yizhan" },
  title: { zh: "南阳城市管理地图", en: "Nanyang city-management map" },
  layers: { zh: "图层", en: "Layers" },
  points: { zh: "点图层", en: "Points" },
  lines: { zh: "线图层", en: "Lines" },
  areas: { zh: "面图层", en: "Areas" },
  legend: { zh: "图例", en: "Legend" },
  showLayer: { zh: "显示“{layer}”", en: "Show {layer}" },
  zoomToLayer: { zh: "缩放至“{layer}”", en: "Zoom to {layer}" },
  tooFar: { zh: "放大后可见", en: "Zoom in to see this layer" },
  otherLanguage: { zh: "English", en: "中文" },
  switchLanguage: { zh: "Switch to English", en: "切换到中文" },
  panel: { zh: "图层与进度", en: "Layers and progress" },
  zoomIn: { zh: "放大", en: "Zoom in" },
  zoomOut: { zh: "缩小", en: "Zoom out" },
  home: { zh: "回到城区", en: "Back to the city" },
  close: { zh: "关闭", en: "Close" },
  previous: { zh: "上一个", en: "Previous" },
  next: { zh: "下一个", en: "Next" },
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
  live: { zh: "实时", en: "Live" },
  reconnecting: { zh: "重新连接中", en: "Reconnecting" },
  map: { zh: "城市地图", en: "City map" },
  layersUpdated: { zh: "{layers}图层已更新", en: "{layers} updated" },
  catalogUpdated: { zh: "图层目录已更新", en: "Layer list updated" },
  refreshed: { zh: "已恢复连接，地图已刷新", en: "Reconnected, map refreshed" },
  progress: { zh: "拆墙透绿进度", en: "Wall removal" },
  accepted: { zh: "已验收", en: "Accepted" },
  demolished: { zh: "已拆未验收", en: "Down, not yet accepted" },
  inWork: { zh: "拆除中", en: "Being demolished" },
  notStarted: { zh: "未开工", en: "Not started" },
  setAside: { zh: "暂缓或不明", en: "Set aside or unknown" },
  overdueSites: { zh: "其中逾期 {count} 处", en: "{count} of them overdue" },
  ofSites: { zh: "/ {count} 处", en: "/ {count} sites" },
  byDivision: { zh: "各区县进度", en: "By division" },
  asOf: { zh: "截至 {date}", en: "As of {date}" },
  members: { zh: "范围内一线党员（按行业）", en: "Front-line Party members by trade" },
  membersTotal: { zh: "合计", en: "Total" },
  membersFrom: { zh: "{least} 至 {most}", en: "{least}–{most}" },
  membersUnit: { zh: "人", en: "members" },
  membersNote: {
    zh: "“<5”表示不足 5 人。为保护个人信息，人数按每 5 人一档显示；合计为各档下限之和至上限之和。",
    en: "“<5” means fewer than five. To protect personal data, numbers are shown in bands of five; the total adds up the ends of the bands.",
  },
  noMembers: { zh: "范围内无登记的一线党员", en: "No registered members in this area" },
  area: { zh: "统计范围", en: "Area" },
  drawnArea: { zh: "划定范围", en: "Drawn by hand" },
  nearest: { zh: "最近的驿站", en: "Nearest stations" },
  aboutStation: { zh: "驿站信息", en: "About this station" },
  loading: { zh: "加载中…", en: "Loading…" },
  unavailable: { zh: "暂时无法获取数据", en: "Data temporarily unavailable" },
  unreachable: {
    zh: "无法连接服务器，正在重试…",
    en: "Cannot reach the server, retrying…",
  },
  pointCount: { zh: "{count} 个点", en: "{count} points" },
  manholeCount: { zh: "{count} 口", en: "{count} covers" },
  other: { zh: "其他", en: "Other" },
  zoomToPoints: { zh: "放大查看", en: "Zoom in" },
  unnamed: { zh: "未命名", en: "Unnamed" },
  noWebgl: {
    zh: "当前浏览器不支持 WebGL 2，无法显示地图。",
    en: "This browser does not support WebGL 2, so the map cannot be shown.",
  },
} satisfies Record<string, Label>;

export type MessageKey = keyof typeof MESSAGES;

/** A text of the page with its {placeholders} filled in. */
export function message(
  lang: Lang,
  key: MessageKey,
  values: Record<string, string | number> = {},
): string {
  return MESSAGES[key][lang].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

/** A label in one language, or in the other where that one is empty. */
export function labelIn(lang: Lang, label: Label | undefined): string {
  if (!label) return "";
  return lang === "zh" ? label.zh || label.en : label.en || label.zh;
}

/** Items of a list: "a, b", in Chinese "a、b". */
export function listIn(lang: Lang, items: string[]): string {
  return items.join(lang === "zh" ? "、" : ", ");
}

/** Titles in a sentence: in Chinese each in quotation marks, which need no separator. */
export function titlesIn(lang: Lang, titles: string[]): string {
  return lang === "zh" ? titles.map((title) => `“${title}”`).join("") : listIn(lang, titles);
}

/** The language for the `lang` attribute of the page and for requests. */
export function languageTag(lang: Lang): string {
  return lang === "zh" ? "zh-CN" : "en";
}

/**
 * The language at start: `?lang=`, else the remembered one, else the browser's,
 * else Chinese.
 */
export function startLang(
  search: string,
  remembered: string | null,
  browser: readonly string[],
): Lang {
  for (const wanted of [new URLSearchParams(search).get("lang"), remembered, browser[0]]) {
    const language = wanted?.toLowerCase();
    if (language?.startsWith("zh")) return "zh";
    if (language?.startsWith("en")) return "en";
  }
  return "zh";
}

/** The two languages of the page and its own words; the catalogue brings the rest. */

import type { Label } from "./catalog.ts";

export type Lang = "zh" | "en";

const WORDS = {
  title: { zh: "南阳城市管理地图", en: "Nanyang city map" },
  subtitle: { zh: "驿站", en: "Yizhan" },
  layers: { zh: "图层", en: "Layers" },
  points: { zh: "点位", en: "Points" },
  lines: { zh: "线路", en: "Lines" },
  areas: { zh: "区域", en: "Areas" },
  legend: { zh: "图例", en: "Legend" },
  show: { zh: "显示", en: "Show" },
  zoomTo: { zh: "缩放到图层", en: "Zoom to layer" },
  zoomIn: { zh: "放大后可见", en: "Zoom in to see" },
  language: { zh: "English", en: "中文" },
  languageHint: { zh: "Switch to English", en: "切换到中文" },
  panel: { zh: "图层与进度", en: "Layers and progress" },
  closer: { zh: "放大", en: "Zoom in" },
  farther: { zh: "缩小", en: "Zoom out" },
  home: { zh: "回到城区", en: "Back to the city" },
  close: { zh: "关闭", en: "Close" },
  previous: { zh: "上一个", en: "Previous" },
  next: { zh: "下一个", en: "Next" },
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
  live: { zh: "实时", en: "Live" },
  reconnecting: { zh: "重新连接中", en: "Reconnecting" },
  updated: { zh: "已更新", en: "updated" },
  mapLabel: { zh: "城市地图", en: "Map of the city" },
  catalogUpdated: { zh: "图层目录已更新", en: "The list of layers changed" },
  refreshed: { zh: "已恢复连接，地图已刷新", en: "Connected again, map refreshed" },
  progress: { zh: "拆墙透绿进度", en: "Wall removal" },
  accepted: { zh: "已验收", en: "Accepted" },
  demolished: { zh: "已拆建绿", en: "Down, planting" },
  inWork: { zh: "拆除中", en: "Being demolished" },
  notStarted: { zh: "未开工", en: "Not started" },
  setAside: { zh: "暂缓或不明", en: "Set aside or unknown" },
  overdue: { zh: "逾期", en: "Overdue" },
  sites: { zh: "处", en: "sites" },
  byDivision: { zh: "分区进度", en: "By division" },
  asOf: { zh: "截至", en: "As of" },
  membersWithin: { zh: "范围内一线党员（按行业）", en: "Front-line members by trade" },
  membersTotal: { zh: "人 · 合计", en: "members in all" },
  catchment: { zh: "手绘范围", en: "Drawn area" },
  radius: { zh: "范围", en: "Within" },
  suppressed: {
    zh: "人数按每 5 人一档显示，“<5”表示不足 5 人，以保护个人信息；合计为各档上下限之和。",
    en: "Numbers are shown in bands of five, “<5” for fewer than five, so that nobody can be recognised; the total adds up the ends of the bands.",
  },
  nobody: { zh: "范围内没有登记的一线党员", en: "No registered member in this area" },
  nearest: { zh: "最近的驿站", en: "Nearest stations" },
  details: { zh: "驿站资料", en: "About this station" },
  loading: { zh: "载入中…", en: "Loading…" },
  unavailable: { zh: "暂时无法取得", en: "Not available just now" },
  unreachable: {
    zh: "连接不到服务，正在重试…",
    en: "The server does not answer, trying again…",
  },
  pointsHere: { zh: "个点位", en: "points" },
  otherwise: { zh: "其他", en: "Other" },
  toPoints: { zh: "放大查看", en: "Zoom in on them" },
  unnamed: { zh: "未命名", en: "Unnamed" },
  noWebgl: {
    zh: "此浏览器无法绘制地图（缺少 WebGL 2）。",
    en: "This browser cannot draw the map (WebGL 2 is missing).",
  },
} satisfies Record<string, Label>;

export type Word = keyof typeof WORDS;

export function word(lang: Lang, key: Word): string {
  return WORDS[key][lang];
}

/** One language of a label, or the other one where it is empty. */
export function pick(lang: Lang, label: Label | undefined): string {
  if (!label) return "";
  return lang === "zh" ? label.zh || label.en : label.en || label.zh;
}

/**
 * The language to begin with: `?lang=`, then the remembered one, then the
 * browser's. A Chinese city's map speaks Chinese unless it is told otherwise.
 */
export function startLang(
  search: string,
  remembered: string | null,
  browser: readonly string[],
): Lang {
  for (const wish of [new URLSearchParams(search).get("lang"), remembered, browser[0]]) {
    const language = wish?.toLowerCase();
    if (language?.startsWith("zh")) return "zh";
    if (language?.startsWith("en")) return "en";
  }
  return "zh";
}

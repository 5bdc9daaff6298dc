/** Attribute values as a reader of one language expects them. */

import type { Field } from "./catalog.ts";
import { labelIn, listIn, message, type Lang } from "./i18n.ts";

const LOCALE: Record<Lang, string> = { zh: "zh-CN", en: "en-GB" };

/** Times are shown in the time zone of Nanyang. */
const ZONE = "Asia/Shanghai";

/** A value of a field; undefined if there is nothing to show. */
export function formatValue(value: unknown, field: Field, lang: Lang): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const category = field.categories?.find((candidate) => candidate.value === String(value));
  if (category) return labelIn(lang, category);
  switch (field.type) {
    case "boolean":
      return message(lang, value === true || value === "true" ? "yes" : "no");
    case "date":
      return formatDate(String(value), lang);
    case "timestamp":
      return formatTime(String(value), lang);
    case "integer":
    case "number":
      return formatQuantity(Number(value), field.unit, lang);
    case "text":
      return formatText(String(value), field, lang);
  }
}

/** Lists such as "dining,rest" are shown with the separator of the language. */
function formatText(value: string, field: Field, lang: Lang): string {
  const parts = value.split(/[,，、;；|]\s*/).filter((part) => part !== "");
  if (parts.length < 2 || parts.some((part) => part.length > 24)) {
    return withUnit(value, field.unit, lang);
  }
  const names = parts.map((part) => {
    const category = field.categories?.find((candidate) => candidate.value === part);
    return category ? labelIn(lang, category) : part;
  });
  return listIn(lang, names);
}

/** Units of the catalogue as Chinese readers expect them. */
const UNITS_ZH: Record<string, string> = {
  mm: "毫米",
  cm: "厘米",
  m: "米",
  km: "公里",
  "m²": "平方米",
  "km²": "平方公里",
  min: "分钟",
  h: "小时",
};

function withUnit(text: string, unit: string | undefined, lang: Lang): string {
  if (!unit) return text;
  return `${text} ${lang === "zh" ? (UNITS_ZH[unit] ?? unit) : unit}`;
}

function formatQuantity(value: number, unit: string | undefined, lang: Lang): string {
  return unit === "m" ? formatLength(value, lang) : withUnit(formatNumber(value, lang), unit, lang);
}

/** Metres below one kilometre, kilometres with up to two decimals from there. */
export function formatLength(metres: number, lang: Lang): string {
  if (Math.abs(metres) < 1000) return withUnit(formatNumber(metres, lang), "m", lang);
  const decimals = new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: 2 });
  return withUnit(decimals.format(metres / 1000), "km", lang);
}

/** At most two decimals, fewer for larger numbers. */
export function formatNumber(value: number, lang: Lang): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: digits }).format(value);
}

/** A distance rounded to ten metres. */
export function formatDistance(metres: number, lang: Lang): string {
  return formatLength(Math.round(metres / 10) * 10, lang);
}

/** A date in ISO 8601; the reader's time zone does not change the day. */
export function formatDate(value: string, lang: Lang): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(value);
  if (!match) return value;
  const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(LOCALE[lang], {
    timeZone: "UTC",
    year: "numeric",
    month: lang === "zh" ? "long" : "short",
    day: "numeric",
  }).format(day);
}

function formatTime(value: string, lang: Lang): string {
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return value;
  return new Intl.DateTimeFormat(LOCALE[lang], {
    timeZone: ZONE,
    year: "numeric",
    month: lang === "zh" ? "long" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(moment);
}

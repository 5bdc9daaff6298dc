/** Attribute values as a reader of one language expects them. */

import type { Field } from "./catalog.ts";
import { pick, word, type Lang } from "./i18n.ts";

const LOCALE: Record<Lang, string> = { zh: "zh-CN", en: "en-GB" };

/** The bureau's clock: times are shown as they read in Nanyang. */
const ZONE = "Asia/Shanghai";

/** A value of a field, or undefined when there is nothing to show. */
export function formatValue(value: unknown, field: Field, lang: Lang): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const category = field.categories?.find((candidate) => candidate.value === String(value));
  if (category) return pick(lang, category);
  switch (field.type) {
    case "boolean":
      return word(lang, value === true || value === "true" ? "yes" : "no");
    case "date":
      return formatDate(String(value), lang);
    case "timestamp":
      return formatTime(String(value), lang);
    case "integer":
    case "number":
      return withUnit(formatNumber(Number(value), lang), field.unit);
    case "text":
      return formatText(String(value), field, lang);
  }
}

/** Lists such as "dining,rest" are set with the language's own separator. */
function formatText(value: string, field: Field, lang: Lang): string {
  const parts = value.split(/[,，、;；|]\s*/).filter((part) => part !== "");
  if (parts.length < 2 || parts.some((part) => part.length > 24)) {
    return withUnit(value, field.unit);
  }
  const names = parts.map((part) => {
    const category = field.categories?.find((candidate) => candidate.value === part);
    return category ? pick(lang, category) : part;
  });
  return names.join(lang === "zh" ? "、" : ", ");
}

function withUnit(text: string, unit: string | undefined): string {
  return unit ? `${text} ${unit}` : text;
}

/** At most four significant figures behind the point, none for large numbers. */
export function formatNumber(value: number, lang: Lang): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: digits }).format(value);
}

/** Metres to the next ten under a kilometre, kilometres to the next ten metres above. */
export function formatDistance(metres: number, lang: Lang): string {
  const [kilometre, metre] = lang === "zh" ? ["公里", "米"] : ["km", "m"];
  if (metres < 995) return `${Math.round(metres / 10) * 10} ${metre}`;
  return `${formatNumber(Math.round(metres / 10) / 100, lang)} ${kilometre}`;
}

/** A day written as ISO 8601, without a shift by time zones. */
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

/** Counts of members by trade, as bars in plain HTML. */

import type { MemberRow } from "./api.ts";
import { el, withStyle } from "./dom.ts";
import type { Page } from "./page.ts";

export interface Bar {
  trade: string;
  label: { zh: string; en: string };
  shown: string;
  hidden: boolean;
  /** Length of the bar, 0 to 1, from the lower end of its band. */
  share: number;
}

/** A band of numbers, both ends included. */
export interface Band {
  least: number;
  most: number;
}

/** The bars and the total of an answer; the longest bar has length 1. */
export function bars(rows: MemberRow[]): { bars: Bar[]; total: Band | undefined } {
  const trades = rows.filter((row) => row.trade !== "total");
  const total = rows.find((row) => row.trade === "total");
  const longest = Math.max(1, ...trades.map((row) => row.at_least));
  return {
    bars: trades.map((row) => ({
      trade: row.trade,
      label: { zh: row.trade_zh, en: row.trade_en },
      shown: row.shown,
      hidden: row.suppressed,
      share: row.at_least / longest,
    })),
    total: total && { least: total.at_least, most: total.at_most },
  };
}

export function membersView(rows: MemberRow[], page: Page): HTMLElement {
  const answer = bars(rows);
  if (answer.bars.length === 0) return el("p", { class: "wait" }, page.message("noMembers"));
  const anyHidden = answer.bars.some((bar) => bar.hidden);
  return el(
    "div",
    { class: "members" },
    answer.total && totalView(answer.total, page),
    el("ul", {}, ...answer.bars.map((bar) => barView(bar, page))),
    anyHidden && el("p", { class: "note" }, page.message("membersNote")),
  );
}

function totalView(band: Band, page: Page): HTMLElement {
  return el(
    "p",
    { class: "figure" },
    el("span", {}, page.message("membersTotal")),
    el("strong", {}, page.message("membersFrom", { ...band })),
    el("span", {}, page.message("membersUnit")),
  );
}

function barView(bar: Bar, page: Page): HTMLElement {
  const fill = withStyle(el("span", { class: "fill" }), "--share", String(bar.share));
  return el(
    "li",
    { class: bar.hidden ? "bar hidden-count" : "bar", "data-trade": bar.trade },
    el("span", { class: "trade" }, page.label(bar.label)),
    el("span", { class: "rail", "aria-hidden": "true" }, fill),
    el("span", { class: "value" }, bar.shown),
  );
}

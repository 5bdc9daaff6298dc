/** Counts of members by trade, as bars in plain HTML. */

import type { MemberRow } from "./api.ts";
import { el, withStyle } from "./dom.ts";
import type { Page } from "./page.ts";

export interface Bar {
  trade: string;
  label: { zh: string; en: string };
  shown: string;
  hidden: boolean;
  /** Length of the bar, 0 to 1, by the lower end of its band. */
  share: number;
}

/** The bars and the total of an answer; bars are as long as their part of the longest. */
export function bars(rows: MemberRow[]): { bars: Bar[]; total: string } {
  const trades = rows.filter((row) => row.trade !== "total");
  const longest = Math.max(1, ...trades.map((row) => row.at_least));
  return {
    bars: trades.map((row) => ({
      trade: row.trade,
      label: { zh: row.trade_zh, en: row.trade_en },
      shown: row.shown,
      hidden: row.suppressed,
      share: row.at_least / longest,
    })),
    total: rows.find((row) => row.trade === "total")?.shown ?? "",
  };
}

export function membersView(rows: MemberRow[], page: Page): HTMLElement {
  const answer = bars(rows);
  if (answer.bars.length === 0) return el("p", { class: "wait" }, page.word("nobody"));
  const anyHidden = answer.bars.some((bar) => bar.hidden);
  return el(
    "div",
    { class: "members" },
    el(
      "p",
      { class: "figure" },
      el("strong", {}, answer.total),
      el("span", {}, page.word("membersTotal")),
    ),
    el("ul", {}, ...answer.bars.map((bar) => barView(bar, page))),
    anyHidden && el("p", { class: "note" }, page.word("suppressed")),
  );
}

function barView(bar: Bar, page: Page): HTMLElement {
  const fill = withStyle(el("span", { class: "fill" }), "--share", String(bar.share));
  return el(
    "li",
    { class: bar.hidden ? "bar hidden-count" : "bar", "data-trade": bar.trade },
    el("span", { class: "trade" }, page.pick(bar.label)),
    el("span", { class: "rail", "aria-hidden": "true" }, fill),
    el("span", { class: "value" }, bar.shown),
  );
}

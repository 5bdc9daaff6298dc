/** Wall-removal progress: a stacked bar for the city and one for each division. */

import { ask, type ProgressRow } from "./api.ts";
import { el, withStyle } from "./dom.ts";
import { formatDate, formatNumber } from "./format.ts";
import { listIn } from "./i18n.ts";
import type { Page } from "./page.ts";

export type Stage = "accepted" | "demolished" | "inWork" | "notStarted" | "setAside";

export interface Segment {
  stage: Stage;
  sites: number;
  /** Share of the whole bar, 0 to 1. */
  share: number;
}

/** The stages of a row as parts of a bar as long as the target or the total, whichever is larger. */
export function segments(row: ProgressRow): Segment[] {
  const stages: [Stage, number][] = [
    ["accepted", row.accepted],
    ["demolished", row.demolished],
    ["inWork", row.in_work],
    ["notStarted", row.not_started],
    ["setAside", row.set_aside + row.unknown],
  ];
  const sum = stages.reduce((total, [, sites]) => total + sites, 0);
  const whole = Math.max(row.target ?? 0, row.total, sum);
  if (whole === 0) return [];
  return stages
    .filter(([, sites]) => sites > 0)
    .map(([stage, sites]) => ({ stage, sites, share: sites / whole }));
}

export class ProgressPanel {
  readonly element = el("section", { class: "progress", hidden: true });
  private rows: ProgressRow[] = [];
  private open = false;
  private request: AbortController | undefined;

  constructor(private readonly page: Page) {}

  /** Fetches the progress; the last answer stays if the request fails. */
  async refresh(): Promise<void> {
    this.request?.abort();
    this.request = new AbortController();
    try {
      const answer = await ask("wall_progress", {}, this.request.signal);
      this.rows = answer.rows;
    } catch {
      return;
    }
    this.render();
  }

  render(): void {
    const [all, ...areas] = this.rows;
    this.element.hidden = all === undefined;
    if (!all) return;
    this.element.setAttribute("aria-label", this.page.message("progress"));
    this.element.replaceChildren(
      this.headline(all),
      this.bar(all),
      this.key(all),
      this.divisions(areas.filter((row) => row.total > 0)),
    );
  }

  private headline(all: ProgressRow): HTMLElement {
    const { lang } = this.page;
    const of = this.page.message("ofSites", {
      count: formatNumber(all.target ?? all.total, lang),
    });
    return el(
      "header",
      {},
      el("h2", {}, this.page.message("progress")),
      el(
        "p",
        { class: "figure" },
        el("strong", {}, formatNumber(all.accepted, lang)),
        el("span", {}, of),
      ),
    );
  }

  private bar(row: ProgressRow): HTMLElement {
    const parts = segments(row);
    const counts = parts.map((part) => `${this.page.message(part.stage)} ${part.sites}`);
    const label = listIn(this.page.lang, counts);
    return el(
      "div",
      { class: "stack", role: "img", "aria-label": label },
      ...parts.map((part) =>
        withStyle(
          el("span", {
            class: part.stage,
            title: `${this.page.message(part.stage)} ${part.sites}`,
          }),
          "--share",
          String(part.share),
        ),
      ),
    );
  }

  private key(all: ProgressRow): HTMLElement {
    const items = segments(all).map((part) =>
      el(
        "li",
        { class: part.stage },
        `${this.page.message(part.stage)} `,
        el("b", {}, String(part.sites)),
      ),
    );
    const overdue = all.overdue > 0 && el("li", { class: "overdue" }, this.overdue(all));
    return el("ul", { class: "key" }, ...items, overdue);
  }

  private overdue(row: ProgressRow): string {
    return this.page.message("overdueSites", { count: row.overdue });
  }

  private divisions(rows: ProgressRow[]): HTMLElement {
    const date = this.rows[0]?.as_of_date ?? "";
    const fold = el(
      "details",
      { toggle: () => (this.open = fold.open) },
      el(
        "summary",
        {},
        this.page.message("byDivision"),
        el("span", {}, this.page.message("asOf", { date: formatDate(date, this.page.lang) })),
      ),
      el("ul", { class: "divisions" }, ...rows.map((row) => this.division(row))),
    );
    fold.open = this.open;
    return fold;
  }

  private division(row: ProgressRow): HTMLElement {
    const late = row.overdue > 0 && el("em", {}, this.overdue(row));
    return el(
      "li",
      {},
      el("span", { class: "area" }, row.area_name, late),
      el("span", { class: "sum" }, `${row.accepted} / ${row.total}`),
      this.bar(row),
    );
  }
}

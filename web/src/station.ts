/** The card of a station: its catchment, and how many front-line members work within it. */

import { ApiError, ask, type CatchmentRow, type MemberRow } from "./api.ts";
import { attributeList, type Properties } from "./attributes.ts";
import type { Label, Layer } from "./catalog.ts";
import { el, iconButton } from "./dom.ts";
import { formatDistance } from "./format.ts";
import { membersView } from "./members.ts";
import type { Page } from "./page.ts";

export interface Station {
  code: string;
  name?: string | undefined;
  properties?: Properties | undefined;
}

/** Areas with published counts: radii in metres, and the catchment drawn by hand. */
type Area = 500 | 1000 | 1500 | "drawn";
const RADII: Area[] = [500, 1000, 1500];

export interface StationHandlers {
  /** The area that the counts are for; undefined when the card is closed. */
  area(geometry: GeoJSON.Geometry | undefined): void;
  closed(): void;
}

export class StationCard {
  readonly element = el("aside", { class: "card station", hidden: true });
  private station: Station | undefined;
  private area: Area = 1000;
  private drawn: CatchmentRow | undefined;
  private members: MemberRow[] | undefined;
  /** An error; empty if the server did not answer. */
  private failure: Label | undefined;
  private request: AbortController | undefined;

  constructor(
    private readonly page: Page,
    private readonly layer: () => Layer | undefined,
    private readonly handlers: StationHandlers,
  ) {}

  get code(): string | undefined {
    return this.station?.code;
  }

  async open(station: Station): Promise<void> {
    this.station = station;
    this.area = 1000;
    this.drawn = undefined;
    this.element.hidden = false;
    await Promise.all([this.load(), this.findDrawn(station.code)]);
  }

  close(): void {
    if (!this.station) return;
    this.request?.abort();
    this.station = undefined;
    this.element.hidden = true;
    this.handlers.area(undefined);
    this.handlers.closed();
  }

  /** Fetches the same station and area again after a change of data. */
  async reload(): Promise<void> {
    if (this.station) await this.load();
  }

  private async load(): Promise<void> {
    const { station, area } = this;
    if (!station) return;
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.members = undefined;
    this.failure = undefined;
    this.render();
    const circle = area === "drawn" ? undefined : area;
    try {
      const [ground, members] = await Promise.all([
        ask("station_catchment", { station: station.code, radius_m: circle }, request.signal),
        ask(
          "members_within",
          { station: station.code, radius_m: circle, area: circle ? undefined : "catchment" },
          request.signal,
        ),
      ]);
      if (this.request !== request) return;
      this.members = members.rows;
      this.handlers.area(ground.rows[0]?.geom);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failure = error instanceof ApiError ? error.label : { zh: "", en: "" };
    }
    this.render();
  }

  /** Without a radius the answer is the catchment drawn by hand, if there is one. */
  private async findDrawn(code: string): Promise<void> {
    try {
      const answer = await ask("station_catchment", { station: code });
      const row = answer.rows[0];
      if (this.station?.code !== code || row?.area_used !== "drawn") return;
      this.drawn = row;
      this.render();
    } catch {
      return;
    }
  }

  render(): void {
    const { station } = this;
    if (!station) return;
    const { page } = this;
    const name = station.name ?? this.members?.[0]?.station_name ?? station.code;
    this.element.setAttribute("aria-label", name);
    this.element.replaceChildren(
      el(
        "header",
        {},
        el("span", { class: "seal", "aria-hidden": "true" }, "驿"),
        el("h2", {}, name, el("small", {}, station.code)),
        iconButton("×", page.message("close"), () => this.close()),
      ),
      el(
        "div",
        { class: "body" },
        el("h3", {}, page.message("members")),
        this.areaSwitch(),
        this.counts(),
        ...this.about(station),
      ),
    );
  }

  private areaSwitch(): HTMLElement {
    const choices = this.drawn ? [...RADII, "drawn" as const] : RADII;
    return el(
      "div",
      { class: "segmented", role: "group", "aria-label": this.page.message("area") },
      ...choices.map((area) =>
        el(
          "button",
          {
            type: "button",
            "aria-pressed": String(area === this.area),
            "data-area": String(area),
            click: () => {
              this.area = area;
              void this.load();
            },
          },
          area === "drawn" ? this.page.message("drawnArea") : formatDistance(area, this.page.lang),
        ),
      ),
    );
  }

  private counts(): HTMLElement {
    if (this.failure) {
      const text = this.page.label(this.failure) || this.page.message("unavailable");
      return el("p", { class: "failure", role: "alert" }, text);
    }
    if (!this.members) return el("p", { class: "wait" }, this.page.message("loading"));
    return membersView(this.members, this.page);
  }

  private about(station: Station): HTMLElement[] {
    const layer = this.layer();
    if (!layer || !station.properties) return [];
    const list = attributeList(layer, station.properties, this.page, ["code", "name"]);
    return list ? [el("h3", {}, this.page.message("aboutStation")), list] : [];
  }
}

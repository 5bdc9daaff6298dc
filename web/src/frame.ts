/** The page around the map and the layout of its panels. */

import { el, iconButton } from "./dom.ts";
import type { Insets } from "./map.ts";
import type { Page } from "./page.ts";

export interface FrameHandlers {
  switchLang(): void;
  zoom(by: 1 | -1): void;
  home(): void;
}

const NARROW = "(max-width: 760px)";

export class Frame {
  readonly map = el("div", { class: "map", id: "map" });
  private readonly bar = el("header", { class: "title" });
  private readonly controls = el("div", { class: "controls" });
  private readonly content = el("div", { class: "content" });
  private readonly side: HTMLElement;
  private card: HTMLElement | undefined;
  private connected = true;

  constructor(
    root: HTMLElement,
    private readonly page: Page,
    private readonly handlers: FrameHandlers,
    panels: HTMLElement[],
    notices: HTMLElement,
  ) {
    this.content.append(...panels);
    this.side = el("aside", { class: "side card" }, this.bar, this.content);
    this.content.hidden = window.matchMedia(NARROW).matches;
    root.replaceChildren(this.map, this.side, this.controls, notices);
  }

  /** Edges of the map that the panels cover; on a narrow screen they lie above and below it. */
  insets(): Insets {
    const { offsetWidth = 0, offsetHeight = 0 } = this.card ?? {};
    if (window.matchMedia(NARROW).matches) {
      return { top: this.bar.offsetHeight, right: 0, bottom: offsetHeight, left: 0 };
    }
    const left = this.content.hidden ? 0 : this.side.offsetWidth;
    return { top: 0, right: offsetWidth, bottom: 0, left };
  }

  /** Adds the card beside the map; screen readers reach it before the controls. */
  setCard(card: HTMLElement): void {
    this.card = card;
    this.controls.before(card);
  }

  setConnected(yes: boolean): void {
    this.connected = yes;
    this.render();
  }

  render(): void {
    const { page } = this;
    const state = page.message(this.connected ? "live" : "reconnecting");
    const unfold = iconButton("", page.message("panel"), () => {
      this.content.hidden = !this.content.hidden;
      unfold.setAttribute("aria-expanded", String(!this.content.hidden));
    });
    unfold.classList.add("menu");
    unfold.setAttribute("aria-expanded", String(!this.content.hidden));
    const language = el(
      "button",
      {
        type: "button",
        class: "language",
        title: page.message("switchLanguage"),
        click: () => this.handlers.switchLang(),
      },
      page.message("otherLanguage"),
    );
    this.bar.replaceChildren(
      el("span", { class: "seal", "aria-hidden": "true" }, "驿"),
      el(
        "h1",
        {},
        page.message("title"),
        el(
          "small",
          { class: this.connected ? "state" : "state lost" },
          page.message("product"),
          " · ",
          el("i", {}),
          state,
        ),
      ),
      language,
      unfold,
    );
    this.side.setAttribute("aria-label", page.message("panel"));
    this.controls.replaceChildren(
      iconButton("+", page.message("zoomIn"), () => this.handlers.zoom(1)),
      iconButton("−", page.message("zoomOut"), () => this.handlers.zoom(-1)),
      iconButton("⌂", page.message("home"), () => this.handlers.home()),
    );
  }
}

/** The page around the map: where the panels stand. */

import { el, iconButton } from "./dom.ts";
import type { Room } from "./map.ts";
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

  /** What the side panel and a card leave of the map: a narrow screen has them above and below. */
  room(): Room {
    const { offsetWidth = 0, offsetHeight = 0 } = this.card ?? {};
    if (window.matchMedia(NARROW).matches) {
      return { top: this.bar.offsetHeight, right: 0, bottom: offsetHeight, left: 0 };
    }
    const left = this.content.hidden ? 0 : this.side.offsetWidth;
    return { top: 0, right: offsetWidth, bottom: 0, left };
  }

  /** The card that opens beside the map, before the controls in the order of reading. */
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
    const state = page.word(this.connected ? "live" : "reconnecting");
    const unfold = iconButton("", page.word("panel"), () => {
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
        title: page.word("languageHint"),
        click: () => this.handlers.switchLang(),
      },
      page.word("language"),
    );
    this.bar.replaceChildren(
      el("span", { class: "seal", "aria-hidden": "true" }, "驿"),
      el(
        "h1",
        {},
        page.word("title"),
        el(
          "small",
          { class: this.connected ? "state" : "state lost" },
          page.word("subtitle"),
          " · ",
          el("i", {}),
          state,
        ),
      ),
      language,
      unfold,
    );
    this.side.setAttribute("aria-label", page.word("panel"));
    this.controls.replaceChildren(
      iconButton("+", page.word("closer"), () => this.handlers.zoom(1)),
      iconButton("−", page.word("farther"), () => this.handlers.zoom(-1)),
      iconButton("⌂", page.word("home"), () => this.handlers.home()),
    );
  }
}

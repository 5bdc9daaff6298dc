/** Choices of the reader, kept in the browser where it allows that. */

import type { Lang } from "./i18n.ts";

const LANG = "yizhan.lang";
const LAYERS = "yizhan.layers";

export class Preferences {
  private readonly switches: Record<string, boolean>;

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem"> | undefined) {
    this.switches = parse(this.read(LAYERS));
  }

  get lang(): string | null {
    return this.read(LANG);
  }

  rememberLang(lang: Lang): void {
    this.write(LANG, lang);
  }

  /** Whether the reader shows the layer; undefined: the catalogue decides. */
  shown(layer: string): boolean | undefined {
    return this.switches[layer];
  }

  rememberShown(layer: string, shown: boolean): void {
    this.switches[layer] = shown;
    this.write(LAYERS, JSON.stringify(this.switches));
  }

  private read(key: string): string | null {
    try {
      return this.storage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  private write(key: string, value: string): void {
    try {
      this.storage?.setItem(key, value);
    } catch {
      return;
    }
  }
}

/** The storage of the page; undefined if the browser forbids it. */
export function pageStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function parse(text: string | null): Record<string, boolean> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    if (typeof value !== "object" || value === null) return {};
    const pairs = Object.entries(value).filter(([, shown]) => typeof shown === "boolean");
    return Object.fromEntries(pairs) as Record<string, boolean>;
  } catch {
    return {};
  }
}

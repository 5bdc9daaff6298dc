import type { Label } from "./catalog.ts";
import type { Lang, Word } from "./i18n.ts";

/** What the panels share: the language of the moment. */
export interface Page {
  readonly lang: Lang;
  word(key: Word): string;
  pick(label: Label | undefined): string;
}

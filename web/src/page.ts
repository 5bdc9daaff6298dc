import type { Label } from "./catalog.ts";
import type { Lang, MessageKey } from "./i18n.ts";

/** What the panels share: the current language and its texts. */
export interface Page {
  readonly lang: Lang;
  message(key: MessageKey, values?: Record<string, string | number>): string;
  label(label: Label | undefined): string;
}

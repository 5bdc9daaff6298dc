import "maplibre-gl/dist/maplibre-gl.css";
import "./css/base.css";
import "./css/panels.css";
import "./css/card.css";
import "./css/map.css";

import { fetchLayers } from "./api.ts";
import type { Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { languageTag, message, startLang } from "./i18n.ts";
import { canDraw } from "./map.ts";
import { pageStorage, Preferences } from "./preferences.ts";
import { Viewer } from "./viewer.ts";

const RETRY_MS = 2000;

async function main(): Promise<void> {
  const root = document.getElementById("app") ?? document.body;
  const preferences = new Preferences(pageStorage());
  const lang = startLang(location.search, preferences.lang, navigator.languages);
  document.documentElement.lang = languageTag(lang);
  if (!canDraw()) {
    root.replaceChildren(el("p", { class: "fatal", role: "alert" }, message(lang, "noWebgl")));
    return;
  }
  const catalog = await catalogWhenReady(() =>
    root.replaceChildren(el("p", { class: "fatal", role: "alert" }, message(lang, "unreachable"))),
  );
  new Viewer(root, catalog, lang, preferences).start();
}

/** Retries until the server has started. */
async function catalogWhenReady(waiting: () => void): Promise<Layer[]> {
  for (;;) {
    try {
      return await fetchLayers();
    } catch {
      waiting();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

void main();

import "maplibre-gl/dist/maplibre-gl.css";
import "./css/base.css";
import "./css/panels.css";
import "./css/card.css";
import "./css/map.css";

import { fetchLayers } from "./api.ts";
import type { Layer } from "./catalog.ts";
import { el } from "./dom.ts";
import { startLang, word } from "./i18n.ts";
import { canDraw } from "./map.ts";
import { pageStorage, Preferences } from "./preferences.ts";
import { Viewer } from "./viewer.ts";

const RETRY_MS = 2000;

async function main(): Promise<void> {
  const root = document.getElementById("app") ?? document.body;
  const preferences = new Preferences(pageStorage());
  const lang = startLang(location.search, preferences.lang, navigator.languages);
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  if (!canDraw()) {
    root.replaceChildren(el("p", { class: "fatal", role: "alert" }, word(lang, "noWebgl")));
    return;
  }
  const catalog = await catalogWhenReady(() =>
    root.replaceChildren(el("p", { class: "fatal", role: "alert" }, word(lang, "unreachable"))),
  );
  new Viewer(root, catalog, lang, preferences).start();
}

/** A server that is still starting is waited for. */
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

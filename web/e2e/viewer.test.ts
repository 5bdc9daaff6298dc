/**
 * The viewer in a real browser against a running server with the sample city:
 *
 *   YIZHAN_URL=http://127.0.0.1:8080 npm run e2e
 *
 * Without YIZHAN_URL all tests are skipped. With YIZHAN_DSN (see yizhan dsn) a row is
 * edited in psql and restored, and the open map must follow. CHROMIUM names a browser other
 * than Debian's. Screenshots are saved in test-results/.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";

import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { chromium, type Browser, type Page } from "playwright-core";

const url = process.env["YIZHAN_URL"];
const skip = url ? false : "YIZHAN_URL is not set";
const dsn = process.env["YIZHAN_DSN"];
const SHOTS = "test-results";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

interface Near {
  rows: { code: string; name: string; geom: { coordinates: [number, number] } }[];
}

let browser: Browser | undefined;

before(async () => {
  if (!url) return;
  mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
});

after(async () => {
  await browser?.close();
});

/** A page of its own profile, with everything that went wrong on it. */
async function open(path: string, viewport = { width: 1280, height: 800 }) {
  assert.ok(browser && url);
  const context = await browser.newContext({ viewport, locale: "zh-CN" });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => {
    const target = new URL(request.url());
    const local = target.protocol === "data:" || target.protocol === "blob:";
    if (!local && target.origin !== new URL(url).origin) faults.push(`asks ${target.origin}`);
  });
  await page.goto(new URL(path, url).href);
  await idle(page);
  return { page, faults, close: () => context.close() };
}

async function idle(page: Page): Promise<void> {
  await page.waitForSelector("#map[data-idle]", { timeout: 60_000 });
  await page.waitForTimeout(400);
}

/** Switches a layer on or off and waits until the map has drawn it. */
async function toggle(page: Page, layer: string): Promise<void> {
  await page.locator("#map").evaluate((map) => map.removeAttribute("data-idle"));
  await page.click(`[data-layer="${layer}"] .switch`);
  await idle(page);
}

/** A station, and a camera that has it in the middle of the window. */
async function someStation() {
  const answer = await fetch(new URL("/ask/nearest_stations?lon=112.53&lat=33.0&count=1", url));
  const station = ((await answer.json()) as Near).rows[0];
  assert.ok(station, "the sample city has stations");
  const [longitude, latitude] = station.geom.coordinates;
  return { ...station, hash: `#map=14/${latitude}/${longitude}` };
}

test("the city opens without an error and contacts no other host", { skip }, async () => {
  const { page, faults, close } = await open("/");
  assert.ok((await page.locator(".layer").count()) >= 9, "every public layer is listed");
  assert.equal(await page.locator('[data-layer="member"]').count(), 0, "members are not listed");
  await page.waitForSelector(".progress .stack");
  assert.match((await page.textContent(".progress")) ?? "", /177/);
  await page.screenshot({ path: `${SHOTS}/city.png` });
  assert.deepEqual(faults, []);
  await close();
});

test(
  "a clicked station shows its catchment and the trades within a kilometre",
  { skip },
  async () => {
    const station = await someStation();
    const { page, faults, close } = await open(`/${station.hash}`);
    await page.mouse.click(640, 400);
    await page.waitForSelector(".station .bar");
    assert.match((await page.textContent(".station h2")) ?? "", new RegExp(station.code));
    assert.deepEqual(
      await page
        .locator(".bar")
        .evaluateAll((bars) => bars.map((bar) => bar.getAttribute("data-trade"))),
      ["sanitation", "municipal", "greening", "traffic_police", "volunteer"],
    );
    assert.equal(await page.getAttribute('[data-area="1000"]', "aria-pressed"), "true");
    await page.screenshot({ path: `${SHOTS}/station.png` });

    const asked = page.waitForRequest(/members_within.*radius_m=500/);
    await page.click('[data-area="500"]');
    await asked;
    await page.keyboard.press("Escape");
    assert.ok(await page.locator(".station").isHidden(), "Escape closes the card");
    assert.deepEqual(faults, []);
    await close();
  },
);

test("the English page is in English, units included", { skip }, async () => {
  const station = await someStation();
  const { page, faults, close } = await open(`/?lang=en${station.hash}`);
  await page.waitForSelector(".progress .stack");
  assert.match((await page.textContent(".maplibregl-ctrl-scale")) ?? "", /^\d+ k?m$/);
  await page.mouse.click(640, 400);
  await page.waitForSelector(".station .bar");
  const unlabelled = /[\u4e00-\u9fff]/;
  for (const part of ["h3", ".segmented", ".members", "dt"]) {
    const texts = await page.locator(`.station ${part}`).allTextContents();
    assert.ok(texts.length > 0, part);
    assert.doesNotMatch(texts.join(" "), unlabelled, part);
  }
  await page.screenshot({ path: `${SHOTS}/english.png` });
  assert.deepEqual(faults, []);
  await close();
});

test("an error is shown in the language of the page", { skip }, async () => {
  const station = await someStation();
  const { page, close } = await open(`/${station.hash}`);
  const languages: (string | undefined)[] = [];
  await page.route("**/ask/members_within*", (route) => {
    languages.push(route.request().headers()["accept-language"]);
    const label = { zh: "位置未确认", en: "place not confirmed" };
    return route.fulfill({
      status: 409,
      json: { error: { kind: "conflict", message: label.en, label } },
    });
  });
  await page.mouse.click(640, 400);
  await page.waitForSelector(".station .failure");
  assert.equal(await page.textContent(".station .failure"), "位置未确认");
  await page.click(".language");
  assert.equal(await page.textContent(".station .failure"), "place not confirmed");
  assert.deepEqual(languages, ["zh-CN"]);
  await close();
});

/** Where a cell of ten manholes or more is that no other comes near, and its counts. */
async function someCell(z: number, x: number, y: number) {
  const answer = await fetch(new URL(`/tiles/manhole/${z}/${x}/${y}.mvt`, url));
  const layer = new VectorTile(new PbfReader(await answer.arrayBuffer())).layers["manhole"];
  assert.ok(layer, "the sample city has manholes");
  const cells = Array.from({ length: layer.length }, (_, i) => {
    const { properties, geometry } = layer.feature(i).toGeoJSON(x, y, z);
    assert.equal(geometry.type, "Point");
    return { properties, at: (geometry as GeoJSON.Point).coordinates as [number, number] };
  });
  const room = (cell: (typeof cells)[number]) =>
    Math.min(
      ...cells
        .filter((other) => other !== cell)
        .map((other) => Math.hypot(other.at[0] - cell.at[0], other.at[1] - cell.at[1])),
    );
  const [loneliest] = cells
    .filter(({ properties }) => Number(properties?.["count"]) > 9)
    .sort((a, b) => room(b) - room(a));
  assert.ok(loneliest, "no cell of ten manholes");
  const { properties, at } = loneliest;
  return { properties, hash: `#map=${z}/${at[1]}/${at[0]}` };
}

test("a clicked cell lists its points by category", { skip }, async () => {
  const { properties, hash } = await someCell(12, 3328, 1649);
  const { page, faults, close } = await open(`/?lang=en${hash}`);
  await toggle(page, "manhole");
  await page.mouse.click(640, 400);
  const cell = page.locator(".feature", { has: page.locator(".shares") });
  await cell.waitFor();
  assert.match(
    (await cell.locator("h3").textContent()) ?? "",
    new RegExp(`^${properties?.["count"]} `),
  );
  const counts = (await cell.locator("dd").allTextContents()).map(Number);
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.equal(total, properties?.["count"], "the categories add up to the cell");
  await page.screenshot({ path: `${SHOTS}/cell.png` });
  await cell.locator(".closer").click();
  await page.waitForURL(/#map=14/);
  assert.deepEqual(faults, []);
  await close();
});

test("the language is switched, remembered, and overridden by the address", { skip }, async () => {
  const { page, close } = await open("/");
  assert.match(await page.title(), /南阳/);
  await page.click(".language");
  assert.match(await page.title(), /Nanyang/);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.reload();
  await idle(page);
  assert.match(await page.title(), /Nanyang/);
  await page.goto(new URL("/?lang=zh", url).href);
  await idle(page);
  assert.match(await page.title(), /南阳/);
  await close();
});

test(
  "an edit in psql redraws the tiles it touches and no others",
  { skip: url && dsn ? false : "YIZHAN_URL or YIZHAN_DSN is not set" },
  async () => {
    const station = await someStation();
    const { page, close } = await open(`/${station.hash}`);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    rename(station.code, `${station.name}改`);
    try {
      await page.waitForRequest(/\/tiles\/station\//);
      await page.waitForSelector(".notices.on");
      await page.screenshot({ path: `${SHOTS}/live.png` });
    } finally {
      rename(station.code, station.name);
    }
    const others = asked.filter((path) => /^\/tiles\/(?!station\/)/.test(path));
    assert.deepEqual(others, [], "tiles of other layers are left alone");
    await close();
  },
);

function rename(code: string, name: string): void {
  const statement = "update city.station set name = :'name' where code = :'code'";
  execFileSync("psql", [dsn ?? "", "-qX", "-v", `code=${code}`, "-v", `name=${name}`], {
    input: statement,
  });
}

test("a layer that is switched off asks for no more tiles, and stays off", { skip }, async () => {
  const { page, close } = await open("/#map=13/33/112.53");
  await page.click('[data-layer="green_plot"] .switch');
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(new URL("/#map=13/33.02/112.56", url).href);
  await page.reload();
  await idle(page);
  assert.ok(
    asked.some((address) => address.includes("/tiles/road/")),
    "the map did move",
  );
  assert.deepEqual(
    asked.filter((address) => address.includes("/tiles/green_plot/")),
    [],
  );
  await close();
});

test("markup in the catalogue is shown as text", { skip }, async () => {
  assert.ok(browser && url);
  const page = await browser.newPage();
  await page.route("**/layers", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { layers: { title: { zh: string; en: string } }[] };
    const title = "<img src=x onerror=\"document.title='broken'\">";
    for (const layer of body.layers) layer.title = { zh: title, en: title };
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(url);
  await idle(page);
  assert.match((await page.textContent(".layer .name")) ?? "", /<img src=x/);
  assert.equal(await page.locator("#app img").count(), 0);
  assert.doesNotMatch(await page.title(), /broken/);
  await page.close();
});

test("a phone has room for the map and the card", { skip }, async () => {
  const station = await someStation();
  const { page, faults, close } = await open(`/${station.hash}`, { width: 390, height: 780 });
  await page.mouse.click(195, 390);
  await page.waitForSelector(".station .bar");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.screenshot({ path: `${SHOTS}/phone.png` });
  assert.deepEqual(faults, []);
  await close();
});

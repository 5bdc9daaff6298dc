import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";

import { LiveFeed, type EventStream } from "../src/live.ts";

class FakeStream implements EventStream {
  readyState = 1;
  private readonly listeners = new Map<string, (event: { data?: unknown }) => void>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }

  send(type: string, data?: unknown): void {
    this.listeners.get(type)?.({ data: typeof data === "string" ? data : JSON.stringify(data) });
  }

  close(): void {
    this.readyState = 2;
  }
}

function feed(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const log: string[] = [];
  const streams: FakeStream[] = [];
  const live = new LiveFeed(
    {
      change: (changes) =>
        log.push(...changes.map(({ layer, bounds }) => `${layer} ${bounds.length}`)),
      catalog: () => log.push("catalog"),
      missed: () => log.push("missed"),
      connected: (yes) => log.push(yes ? "up" : "down"),
    },
    () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
  );
  live.start();
  return { log, streams, timers: t.mock.timers };
}

test("a change names its layers and bounds", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("hello", { version: "1" });
  streams[0]!.send("change", {
    version: "2",
    layers: [{ layer: "manhole", bounds: [[1, 2, 3, 4]] }, { layer: "road" }],
  });
  assert.deepEqual(log, ["up", "manhole 1", "road 0"]);
});

test("the same version after a break means nothing was missed", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("hello", { version: "1" });
  streams[0]!.send("change", { version: "2", layers: [{ layer: "road", bounds: [] }] });
  streams[0]!.send("error");
  streams[0]!.send("hello", { version: "2" });
  assert.deepEqual(log, ["up", "road 0", "down", "up"]);
});

test("another version after a break means changes were missed", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("hello", { version: "1" });
  streams[0]!.send("error");
  streams[0]!.send("hello", { version: "7" });
  assert.deepEqual(log, ["up", "down", "up", "missed"]);
});

test("a server that resumes sends what was missed, and nothing is reloaded", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("hello", { version: "1" });
  streams[0]!.send("error");
  streams[0]!.send("change", { version: "7", layers: [{ layer: "road", bounds: [[1, 2, 3, 4]] }] });
  streams[0]!.send("hello", { version: "8", resumed: true });
  assert.deepEqual(log, ["up", "down", "road 1", "up"]);
});

test("a new catalogue may come with changed ground", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("catalog", { version: "2", layers: [{ layer: "road", bounds: [] }] });
  streams[0]!.send("catalog", { version: "3", layers: [] });
  assert.deepEqual(log, ["catalog", "road 0", "catalog"]);
});

test("a stream that the browser gave up is opened again, later each time", (t) => {
  const { streams, timers } = feed(t);
  for (const [opened, wait] of [
    [1, 1000],
    [2, 2000],
    [3, 4000],
  ] as const) {
    const stream = streams[opened - 1]!;
    stream.close();
    stream.send("error");
    timers.tick(wait - 1);
    assert.equal(streams.length, opened, `before ${wait} ms`);
    timers.tick(1);
    assert.equal(streams.length, opened + 1, `after ${wait} ms`);
  }
});

test("invalid JSON changes nothing", (t) => {
  const { log, streams } = feed(t);
  streams[0]!.send("change", "{broken");
  streams[0]!.send("change", { layers: "none" });
  assert.deepEqual(log, []);
});

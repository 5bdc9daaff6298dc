/** The feed of changes: connects, reconnects and detects missed changes. */

import type { Bounds } from "./catalog.ts";

export interface Change {
  layer: string;
  bounds: Bounds[];
}

export interface LiveHandlers {
  /** Rows of these layers changed. */
  change(changes: Change[]): void;
  /** Layers were added, removed or changed. */
  catalog(): void;
  /** Changes may have been missed while the connection was down. */
  missed(): void;
  connected(yes: boolean): void;
}

/** The part of EventSource that the feed uses. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

const CLOSED = 2;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

export class LiveFeed {
  private stream: EventStream | undefined;
  private version: string | undefined;
  private wait = FIRST_WAIT;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly handlers: LiveHandlers,
    private readonly open: () => EventStream,
  ) {}

  start(): void {
    const stream = this.open();
    this.stream = stream;
    stream.addEventListener("hello", (event) => this.hello(event.data));
    stream.addEventListener("change", (event) => this.changed(event.data));
    stream.addEventListener("catalog", (event) => {
      this.handlers.catalog();
      this.changed(event.data);
    });
    stream.addEventListener("error", () => this.broken(stream));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stream?.close();
  }

  /** A server that resumes has already sent the events missed since the last one. */
  private hello(data: unknown): void {
    this.wait = FIRST_WAIT;
    this.handlers.connected(true);
    const known = this.version;
    this.version = versionOf(data);
    const resumed = parse(data)["resumed"] === true;
    if (known !== undefined && known !== this.version && !resumed) this.handlers.missed();
  }

  private changed(data: unknown): void {
    const body = parse(data);
    this.version = versionOf(data) ?? this.version;
    const layers = Array.isArray(body["layers"]) ? (body["layers"] as Partial<Change>[]) : [];
    const changes = layers.flatMap(({ layer, bounds }) =>
      typeof layer === "string" ? [{ layer, bounds: bounds ?? [] }] : [],
    );
    if (changes.length > 0) this.handlers.change(changes);
  }

  /** Reopens a stream that the browser has given up; others it reconnects by itself. */
  private broken(stream: EventStream): void {
    this.handlers.connected(false);
    if (stream.readyState !== CLOSED) return;
    stream.close();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}

function versionOf(data: unknown): string | undefined {
  const version = parse(data)["version"];
  return version === undefined || version === null ? undefined : String(version);
}

function parse(data: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

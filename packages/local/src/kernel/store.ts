import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * Where the engine keeps its state. On disk it is one SQLite file in WAL mode: what a transaction has
 * written survives `kill -9` (and, at `synchronous=FULL`, a power cut). In memory it is maps.
 *
 * Values are plain JSON. A value that was read must not be changed in place without being `set` again.
 */
export interface EngineStore {
  /** A keyed table, held in memory and written through. For state that is live: rules, alarms, timers. */
  table<T>(name: string): Table<T>;
  /** A keyed table that stays on disk. For what piles up: finished executions. */
  archive<T>(name: string): Archive<T>;
  /** Numbered records under a key, in order: the history of an execution. */
  log<T>(name: string): Log<T>;
  /** All or nothing. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface Table<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  entries(): [string, T][];
  readonly size: number;
}

export interface Archive<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  /** Keys in order, those after `after`, at most `limit`. */
  page(options: { prefix?: string; after?: string; limit: number }): [string, T][];
  count(): number;
}

export interface Log<T> {
  append(key: string, value: T): number;
  /** Records from the 1-based position `from`, at most `limit`; newest first where `reverse`. */
  read(key: string, options?: { from?: number; limit?: number; reverse?: boolean }): T[];
  length(key: string): number;
  delete(key: string): void;
}

export function openStore(file: string): EngineStore {
  mkdirSync(dirname(file), { recursive: true });
  return new SqliteStore(new DatabaseSync(file));
}

export function memoryStore(): EngineStore {
  return new MemoryStore();
}

class MemoryStore implements EngineStore {
  #tables = new Map<string, MemoryTable<unknown>>();
  #logs = new Map<string, MemoryLog<unknown>>();

  table<T>(name: string): Table<T> {
    return named(this.#tables, `table/${name}`, () => new MemoryTable<unknown>()) as MemoryTable<T>;
  }

  archive<T>(name: string): Archive<T> {
    return named(this.#tables, `archive/${name}`, () => new MemoryTable<unknown>()) as MemoryTable<T>;
  }

  log<T>(name: string): Log<T> {
    return named(this.#logs, name, () => new MemoryLog<unknown>()) as MemoryLog<T>;
  }

  transaction<T>(work: () => T): T {
    return work();
  }

  close(): void {}
}

class MemoryTable<T> implements Table<T>, Archive<T> {
  #map = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: T): void {
    this.#map.set(key, value);
  }

  delete(key: string): void {
    this.#map.delete(key);
  }

  entries(): [string, T][] {
    return [...this.#map];
  }

  get size(): number {
    return this.#map.size;
  }

  count(): number {
    return this.#map.size;
  }

  page(options: { prefix?: string; after?: string; limit: number }): [string, T][] {
    const { prefix = "", after = "", limit } = options;
    return [...this.#map]
      .filter(([key]) => key.startsWith(prefix) && key > after)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit);
  }
}

class MemoryLog<T> implements Log<T> {
  #records = new Map<string, T[]>();

  append(key: string, value: T): number {
    return named(this.#records, key, () => []).push(value);
  }

  read(key: string, options: { from?: number; limit?: number; reverse?: boolean } = {}): T[] {
    const all = this.#records.get(key) ?? [];
    const ordered = options.reverse ? [...all].reverse() : all;
    const start = (options.from ?? 1) - 1;
    return ordered.slice(start, start + (options.limit ?? Number.POSITIVE_INFINITY));
  }

  length(key: string): number {
    return this.#records.get(key)?.length ?? 0;
  }

  delete(key: string): void {
    this.#records.delete(key);
  }
}

class SqliteStore implements EngineStore {
  #db: DatabaseSync;
  #tables = new Map<string, SqliteTable<unknown>>();
  #depth = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000");
    db.exec(
      "CREATE TABLE IF NOT EXISTS kv (tab TEXT, key TEXT, value TEXT, PRIMARY KEY (tab, key)) WITHOUT ROWID",
    );
    db.exec(
      "CREATE TABLE IF NOT EXISTS log (tab TEXT, key TEXT, pos INTEGER, value TEXT, PRIMARY KEY (tab, key, pos)) WITHOUT ROWID",
    );
  }

  table<T>(name: string): Table<T> {
    return named(this.#tables, name, () => new SqliteTable<unknown>(this.#db, name)) as SqliteTable<T>;
  }

  archive<T>(name: string): Archive<T> {
    return new SqliteArchive<T>(this.#db, `archive/${name}`);
  }

  log<T>(name: string): Log<T> {
    return new SqliteLog<T>(this.#db, name);
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#db.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      // What the tables hold in memory may now be ahead of the disk: only what was written counts.
      for (const table of this.#tables.values()) table.reload();
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.#db.close();
  }
}

class SqliteTable<T> implements Table<T> {
  #map = new Map<string, T>();
  #name: string;
  #all: StatementSync;
  #put: StatementSync;
  #remove: StatementSync;

  constructor(db: DatabaseSync, name: string) {
    this.#name = name;
    this.#all = db.prepare("SELECT key, value FROM kv WHERE tab = ? ORDER BY key");
    this.#put = db.prepare("INSERT OR REPLACE INTO kv (tab, key, value) VALUES (?, ?, ?)");
    this.#remove = db.prepare("DELETE FROM kv WHERE tab = ? AND key = ?");
    this.reload();
  }

  reload(): void {
    this.#map = new Map(
      this.#all.all(this.#name).map((row) => [String(row.key), JSON.parse(String(row.value))]),
    );
  }

  get(key: string): T | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: T): void {
    this.#put.run(this.#name, key, JSON.stringify(value));
    this.#map.set(key, value);
  }

  delete(key: string): void {
    this.#remove.run(this.#name, key);
    this.#map.delete(key);
  }

  entries(): [string, T][] {
    return [...this.#map];
  }

  get size(): number {
    return this.#map.size;
  }
}

class SqliteArchive<T> implements Archive<T> {
  #name: string;
  #db: DatabaseSync;
  #one: StatementSync;
  #put: StatementSync;
  #remove: StatementSync;
  #page: StatementSync;

  constructor(db: DatabaseSync, name: string) {
    this.#db = db;
    this.#name = name;
    this.#one = db.prepare("SELECT value FROM kv WHERE tab = ? AND key = ?");
    this.#put = db.prepare("INSERT OR REPLACE INTO kv (tab, key, value) VALUES (?, ?, ?)");
    this.#remove = db.prepare("DELETE FROM kv WHERE tab = ? AND key = ?");
    this.#page = db.prepare(
      "SELECT key, value FROM kv WHERE tab = ? AND key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ?",
    );
  }

  get(key: string): T | undefined {
    const row = this.#one.get(this.#name, key);
    return row === undefined ? undefined : (JSON.parse(String(row.value)) as T);
  }

  set(key: string, value: T): void {
    this.#put.run(this.#name, key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.#remove.run(this.#name, key);
  }

  page(options: { prefix?: string; after?: string; limit: number }): [string, T][] {
    const { prefix = "", after = "", limit } = options;
    const rows = this.#page.all(this.#name, after, prefix, prefix, limit);
    return rows.map((row) => [String(row.key), JSON.parse(String(row.value)) as T]);
  }

  count(): number {
    const row = this.#db.prepare("SELECT count(*) AS n FROM kv WHERE tab = ?").get(this.#name);
    return Number(row?.n ?? 0);
  }
}

class SqliteLog<T> implements Log<T> {
  #name: string;
  #insert: StatementSync;
  #length: StatementSync;
  #up: StatementSync;
  #down: StatementSync;
  #remove: StatementSync;

  constructor(db: DatabaseSync, name: string) {
    this.#name = name;
    this.#insert = db.prepare("INSERT INTO log (tab, key, pos, value) VALUES (?, ?, ?, ?)");
    this.#length = db.prepare("SELECT coalesce(max(pos), 0) AS n FROM log WHERE tab = ? AND key = ?");
    this.#up = db.prepare("SELECT value FROM log WHERE tab = ? AND key = ? ORDER BY pos LIMIT ? OFFSET ?");
    this.#down = db.prepare(
      "SELECT value FROM log WHERE tab = ? AND key = ? ORDER BY pos DESC LIMIT ? OFFSET ?",
    );
    this.#remove = db.prepare("DELETE FROM log WHERE tab = ? AND key = ?");
  }

  append(key: string, value: T): number {
    const position = this.length(key) + 1;
    this.#insert.run(this.#name, key, position, JSON.stringify(value));
    return position;
  }

  read(key: string, options: { from?: number; limit?: number; reverse?: boolean } = {}): T[] {
    const statement = options.reverse ? this.#down : this.#up;
    const rows = statement.all(this.#name, key, options.limit ?? -1, (options.from ?? 1) - 1);
    return rows.map((row) => JSON.parse(String(row.value)) as T);
  }

  length(key: string): number {
    return Number(this.#length.get(this.#name, key)?.n ?? 0);
  }

  delete(key: string): void {
    this.#remove.run(this.#name, key);
  }
}

function named<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

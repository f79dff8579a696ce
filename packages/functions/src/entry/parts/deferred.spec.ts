import { describe, expect, it } from "vitest";
import { deferred } from "./deferred.ts";

class Store {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async get(key: string): Promise<string> {
    return `${this.#name}:${key}`;
  }

  async fail(): Promise<never> {
    throw new Error("it fails");
  }

  close(): void {}
}

describe("what is loaded when it is used", () => {
  it("is not loaded before, and once, however many ask at the same time", async () => {
    let loads = 0;
    const store = deferred<Store, "get" | "fail">(async () => {
      loads += 1;
      return new Store("s");
    }, ["get", "fail"]);
    expect(loads).toBe(0);
    expect(await Promise.all([store.get("a"), store.get("b")])).toEqual(["s:a", "s:b"]);
    await expect(store.fail()).rejects.toThrow("it fails");
    expect(loads).toBe(1);
  });

  it("is tried again when it could not be", async () => {
    let loads = 0;
    const store = deferred<Store, "get">(async () => {
      loads += 1;
      if (loads === 1) throw new Error("not yet");
      return new Store("s");
    }, ["get"]);
    await expect(store.get("a")).rejects.toThrow("not yet");
    expect(await store.get("a")).toBe("s:a");
  });
});

import { mkdirSync, rmSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The bytes of versions, each under its version's id. */
export interface Blobs {
  /** Kept, for good, when it resolves. */
  put(id: string, body: Uint8Array): Promise<void>;
  get(id: string): Promise<Uint8Array>;
  delete(id: string): Promise<void>;
}

export function memoryBlobs(): Blobs {
  const blobs = new Map<string, Uint8Array>();
  return {
    put: async (id, body) => void blobs.set(id, body.slice()),
    get: async (id) => blobs.get(id) ?? missing(id),
    delete: async (id) => void blobs.delete(id),
  };
}

/**
 * A file a version. It is written beside its place, put on disk, and only then moved there, so that a file
 * that is there is whole, whenever the machine stopped. What was begun and not finished goes at the next start.
 */
export function fileBlobs(directory: string): Blobs {
  const begun = join(directory, "begun");
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun, { recursive: true });
  const place = (id: string) => join(directory, id.slice(0, 2), id);
  return {
    async put(id, body) {
      const temporary = join(begun, id);
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(body);
        await file.sync();
      } finally {
        await file.close();
      }
      const to = place(id);
      await mkdir(dirname(to), { recursive: true });
      await rename(temporary, to);
      await syncDirectory(dirname(to));
      await syncDirectory(directory);
    },
    get: async (id) => new Uint8Array(await readFile(place(id))),
    delete: async (id) => await rm(place(id), { force: true }),
  };
}

/** A name in a directory is only kept once the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function missing(id: string): never {
  throw new Error(`the content of ${id} is not there`);
}

/** A leaf of an event. */
export type Scalar = string | number | boolean | null;

/**
 * In which arrays of the event a leaf lies, and in which element of each: pairs of array number and index.
 * Only arrays whose elements are objects or arrays count; the elements of a plain list are free.
 */
export type Membership = readonly number[];

export interface Field {
  readonly value: Scalar;
  readonly membership: Membership;
}

/** All leaves of an event by their path, its steps joined with dots (so `{"a.b":1}` and `{"a":{"b":1}}` agree). */
export type Fields = ReadonlyMap<string, readonly Field[]>;

const nowhere: Membership = [];

export function flatten(event: object): Fields {
  const fields = new Map<string, Field[]>();
  let arrays = 0;

  function object(node: object, prefix: string, membership: Membership): void {
    for (const [name, value] of Object.entries(node)) any(value, prefix + name, membership);
  }

  function any(value: unknown, path: string, membership: Membership): void {
    if (Array.isArray(value)) array(value, path, membership);
    else if (typeof value === "object" && value !== null) object(value, `${path}.`, membership);
    else leaf(value as Scalar, path, membership);
  }

  function array(elements: readonly unknown[], path: string, membership: Membership): void {
    const id = arrays++;
    elements.forEach((element, index) => {
      const nested = typeof element === "object" && element !== null;
      any(element, path, nested ? [...membership, id, index] : membership);
    });
  }

  function leaf(value: Scalar, path: string, membership: Membership): void {
    const known = fields.get(path);
    if (known === undefined) fields.set(path, [{ value, membership }]);
    else known.push({ value, membership });
  }

  object(event, "", nowhere);
  return fields;
}

/**
 * The two memberships together, or undefined where they lie in different elements of one array: the fields of
 * one match must come from the same element.
 */
export function together(sofar: Membership, more: Membership): Membership | undefined {
  let merged = sofar;
  for (let at = 0; at < more.length; at += 2) {
    const [array = -1, index = -1] = [more[at], more[at + 1]];
    const known = indexIn(sofar, array);
    if (known === undefined) merged = [...merged, array, index];
    else if (known !== index) return undefined;
  }
  return merged;
}

function indexIn(membership: Membership, array: number): number | undefined {
  for (let at = 0; at < membership.length; at += 2) if (membership[at] === array) return membership[at + 1];
  return undefined;
}

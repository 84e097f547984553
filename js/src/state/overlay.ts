/** Changes that lie over the map below, until they are so many that a new one is made of both. */
const MOST = 64;

/**
 * A map with one entry changed, without a copy of all the others: of thousands of rooms one changes at a time, and many
 * times a second. What one holds stays as it was.
 */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  if (map.size <= MOST) return new Map(map).set(key, value);
  const below = map instanceof Overlay ? map.below : map;
  const changes = map instanceof Overlay ? map.changes : new Map<K, V>();
  if (changes.size >= MOST && !changes.has(key)) return new Map(map).set(key, value);
  return new Overlay<K, V>(below, new Map(changes).set(key, value));
}

class Overlay<K, V> implements ReadonlyMap<K, V> {
  readonly size: number;

  constructor(
    readonly below: ReadonlyMap<K, V>,
    readonly changes: ReadonlyMap<K, V>,
  ) {
    let size = below.size;
    for (const key of changes.keys()) if (!below.has(key)) size += 1;
    this.size = size;
  }

  get(key: K): V | undefined {
    return this.changes.get(key) ?? this.below.get(key);
  }

  has(key: K): boolean {
    return this.changes.has(key) || this.below.has(key);
  }

  forEach(call: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) call(value, key, this);
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.below) yield [key, this.changes.get(key) ?? value];
    for (const entry of this.changes) if (!this.below.has(entry[0])) yield entry;
  }

  *keys(): MapIterator<K> {
    for (const [key] of this) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}
